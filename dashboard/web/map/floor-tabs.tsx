import type { ReactElement, ReactNode } from 'react';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import type { PlanIndex } from './plan-index.ts';

interface Props {
  readonly plan: PlanIndex;
  /** Draws the link of one floor with these words in it. */
  readonly link: (floor: string, words: string) => ReactNode;
  readonly before?: ReactNode;
}

/** Floors as tabs; each is a link, since each floor has an address of its own. */
export function FloorTabs({ plan, link, before }: Props): ReactElement {
  const { t } = useWords();
  return (
    <nav className="tabs" aria-label={t('map.floors')}>
      {before}
      {plan.floors.map((floor) => link(floor.id, placeText(plan, floor.id, t)))}
    </nav>
  );
}
