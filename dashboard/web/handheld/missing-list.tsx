import { useMemo, type ReactElement } from 'react';
import type { SweepDetail } from '#contract/wire/rest-sweeps.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { EmptyNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { FindLink } from './finding-row.tsx';
import { groupMissing } from './group-missing.ts';

/** A phone draws these at once; those who need more look at the shelves first. */
const LINES_MAX = 200;

interface Props {
  readonly missing: SweepDetail['missing'] | undefined;
  readonly total: number;
  readonly plan: PlanIndex;
}

/** Copies that should stand on a swept shelf and were not heard; each can be looked for at once. */
export function MissingList({ missing, total, plan }: Props): ReactElement {
  const { t } = useWords();
  const groups = useMemo(() => groupMissing((missing ?? []).slice(0, LINES_MAX)), [missing]);
  if (missing === undefined) return <PageSkeleton lines={4} />;
  if (missing.length === 0) return <EmptyNote title={t('wand.allFound')} />;
  const shown = Math.min(missing.length, LINES_MAX);
  return (
    <div className="missing live">
      {total > shown && <p className="muted">{t('wand.firstOf', { count: shown, total })}</p>}
      {groups.map(({ place, items }) => (
        <section key={place}>
          <h2>{placeText(plan, place, t)}</h2>
          <ul className="wand-list">
            {items.map((item) => (
              <li key={item.barcode} className="missing-item">
                <div className="finding-item">
                  {item.callNumber !== '' && <span className="call-number">{item.callNumber}</span>}
                  <span className="item-title">{item.title}</span>
                </div>
                <FindLink item={item} words={t('wand.findIt')} t={t} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
