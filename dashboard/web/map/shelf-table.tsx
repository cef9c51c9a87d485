import { memo, type ReactElement } from 'react';
import type { Place } from '#contract/domain/plan.ts';
import type { Room } from '#contract/wire/live.ts';
import { useIsPast, useShownShelf } from '#dashboard/web/past/shown-shelf.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { TableHead } from '#dashboard/web/ui/data-table.tsx';
import { EmptyNote } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeWord } from '#dashboard/web/words/place-words.ts';
import { shelvesFromTop } from './floor-shapes.ts';
import type { PlanIndex } from './plan-index.ts';
import { shelfMeaning, shelfWordKey } from './shelf-state.ts';

interface Props {
  readonly plan: PlanIndex;
  readonly floor: string;
  readonly room: Room | null;
  readonly selected: string | null;
  readonly onSelect: (shelf: string) => void;
}

/** The map for those who do not see it, or would rather read: every shelf of the floor, range by range. */
export function ShelfTable({ plan, floor, room, selected, onSelect }: Props): ReactElement {
  const { t } = useWords();
  const ranges = [...plan.below(floor)].filter((place) => place.kind === 'range');
  if (ranges.length === 0) return <EmptyNote title={t('map.noShelves')} />;
  const columns = [
    { words: t('map.shelf') },
    { words: t('map.itemsHead'), isNumber: true },
    { words: t('map.wrongHead'), isNumber: true },
    { words: t('map.stateHead') },
    { words: t('map.heardHead') },
  ];
  return (
    <div className="shelf-tables">
      {ranges.map((range) => (
        <details key={range.id} className="range-block" open>
          <summary>{placeWord(range, t)}</summary>
          <table className="table">
            <TableHead columns={columns} />
            <tbody>
              {plan
                .childrenOf(range.id)
                .flatMap((bay) =>
                  shelvesFromTop(plan, bay.id).map((shelf) => (
                    <TableRow
                      key={shelf.id}
                      bay={bay}
                      shelf={shelf}
                      room={room}
                      isCurrent={shelf.id === selected}
                      onSelect={onSelect}
                    />
                  )),
                )}
            </tbody>
          </table>
        </details>
      ))}
    </div>
  );
}

interface RowProps {
  readonly bay: Place;
  readonly shelf: Place;
  readonly room: Room | null;
  readonly isCurrent: boolean;
  readonly onSelect: (shelf: string) => void;
}

const TableRow = memo(function TableRow({ bay, shelf, room, isCurrent, onSelect }: RowProps): ReactElement {
  const { t } = useWords();
  const row = useShownShelf(room, shelf.id);
  const isPast = useIsPast();
  const isEquipped = row !== undefined && row.state !== 'unequipped' && row.state !== 'unknown';
  return (
    <tr data-current={isCurrent || undefined}>
      <th scope="row">
        <button
          type="button"
          className="link-button"
          onClick={() => {
            onSelect(shelf.id);
          }}
        >
          {placeWord(bay, t)} · {placeWord(shelf, t)}
        </button>
      </th>
      <td className="number">{isEquipped ? row.items : '–'}</td>
      <td className="number">
        {isEquipped && row.wrong > 0 ? <strong className="wrong-count">◆ {row.wrong}</strong> : isEquipped ? 0 : '–'}
      </td>
      <td>
        <Badge meaning={shelfMeaning(row)}>{t(shelfWordKey(row))}</Badge>
      </td>
      <td>{isEquipped && !isPast && <AgeText at={row.lastHeardAt} never={t('age.neverHeard')} />}</td>
    </tr>
  );
});
