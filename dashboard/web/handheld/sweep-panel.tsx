import type { ReactElement } from 'react';
import { Link, useSearch } from '@tanstack/react-router';
import type { SweepSummary } from '#contract/wire/rest-sweeps.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { FindingRow } from './finding-row.tsx';
import { MissingList } from './missing-list.tsx';
import { SweepProgressList } from './sweep-progress.tsx';
import type { SweepView } from './sweep-view.ts';
import { splitTicked, type Split } from './ticks.ts';
import { useTicks, type Ticked } from './use-ticks.ts';
import { useSweep } from './use-wand.ts';

/** More than anybody does on one round; what comes after moves up as these are done. */
const LINES_MAX = 100;
const PARTS = ['list', 'shelves', 'missing'] as const;

interface Props {
  readonly session: string;
  readonly plan: PlanIndex;
}

export function SweepPanel({ session, plan }: Props): ReactElement {
  const { view, missing, error, retry } = useSweep(session);
  const { part: wish } = useSearch({ strict: false });
  const ticks = useTicks(session);
  if (error !== null) return <FailureNote error={error} onRetry={retry} />;
  if (view === undefined) return <PageSkeleton />;
  const part = PARTS.find((each) => each === wish) ?? 'list';
  const split = splitTicked(view.findings, ticks.ticked);
  return (
    <section className="sweep">
      <SweepHead summary={view.summary} plan={plan} />
      <Parts part={part} view={view} open={split.open.length} />
      {part === 'list' && <Findings split={split} ticks={ticks} summary={view.summary} plan={plan} />}
      {part === 'shelves' && <SweepProgressList bays={view.bays} plan={plan} />}
      {part === 'missing' && <MissingList missing={missing} total={view.summary.notFound} plan={plan} />}
    </section>
  );
}

function SweepHead({ summary, plan }: { readonly summary: SweepSummary; readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  const { endedAt, places, target, read, expected, itemsRead, lastReadAt } = summary;
  const here = places.at(-1) ?? target;
  return (
    <div className="sweep-head live">
      <p className="sweep-state">
        <Badge meaning={endedAt === null ? 'fine' : 'unknown'}>
          {t(endedAt === null ? 'wand.running' : 'wand.ended')}
        </Badge>
        <AgeText at={lastReadAt} word="age.heard" />
      </p>
      {here !== null && <p className="sweep-place">{placeText(plan, here, t)}</p>}
      <dl className="sweep-counts">
        <div>
          <dt>{t('wand.booksHeard')}</dt>
          <dd>{itemsRead}</dd>
        </div>
        <div>
          <dt>{t('wand.ofExpected')}</dt>
          <dd>{t('wand.readOf', { read, expected })}</dd>
        </div>
        <div>
          <dt>{t('wand.inOrder')}</dt>
          <dd>{t('wand.readOf', { read: summary.kept, expected: summary.judged })}</dd>
        </div>
      </dl>
    </div>
  );
}

interface PartsProps {
  readonly part: (typeof PARTS)[number];
  readonly view: SweepView;
  readonly open: number;
}

function Parts({ part, view, open }: PartsProps): ReactElement {
  const { t } = useWords();
  const counts = { list: open, shelves: null, missing: view.summary.notFound };
  return (
    <nav className="tabs wand-parts" aria-label={t('wand.parts')}>
      {PARTS.map((each) => {
        const count = counts[each];
        return (
          <Link
            key={each}
            to="/wand"
            search={(before) => ({ ...before, part: each })}
            replace
            aria-current={each === part ? 'page' : undefined}
          >
            {t(`wandPart.${each}`)}
            {count !== null && <span className="chip-count">{count}</span>}
          </Link>
        );
      })}
    </nav>
  );
}

interface FindingsProps {
  readonly split: Split;
  readonly ticks: Ticked;
  readonly summary: SweepSummary;
  readonly plan: PlanIndex;
}

function Findings({ split, ticks, summary, plan }: FindingsProps): ReactElement {
  const { t } = useWords();
  const { open, done } = split;
  const hidden = summary.findings - Math.min(open.length, LINES_MAX) - done.length;
  return (
    <>
      {open.length === 0 && (
        <EmptyNote title={t(summary.judged === 0 ? 'wand.nothingYet' : 'wand.allRight')}>
          {summary.judged === 0 && <p className="muted">{t('wand.how')}</p>}
        </EmptyNote>
      )}
      <ul className="wand-list findings live">
        {open.slice(0, LINES_MAX).map((finding) => (
          <FindingRow key={finding.id} finding={finding} plan={plan} isTicked={false} onTick={ticks.toggle} />
        ))}
      </ul>
      {hidden > 0 && <p className="muted">{t('wand.more', { count: hidden })}</p>}
      {done.length > 0 && (
        <details className="fold">
          <summary>{t('wand.ticked', { count: done.length })}</summary>
          <p className="muted small">{t('wand.tickedHint')}</p>
          <ul className="wand-list findings">
            {done.map((finding) => (
              <FindingRow key={finding.id} finding={finding} plan={plan} isTicked onTick={ticks.toggle} />
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
