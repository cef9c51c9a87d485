import { useCallback, useMemo, type ReactElement } from 'react';
import { Link, useSearch } from '@tanstack/react-router';
import type { WorkOutcome } from '#contract/domain/work-entry.ts';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useFreshness } from '#dashboard/web/live/freshness-note.tsx';
import { AllFloorTabs } from '#dashboard/web/map/floor-tabs.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useTickOffs } from '#dashboard/web/offline/outbox-context.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
import { PrintIcon } from '#dashboard/web/ui/icons.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useToast } from '#dashboard/web/ui/toasts.tsx';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { readFilter, toSearch, type Filter } from './filters.ts';
import { groupLines, lineKey, type ShownLine } from './group-lines.ts';
import { HomeShiftQuestions } from './home-shifts.tsx';
import { KindChips } from './kind-chips.tsx';
import { ListNote } from './list-note.tsx';
import { isOpen, withGone, withWaiting } from './shown-lines.ts';
import { useGone } from './use-gone.ts';
import { useWorkLines } from './use-work-lines.ts';
import { WorkLineRow } from './work-line.tsx';
import './work-list.css';

export function WorkListScreen(): ReactElement {
  const { t } = useWords();
  const { library, session } = useSession();
  const { kind, floor } = useSearch({ strict: false });
  const filter = useMemo(
    () => readFilter({ ...(kind !== undefined && { kind }), ...(floor !== undefined && { floor }) }),
    [kind, floor],
  );
  const { plan, error: planError, retry: retryPlan } = usePlan();
  const { list, atMs, isCut, error, retry } = useWorkLines(filter, plan);
  const { waiting } = useTickOffs();
  const gone = useGone(isCut ? undefined : list?.rows, `${library} ${JSON.stringify(filter)}`, library);
  const rows = useMemo(() => withGone(withWaiting(list?.rows ?? [], waiting), gone), [list, waiting, gone]);
  const isSilent = useFreshness().state === 'silent';
  const isOffline = isSilent || session.keptAtMs !== undefined || (error instanceof ProblemError && error.status === 0);
  const failed = planError ?? (list === undefined ? error : null);
  return (
    <div className="work">
      <PageHead
        title={t('work.title')}
        summary={list && <span className="live">{summaryText(rows, list, t)}</span>}
        tools={<Tools filter={filter} isOffline={isOffline} hasGates={plan?.hasGates === true} />}
      />
      <ListNote isOffline={isOffline} asOf={list === undefined ? null : (list.asOf ?? new Date(atMs).toISOString())} />
      {list !== undefined && <KindChips counts={list.counts} filter={filter} />}
      {plan !== undefined && plan.floors.length > 1 && <Floors plan={plan} filter={filter} />}
      {failed !== null && (
        <FailureNote
          error={failed}
          onRetry={() => {
            retryPlan();
            retry();
          }}
        />
      )}
      {failed === null && (list === undefined || plan === undefined) && <PageSkeleton lines={8} />}
      {plan !== undefined && !isOffline && <HomeShiftQuestions plan={plan} floor={filter.floor} />}
      {list !== undefined && plan !== undefined && <Lines rows={rows} plan={plan} />}
      {typeof list?.next === 'string' && <p className="muted">{t('work.more', { count: list.rows.length })}</p>}
      {list !== undefined && <PrintFoot asOf={list.asOf ?? new Date(atMs).toISOString()} />}
    </div>
  );
}

interface ToolsProps {
  readonly filter: Filter;
  readonly isOffline: boolean;
  readonly hasGates: boolean;
}

function Tools({ filter, isOffline, hasGates }: ToolsProps): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  return (
    <>
      {hasGates && (
        <Link to="/gates" className="tool">
          {t('gates.title')}
        </Link>
      )}
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
      {!isOffline && <CsvLink path={paths.work(library, filter, { limit: CSV_PAGE_LINES })} />}
    </>
  );
}

/** Every page of the table is sorted anew: few pages come sooner. */
const CSV_PAGE_LINES = 1000;

function Floors({ plan, filter }: { readonly plan: PlanIndex; readonly filter: Filter }): ReactElement {
  const { kinds, floor } = filter;
  return (
    <AllFloorTabs
      plan={plan}
      link={(id, words) => (
        <Link
          key={id ?? 'all'}
          to="/work-list"
          search={toSearch({ kinds, floor: id })}
          activeOptions={EXACT}
          aria-current={floor === id ? 'page' : undefined}
        >
          {words}
        </Link>
      )}
    />
  );
}

function summaryText(
  rows: readonly ShownLine[],
  list: WorkLines,
  t: (key: string, values?: Record<string, number>) => string,
): string {
  const open = rows.filter(isOpen).length;
  if (open === 0) return t('work.none');
  const metres = Math.round(list.walkMetres);
  return metres === 0 ? t('work.count', { count: open }) : t('work.countWalk', { count: open, metres });
}

interface LinesProps {
  readonly rows: readonly ShownLine[];
  readonly plan: PlanIndex;
}

function Lines({ rows, plan }: LinesProps): ReactElement {
  const { t } = useWords();
  const tick = useTick();
  const groups = useMemo(() => groupLines(rows, plan), [rows, plan]);
  const showsKind = useMemo(() => new Set(rows.map(({ kind }) => kind)).size > 1, [rows]);
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
        <section key={`${group.place ?? ''} ${index}`} className="work-group">
          <h2>{group.place === null ? t('work.noPlace') : placeText(plan, group.place, t)}</h2>
          <ul>
            {group.rows.map(({ line, step }) => (
              <WorkLineRow
                key={lineKey(line)}
                line={line}
                step={step}
                plan={plan}
                group={group.place}
                showsKind={showsKind}
                onTick={tick}
              />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** Writes down what was done; the outbox sees to it that the server hears of it once. */
function useTick(): (line: ShownLine, outcome: WorkOutcome) => void {
  const { t } = useWords();
  const { add } = useTickOffs();
  const toast = useToast();
  return useCallback(
    (line, outcome) => {
      const { kind, subject, place, item } = line;
      void add({ line: { kind, subject, place, outcome }, title: item.title }).then((isIn) => {
        if (!isIn) toast(t('offline.full'));
      });
    },
    [add, toast, t],
  );
}

/** Paper outlives the screen: it says when it was true. */
function PrintFoot({ asOf }: { readonly asOf: string }): ReactElement {
  const { t, language } = useWords();
  const { libraryName } = useSession();
  return (
    <p className="print-only">
      {libraryName} · {t('work.printedAsOf', { time: momentText(asOf, 0, language) })}
    </p>
  );
}
