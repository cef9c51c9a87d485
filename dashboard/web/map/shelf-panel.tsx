import { useMemo, type ReactElement } from 'react';
import type { Room } from '#contract/wire/live.ts';
import type { ItemSummary } from '#contract/wire/rest.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useItems } from '#dashboard/web/api/use-items.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { ItemRow } from '#dashboard/web/find/item-row.tsx';
import { PastItems } from '#dashboard/web/past/past-items.tsx';
import { useShownShelf } from '#dashboard/web/past/shown-shelf.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { CloseIcon } from '#dashboard/web/ui/icons.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { VirtualList } from '#dashboard/web/ui/virtual-list.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { shelvesFromTop } from './floor-shapes.ts';
import type { PlanIndex } from './plan-index.ts';
import { shelfMeaning, shelfWordKey } from './shelf-state.ts';

const PAGE_ITEMS = 200;
/** What stands on one shelf changes by hand; this is how long a moved book may still be listed. */
const REFETCH_MS = 15_000;

interface Props {
  readonly plan: PlanIndex;
  readonly shelf: string;
  readonly room: Room | null;
  /** A minute of the past; `null` shows what stands there now. */
  readonly atMs: number | null;
  readonly onSelect: (shelf: string) => void;
  readonly onClose: () => void;
}

export function ShelfPanel({ plan, shelf, room, atMs, onSelect, onClose }: Props): ReactElement {
  const { t } = useWords();
  const row = useShownShelf(room, shelf);
  const place = plan.get(shelf);
  const { library } = useSession();
  return (
    <div className="shelf-panel">
      <div className="panel-head">
        <h2>{placeText(plan, shelf, t)}</h2>
        <button type="button" className="plain-button" aria-label={t('common.close')} onClick={onClose}>
          <CloseIcon />
        </button>
      </div>
      <div className="panel-facts live">
        <Badge meaning={shelfMeaning(row)}>{t(shelfWordKey(row))}</Badge>
        {row !== undefined && row.wrong > 0 && <Badge meaning="act">{t('map.wrong', { count: row.wrong })}</Badge>}
        {atMs === null && row !== undefined && row.state !== 'unequipped' && (
          <AgeText at={row.lastHeardAt} word="age.heard" never={t('age.neverHeard')} />
        )}
      </div>
      {place?.range && (
        <p className="muted small">
          {t('shelf.range', { from: place.range.from, to: place.range.to })}
          {place.collection !== undefined && ` · ${place.collection}`}
        </p>
      )}
      {place?.parent != null && (
        <BayFace plan={plan} bay={place.parent} shelf={shelf} room={room} onSelect={onSelect} />
      )}
      {atMs === null ? <ShelfItems library={library} shelf={shelf} /> : <PastItems shelf={shelf} atMs={atMs} />}
      <div className="panel-foot">
        <CsvLink path={atMs === null ? paths.placeItems(library, shelf) : paths.pastItems(library, shelf, atMs)} />
      </div>
    </div>
  );
}

interface BayProps {
  readonly plan: PlanIndex;
  readonly bay: string;
  readonly shelf: string;
  readonly room: Room | null;
  readonly onSelect: (shelf: string) => void;
}

/** The bay as one stands before it: the highest shelf on top. */
function BayFace({ plan, bay, shelf, room, onSelect }: BayProps): ReactElement | null {
  const { t } = useWords();
  const shelves = shelvesFromTop(plan, bay);
  if (shelves.length < 2) return null;
  return (
    <ol className="bay-face" aria-label={t('map.bayFace')}>
      {shelves.map((each) => (
        <li key={each.id}>
          <BayShelf id={each.id} name={each.name} isCurrent={each.id === shelf} room={room} onSelect={onSelect} />
        </li>
      ))}
    </ol>
  );
}

interface BayShelfProps {
  readonly id: string;
  readonly name: string;
  readonly isCurrent: boolean;
  readonly room: Room | null;
  readonly onSelect: (shelf: string) => void;
}

function BayShelf({ id, name, isCurrent, room, onSelect }: BayShelfProps): ReactElement {
  const { t } = useWords();
  const row = useShownShelf(room, id);
  return (
    <button
      type="button"
      data-state={row?.state ?? 'unequipped'}
      aria-current={isCurrent || undefined}
      onClick={() => {
        onSelect(id);
      }}
    >
      <span>{t('place.shelf', { name })}</span>
      <span className="live">
        {row === undefined || row.state === 'unequipped' || row.state === 'unknown'
          ? t(row?.state === 'unknown' ? 'shelf.unknownShort' : 'shelf.unequippedShort')
          : t('map.items', { count: row.items })}
        {row !== undefined && row.wrong > 0 && <strong className="wrong-count"> ◆ {row.wrong}</strong>}
      </span>
    </button>
  );
}

function ShelfItems({ library, shelf }: { readonly library: string; readonly shelf: string }): ReactElement {
  const { t } = useWords();
  const items = useItems({
    key: [library, 'place', shelf],
    pathOf: (page) => paths.placeItems(library, shelf, page),
    limit: PAGE_ITEMS,
    refetchMs: REFETCH_MS,
  });
  const rows = useMemo(() => (items.rows === undefined ? undefined : wrongFirst(items.rows)), [items.rows]);
  if (items.error) return <FailureNote error={items.error} onRetry={items.retry} />;
  if (rows === undefined) return <PageSkeleton />;
  if (rows.length === 0) return <EmptyNote title={t('shelf.empty')} />;
  return (
    <VirtualList
      rows={rows}
      keyOf={(row) => row.barcode}
      rowPixels={84}
      label={t('shelf.items')}
      onEnd={items.hasMore ? items.loadMore : undefined}
    >
      {(row) => <ItemRow item={row} plan={null} isCurrent={false} />}
    </VirtualList>
  );
}

function wrongFirst(rows: readonly ItemSummary[]): readonly ItemSummary[] {
  return rows.toSorted((a, b) => Number(b.where.misshelved) - Number(a.where.misshelved));
}
