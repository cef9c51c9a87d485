import { useState, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { Explanation } from '#contract/wire/rest-explanation.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { dayText, minuteText, parseAt } from '#dashboard/web/past/past-time.ts';
import { Confidence } from '#dashboard/web/ui/badges.tsx';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { EvidenceTable } from './evidence-table.tsx';
import './explain.css';

interface Props {
  readonly item: string;
  readonly plan: PlanIndex;
}

/** Why the answer is what it is; open from the start where somebody came from an earlier time. */
export function ExplainPanel({ item, plan }: Props): ReactElement {
  const { t } = useWords();
  const { at } = useSearch({ strict: false });
  const nowMs = useNow();
  const atMs = parseAt(at, nowMs);
  const [isOpen, setOpen] = useState(atMs !== null);
  return (
    <details
      className="explain"
      open={isOpen}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
      }}
    >
      <summary>{t(atMs === null ? 'explain.title' : 'explain.titleThen')}</summary>
      {isOpen && <Answer item={item} plan={plan} atMs={atMs} />}
    </details>
  );
}

function Answer({ item, plan, atMs }: Props & { readonly atMs: number | null }): ReactElement {
  const { library } = useSession();
  const at = atMs === null ? undefined : new Date(atMs).toISOString();
  const { data, error, refetch } = useQuery({
    queryKey: ['explanation', library, item, at ?? 'now'],
    queryFn: ({ signal }) => getJson<Explanation>(paths.explanation(library, item, at), signal),
  });
  if (data === undefined) {
    return error === null ? <PageSkeleton lines={3} /> : <FailureNote error={error} onRetry={() => void refetch()} />;
  }
  return (
    <div className="explain-body">
      {atMs !== null && <Then explanation={data} plan={plan} atMs={atMs} item={item} />}
      <Reason explanation={data} plan={plan} />
      {data.evidence.length > 0 && <EvidenceTable rows={data.evidence} plan={plan} />}
    </div>
  );
}

interface ThenProps extends Props {
  readonly explanation: Explanation;
  readonly atMs: number;
}

/** What was so at the minute asked for, and the way back to now. */
function Then({ explanation, plan, atMs, item }: ThenProps): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const { q } = useSearch({ strict: false });
  const moment = `${dayText(atMs, language, timeZone)}, ${minuteText(atMs, language, timeZone)}`;
  const { place, knownFrom } = explanation;
  const isBefore = knownFrom === null || Date.parse(knownFrom) >= atMs;
  return (
    <p className="explain-then">
      <span>
        {isBefore
          ? t('explain.beforeRecords', { moment })
          : place === null
            ? t('explain.nowhereThen', { moment })
            : t('explain.stoodThen', { moment, place: placeText(plan, place, t) })}
      </span>
      <Link className="tool" to="/find" search={{ ...(q === undefined ? {} : { q }), item }}>
        {t('past.backToNow')}
      </Link>
    </p>
  );
}

/** Rules of the engine that have words of their own; a newer one is shown by its name. */
const RULES = new Set([
  'first-heard',
  'better-place',
  'moved-away',
  'back-from-a-hand',
  'present-place-lost',
  'lost-everywhere',
  'plan-or-catalogue',
]);

function Reason({ explanation, plan }: { readonly explanation: Explanation; readonly plan: PlanIndex }): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const { decision, competitors } = explanation;
  if (decision === null) return <p>{t('explain.noDecision')}</p>;
  const decidedMs = Date.parse(decision.at);
  const rule = RULES.has(decision.rule) ? t(`rule.${decision.rule}`) : decision.rule;
  return (
    <>
      <p>
        {t('explain.decided', {
          moment: `${dayText(decidedMs, language, timeZone)}, ${minuteText(decidedMs, language, timeZone)}`,
        })}{' '}
        {rule} <Confidence value={decision.confidence} />
      </p>
      {competitors.length > 0 && <Competitors rows={competitors} plan={plan} />}
      <details>
        <summary>{t('explain.figures')}</summary>
        <p className="muted small">
          {t('explain.fact', { number: decision.n, entry: decision.entry, rule: decision.rule })}
        </p>
        <ul className="explain-events small">
          {competitors.flatMap(({ place, events }) =>
            events.map((event) => <li key={`${place} ${event}`}>{event}</li>),
          )}
        </ul>
      </details>
    </>
  );
}

interface CompetitorsProps {
  readonly rows: Explanation['competitors'];
  readonly plan: PlanIndex;
}

function Competitors({ rows, plan }: CompetitorsProps): ReactElement {
  const { t, language } = useWords();
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('explain.place')}</th>
          <th scope="col" className="number">
            {t('explain.weight')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.place}>
            <th scope="row">
              {placeText(plan, row.place, t)}
              {row.isChosen && <strong> · {t('explain.chosen')}</strong>}
            </th>
            <td className="number">{percent.format(row.weight)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
