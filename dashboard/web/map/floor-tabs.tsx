import type { ReactElement, ReactNode } from 'react';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText, type Words } from '#dashboard/web/words/place-words.ts';
import type { PlanIndex } from './plan-index.ts';

interface Props<Floor> {
  readonly plan: PlanIndex;
  /** Draws the link of one floor with these words in it. */
  readonly link: (floor: Floor, words: string) => ReactNode;
}

/** Floors as tabs; each is a link, since each floor has an address of its own. */
export function FloorTabs({ plan, link }: Props<string>): ReactElement {
  const { t } = useWords();
  return (
    <nav className="tabs" aria-label={t('map.floors')}>
      {floorLinks({ plan, link }, t)}
    </nav>
  );
}

/** The same behind a tab for all of them together, whose floor is undefined. */
export function AllFloorTabs({ plan, link }: Props<string | undefined>): ReactElement {
  const { t } = useWords();
  return (
    <nav className="tabs" aria-label={t('map.floors')}>
      {link(undefined, t('work.allFloors'))}
      {floorLinks({ plan, link }, t)}
    </nav>
  );
}

function floorLinks({ plan, link }: Props<string>, t: Words): readonly ReactNode[] {
  return plan.floors.map((floor) => link(floor.id, placeText(plan, floor.id, t)));
}
