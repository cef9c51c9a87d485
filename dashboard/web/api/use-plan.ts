import { useMemo } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Plan } from '#contract/domain/plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { getJson } from './http.ts';
import { paths } from './paths.ts';

/** Furniture moves seldom; a screen that stays open for days still learns of it. */
const PLAN_AGE_MS = 300_000;

export interface PlanAnswer {
  readonly plan: PlanIndex | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

export function usePlan(): PlanAnswer {
  const { library } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['plan', library],
    queryFn: ({ signal }) => getJson<Plan>(paths.plan(library), signal),
    staleTime: PLAN_AGE_MS,
    refetchInterval: PLAN_AGE_MS,
  });
  const plan = useMemo(() => (data === undefined ? undefined : new PlanIndex(data)), [data]);
  return { plan, error: data === undefined ? error : null, retry: () => void refetch() };
}
