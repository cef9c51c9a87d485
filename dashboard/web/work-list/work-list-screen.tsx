import { useCallback, useMemo, type ReactElement } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { WorkList } from '#contract/wire/rest.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoomChange } from '#dashboard/web/live/live-context.tsx';
import { FloorTabs } from '#dashboard/web/map/floor-tabs.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { PrintIcon } from '#dashboard/web/ui/icons.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton, failureText } from '#dashboard/web/ui/states.tsx';
import { useToast } from '#dashboard/web/ui/toasts.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { EntryLine } from './entry-line.tsx';
import { entryKey, groupEntries, type Entry } from './group-entries.ts';
import './work-list.css';

export function WorkListScreen(): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { floor } = useSearch({ strict: false });
  const client = useQueryClient();
  const { plan, error: planError, retry } = usePlan();
  const { data, error, refetch } = useQuery({
    queryKey: ['work-list', library, floor ?? ''],
    queryFn: ({ signal }) => getJson<WorkList>(paths.workList(library, floor), signal),
  });
  useRoomChange(
    useMemo(() => ({ kind: 'work-list', library }) as const, [library]),
    useCallback(() => void client.invalidateQueries({ queryKey: ['work-list', library] }), [client, library]),
  );
  const tick = useTickOff(library, floor ?? '');
  const failed = planError ?? (data === undefined ? error : null);
  const open = data?.rows.filter((entry) => entry.tickedOffAt === null).length ?? 0;
  return (
    <div className="work">
      <PageHead
        title={t('work.title')}
        summary={data && <span className="live">{summaryText(open, data, t)}</span>}
        tools={
          <>
            <button
              type="button"
              className="tool"
              onClick={() => {
                window.print();
              }}
            >
              <PrintIcon />
              {t('common.print')}
            </button>
            <CsvLink path={paths.workList(library, floor)} />
          </>
        }
      />
      {plan !== undefined && plan.floors.length > 1 && (
        <FloorTabs
          plan={plan}
          before={
            <Link
              to="/work-list"
              search={{}}
              activeOptions={EXACT}
              aria-current={floor === undefined ? 'page' : undefined}
            >
              {t('work.allFloors')}
            </Link>
          }
          link={(id, words) => (
            <Link
              key={id}
              to="/work-list"
              search={{ floor: id }}
              activeOptions={EXACT}
              aria-current={floor === id ? 'page' : undefined}
            >
              {words}
            </Link>
          )}
        />
      )}
      {failed !== null && (
        <FailureNote
          error={failed}
          onRetry={() => {
            retry();
            void refetch();
          }}
        />
      )}
      {failed === null && (data === undefined || plan === undefined) && <PageSkeleton lines={8} />}
      {data !== undefined && plan !== undefined && <Lines rows={data.rows} plan={plan} onTick={tick} />}
    </div>
  );
}

function summaryText(
  open: number,
  list: WorkList,
  t: (key: string, values?: Record<string, number>) => string,
): string {
  if (open === 0) return t('work.none');
  const metres = Math.round(list.walkMetres);
  return metres === 0 ? t('work.count', { count: open }) : t('work.countWalk', { count: open, metres });
}

interface LinesProps {
  readonly rows: readonly Entry[];
  readonly plan: PlanIndex;
  readonly onTick: (entry: Entry) => void;
}

function Lines({ rows, plan, onTick }: LinesProps): ReactElement {
  const { t } = useWords();
  const groups = useMemo(() => groupEntries(rows, plan), [rows, plan]);
  if (rows.length === 0) {
    return (
      <EmptyNote title={t('work.empty')}>
        <p className="muted">{t('work.emptyHint')}</p>
      </EmptyNote>
    );
  }
  return (
    <div className="work-groups">
      {groups.map((group, index) => (
        <section key={`${group.place} ${index}`} className="work-group">
          <h2>{placeText(plan, group.place, t)}</h2>
          <ul>
            {group.rows.map(({ entry, step }) => (
              <EntryLine
                key={entryKey(entry)}
                entry={entry}
                step={step}
                plan={plan}
                group={group.place}
                onTick={onTick}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Ticks a line at once and takes it back with a word if the server would not. */
function useTickOff(library: string, floor: string): (entry: Entry) => void {
  const { t } = useWords();
  const { session } = useSession();
  const client = useQueryClient();
  const toast = useToast();
  const key = ['work-list', library, floor];
  const setTicked = (entry: Entry, at: string | null): void => {
    client.setQueryData<WorkList>(key, (list) =>
      list === undefined
        ? list
        : {
            ...list,
            rows: list.rows.map((row) => (entryKey(row) === entryKey(entry) ? { ...row, tickedOffAt: at } : row)),
          },
    );
  };
  const { mutate } = useMutation({
    mutationFn: (entry: Entry) =>
      sendJson(paths.tickOff(library), {
        method: 'POST',
        csrfToken: session.csrfToken,
        body: { item: entry.item.barcode, place: entry.place },
      }),
    onMutate: async (entry) => {
      // An answer on its way would untick the line for a blink.
      await client.cancelQueries({ queryKey: key });
      setTicked(entry, new Date().toISOString());
    },
    onError: (error, entry) => {
      setTicked(entry, null);
      toast(t('work.notTicked', { title: entry.item.title, why: failureText(error, t) }));
    },
  });
  return mutate;
}
