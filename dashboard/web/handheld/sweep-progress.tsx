import type { ReactElement } from 'react';
import type { SweepProgress } from '#contract/wire/rest-sweeps.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { EmptyNote } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText, placeWord } from '#dashboard/web/words/place-words.ts';
import { shareRead, type BayProgress } from './sweep-view.ts';

interface Props {
  readonly bays: readonly BayProgress[];
  readonly plan: PlanIndex;
}

/** How much of what should stand on each shelf was heard: a low bar is where to go once more. */
export function SweepProgressList({ bays, plan }: Props): ReactElement {
  const { t } = useWords();
  if (bays.length === 0) return <EmptyNote title={t('wand.noShelfYet')} />;
  return (
    <div className="bays live">
      {bays.map(({ bay, shelves }, index) => (
        <section key={bay?.place ?? `none ${index}`} className="card bay">
          <h2>{bay === null ? t('wand.noBay') : placeText(plan, bay.place, t)}</h2>
          {bay !== null && <ReadBar progress={bay} words={placeText(plan, bay.place, t)} />}
          <ul>
            {shelves.map((shelf) => (
              <li key={shelf.place}>
                <ShelfLine shelf={shelf} plan={plan} isWhole={bay === null} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ShelfLine({
  shelf,
  plan,
  isWhole,
}: {
  readonly shelf: SweepProgress;
  readonly plan: PlanIndex;
  readonly isWhole: boolean;
}): ReactElement {
  const { t } = useWords();
  const place = plan.get(shelf.place);
  const words = isWhole || place === undefined ? placeText(plan, shelf.place, t) : placeWord(place, t);
  return (
    <div className="shelf-line">
      <h3>{words}</h3>
      <ReadBar progress={shelf} words={words} />
      <p className="small muted">
        {t('wand.heardHere', { count: shelf.heard })}
        {shelf.shoneOver > 0 && ` · ${t('wand.shoneOver', { count: shelf.shoneOver })}`}
      </p>
      {shelf.isReversed && <Badge meaning="look">{t('findingKind.reversed')}</Badge>}
    </div>
  );
}

function ReadBar({ progress, words }: { readonly progress: SweepProgress; readonly words: string }): ReactElement {
  const { t } = useWords();
  const share = shareRead(progress);
  if (share === null) return <p className="small muted">{t('wand.nothingExpected')}</p>;
  const { read, expected } = progress;
  return (
    <div className="read-bar" data-whole={read >= expected || undefined}>
      <meter min={0} max={expected} value={Math.min(read, expected)} aria-label={words} />
      <span className="number">{t('wand.readOf', { read, expected })}</span>
    </div>
  );
}
