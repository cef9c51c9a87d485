import type { ReactElement } from 'react';
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { HomeShifts } from '#contract/wire/rest-home-shift.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { FailureNote } from '#dashboard/web/ui/states.tsx';
import { useToast } from '#dashboard/web/ui/toasts.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';

const REFETCH_MS = 30_000;

interface Props {
  readonly plan: PlanIndex;
  readonly floor: string | undefined;
}

interface Answer {
  readonly id: string;
  readonly answer: 'accept' | 'reject';
}

/** A whole run of books stands some shelves on: one question instead of hundreds of lines. It needs the line to answer. */
export function HomeShiftQuestions({ plan, floor }: Props): ReactElement | null {
  const { t } = useWords();
  const { library, session } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const { data } = useQuery({
    queryKey: ['home-shifts', library],
    queryFn: ({ signal }) => getJson<HomeShifts>(paths.homeShifts(library), signal),
    refetchInterval: REFETCH_MS,
    enabled: session.role !== 'facilities',
  });
  const { mutate, isPending, error, variables, isSuccess } = useMutation({
    mutationFn: ({ id, answer }: Answer) =>
      sendJson(paths.homeShift(library, id), { method: 'POST', csrfToken: session.csrfToken, body: { answer } }),
    onSuccess: (_reply, { answer }) => {
      toast(t(`shiftSent.${answer}`));
      if (answer === 'accept') void client.invalidateQueries({ queryKey: ['plan', library] });
    },
    onError: (failure) => {
      if (failure instanceof ProblemError && failure.status === 409) {
        void client.invalidateQueries({ queryKey: ['home-shifts', library] });
      }
    },
  });
  // What was answered goes at once: the engine takes it off the list a moment later.
  const rows = (data?.rows ?? []).filter(
    ({ id, shelves: [first = ''] }) =>
      (floor === undefined || plan.ancestor(first, 'floor')?.id === floor) && !(isSuccess && variables.id === id),
  );
  if (rows.length === 0) return null;
  return (
    <section className="home-shifts" aria-label={t('kind.home-shift')}>
      {rows.map(({ id, shelves, standOn, offset, items, shifted }) => {
        const name = placeText(plan, shelves[0] ?? '', t);
        return (
          <article key={id} className="card home-shift">
            <h2>{t(offset > 0 ? 'shift.on' : 'shift.back', { count: Math.abs(offset) })}</h2>
            <p>
              {t('shift.what', {
                shelves: shelves.length,
                from: name,
                to: placeText(plan, standOn[0] ?? '', t),
                shifted,
                items,
              })}
            </p>
            <div className="home-shift-tools">
              <Button
                disabled={isPending}
                aria-label={t('shift.acceptOf', { name })}
                onClick={() => {
                  mutate({ id, answer: 'accept' });
                }}
              >
                {t('shift.accept')}
              </Button>
              <Button
                variant="default"
                disabled={isPending}
                aria-label={t('shift.rejectOf', { name })}
                onClick={() => {
                  mutate({ id, answer: 'reject' });
                }}
              >
                {t('shift.reject')}
              </Button>
            </div>
            {error !== null && variables.id === id && <FailureNote error={error} />}
          </article>
        );
      })}
    </section>
  );
}
