import { useCallback, useMemo } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoomChange } from '#dashboard/web/live/live-context.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { isPartOfAll, narrow, toSearch, type Filter } from './filters.ts';
import { fetchLines } from './work-api.ts';

const ALL: Filter = { kinds: [], floor: undefined };

export interface WorkAnswer {
  readonly list: WorkLines | undefined;
  /** When the list came, by this device's clock. */
  readonly atMs: number;
  /** The list is not the server's answer to this filter: cut from the whole one while the answer is missing. */
  readonly isCut: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/**
 * The lines of a filter in walking order. The whole list is fetched too: it is what the device keeps, so that any filter
 * can be chosen where there is no line.
 */
export function useWorkLines(filter: Filter, plan: PlanIndex | undefined): WorkAnswer {
  const { library } = useSession();
  const client = useQueryClient();
  const isAll = filter.kinds.length === 0 && filter.floor === undefined;
  const all = useQuery({ queryKey: keyOf(library, ALL), queryFn: ({ signal }) => fetchLines(library, ALL, signal) });
  const mine = useQuery({
    queryKey: keyOf(library, filter),
    queryFn: ({ signal }) => fetchLines(library, filter, signal),
    enabled: !isAll,
  });
  useRoomChange(
    useMemo(() => ({ kind: 'work-list', library }) as const, [library]),
    useCallback(() => void client.invalidateQueries({ queryKey: ['work-list', library] }), [client, library]),
  );

  const whole = all.data;
  const cut = useMemo(
    () => (whole !== undefined && isPartOfAll(filter) ? narrow(whole, filter, plan) : undefined),
    [whole, filter, plan],
  );
  const answer = isAll ? all : mine;
  // The whole list may be newer than an answer of before the line was cut.
  const isOwn = answer.data !== undefined && answer.dataUpdatedAt + STALE_MS >= all.dataUpdatedAt;
  const list = isOwn ? answer.data : (cut ?? answer.data);
  return {
    list,
    atMs: isOwn || cut === undefined ? answer.dataUpdatedAt : all.dataUpdatedAt,
    isCut: !isOwn && cut !== undefined,
    error: answer.error,
    retry: () => {
      void all.refetch();
      if (!isAll) void mine.refetch();
    },
  };
}

const STALE_MS = 30_000;

function keyOf(library: string, filter: Filter): readonly [string, string, string] {
  return ['work-list', library, new URLSearchParams(toSearch(filter)).toString()];
}
