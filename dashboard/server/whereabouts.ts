/** Where items are, as a screen says it: the engine's row, judged by what the antennas of that place can hear now. */
import type { Item } from '#contract/domain/item.ts';
import type { ItemDetail, ItemSummary, Whereabouts } from '#contract/wire/rest.ts';
import type { ItemRow, ReadPointRow } from '#store/state/state.ts';
import type { LibraryPlan } from './plans.ts';
import type { Sources } from './sources.ts';

/** What one answer needs to know about a library's antennas; read once per answer. */
export interface Hearing {
  isDeaf(place: string): boolean;
}

const DEAF: ReadonlySet<ReadPointRow['state']> = new Set(['dead', 'blind']);

export function hearingOf(plan: LibraryPlan | undefined, readPoints: readonly ReadPointRow[]): Hearing {
  const states = new Map(readPoints.map((row) => [row.readPoint, row.state]));
  return {
    isDeaf(place) {
      const covering = plan?.index.readPointsAt(place) ?? [];
      return (
        covering.length > 0 &&
        covering.every(({ id }) => {
          const state = states.get(id);
          return state !== undefined && DEAF.has(state);
        })
      );
    },
  };
}

/** `row` is `undefined` for an item never heard of; `null` while the engine's state cannot be read at all. */
export function whereaboutsOf(row: ItemRow | undefined | null, hearing: Hearing): Whereabouts {
  if (row === undefined || row === null) {
    const condition = row === null ? 'withheld' : 'unseen';
    return { condition, place: null, since: null, lastSeen: null, confidence: null, misshelved: false };
  }
  const isWithheld = row.condition === 'present' && row.place !== null && hearing.isDeaf(row.place);
  return {
    condition: isWithheld ? 'withheld' : row.condition,
    place: row.place,
    since: isoOrNull(row.sinceMs),
    lastSeen: isoOrNull(row.lastSeenMs),
    confidence: row.confidence,
    misshelved: row.misshelved,
  };
}

export function isoOrNull(atMs: number | null | undefined): string | null {
  return atMs === null || atMs === undefined ? null : new Date(atMs).toISOString();
}

/** Joins catalogue and state for one answer of one library. */
export interface ItemView {
  summaries(items: readonly Item[]): ItemSummary[];
  detail(item: Item): ItemDetail;
  whereabouts(barcode: string): Whereabouts;
  home(item: Item, row: ItemRow | undefined | null): readonly string[];
}

export function viewItems(sources: Pick<Sources, 'state' | 'plans'>, library: string): ItemView {
  const state = sources.state.get();
  const plan = sources.plans.of(library);
  const hearing = hearingOf(plan, state?.readPoints(library) ?? []);
  const rowOf = (barcode: string): ItemRow | undefined | null =>
    state === undefined ? null : state.item(library, barcode);

  function home(item: Item, row: ItemRow | undefined | null): readonly string[] {
    if (row !== null && row !== undefined && row.home.length > 0) return row.home;
    return plan?.homes.homeShelves(item) ?? [];
  }

  return {
    home,
    whereabouts: (barcode) => whereaboutsOf(rowOf(barcode), hearing),
    detail(item) {
      const row = rowOf(item.barcode);
      return { ...item, tags: [...item.tags], home: [...home(item, row)], where: whereaboutsOf(row, hearing) };
    },
    summaries(items) {
      const rows = state?.items(
        library,
        items.map((item) => item.barcode),
      );
      return items.map((item) => ({
        ...item,
        where: whereaboutsOf(rows === undefined ? null : rows.get(item.barcode), hearing),
        home: [...home(item, rows?.get(item.barcode))],
      }));
    },
  };
}

/** An item that the engine knows by its tag but the catalogue no longer lists is shown by its barcode, not hidden. */
export function uncataloguedItem(library: string, barcode: string): Item {
  const unknown = { author: '', year: null, language: '', scheme: 'local' as const, callNumber: '' };
  return { library, barcode, title: barcode, ...unknown, branch: '', collection: '', tags: [] };
}
