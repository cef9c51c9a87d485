import type { ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { SweepSummary } from '#contract/wire/rest-sweeps.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';

interface Props {
  readonly sweeps: readonly SweepSummary[];
  /** The one that is shown. */
  readonly session: string | null;
  readonly plan: PlanIndex;
}

/** Sweeps of other wands and of before, uploaded ones among them. */
export function EarlierSweeps({ sweeps, session, plan }: Props): ReactElement | null {
  const { t, language } = useWords();
  const nowMs = useNow();
  const others = sweeps.filter((sweep) => sweep.session !== session);
  if (others.length === 0) return null;
  return (
    <details className="fold">
      <summary>{t('wand.earlier', { count: others.length })}</summary>
      <ul className="wand-list">
        {others.map((sweep) => (
          <li key={sweep.session}>
            <Link
              to="/wand"
              search={({ wand }) => ({ ...(wand !== undefined && { wand }), sweep: sweep.session })}
              className="wand-choice"
            >
              <span className="item-title">
                {momentText(sweep.startedAt, nowMs, language)} · {sweep.wand}
              </span>
              <span className="muted small">
                {placesText(sweep, plan, t)}
                {t('wand.summary', { findings: sweep.findings, read: sweep.read, expected: sweep.expected })}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}

function placesText(
  { places, target }: SweepSummary,
  plan: PlanIndex,
  t: (key: string, values?: Record<string, string | number>) => string,
): string {
  const [first = target] = places;
  if (first === null) return '';
  const more = places.length > 1 ? ` ${t('detail.moreHomes', { count: places.length - 1 })}` : '';
  return `${placeText(plan, first, t)}${more}${t('place.separator')}`;
}
