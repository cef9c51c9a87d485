/** A floor at one minute of a stretch, and a store of it that tells only the shelves that look different. */
import type { ShelfRow } from '#contract/wire/live.ts';
import type { PastFloor } from '#contract/wire/rest-past.ts';

/** A shelf as the map draws it, now or then. */
export type ShownShelf = Omit<ShelfRow, 'state'> & { readonly state: ShelfRow['state'] | 'unknown' };

/** Whether the minute lies within what is known at all. */
export function isKnown(past: Pick<PastFloor, 'knownFrom' | 'asOf'>, atMs: number): boolean {
  const { knownFrom, asOf } = past;
  return knownFrom !== null && asOf !== null && atMs > Date.parse(knownFrom) && atMs <= Date.parse(asOf);
}

/** Every shelf as it was at a minute. Where nothing is known, nothing is claimed: no count, and no state. */
export function rowsAt(past: PastFloor, atMs: number): ReadonlyMap<string, ShownShelf> {
  const known = isKnown(past, atMs);
  const rows = new Map<string, ShownShelf>();
  const put = ({ place, items, wrong, state }: PastFloor['shelves'][number]): void => {
    rows.set(place, {
      items: known ? items : 0,
      wrong: known ? wrong : 0,
      state: known || state === 'unequipped' ? state : 'unknown',
      lastHeardAt: null,
    });
  };
  past.shelves.forEach(put);
  for (const change of past.changes) {
    if (Date.parse(change.at) > atMs) break;
    put(change);
  }
  return rows;
}

/** Shelves that changed, minute by minute from the first: the heights of the bars above the slider. */
export function changesPerMinute(past: PastFloor, minutes: number): readonly number[] {
  const counts = Array.from({ length: minutes }, () => 0);
  const fromMs = Date.parse(past.from);
  for (const { at } of past.changes) {
    const minute = Math.round((Date.parse(at) - fromMs) / 60_000);
    if (minute < minutes) counts[minute] = (counts[minute] ?? 0) + 1;
  }
  return counts;
}

export class PastRows {
  #rows: ReadonlyMap<string, ShownShelf> = new Map();
  readonly #listeners = new Map<string, Set<() => void>>();

  all(): ReadonlyMap<string, ShownShelf> {
    return this.#rows;
  }

  get(shelf: string): ShownShelf | undefined {
    return this.#rows.get(shelf);
  }

  subscribe(shelf: string, listener: () => void): () => void {
    const known = this.#listeners.get(shelf) ?? new Set();
    this.#listeners.set(shelf, known.add(listener));
    return () => {
      known.delete(listener);
    };
  }

  show(rows: ReadonlyMap<string, ShownShelf>): void {
    const before = this.#rows;
    // A row that looks the same stays the same object, so that nobody draws again for it.
    this.#rows = new Map([...rows].map(([shelf, row]) => [shelf, sameOr(before.get(shelf), row)]));
    for (const [shelf, row] of this.#rows) {
      if (row !== before.get(shelf))
        this.#listeners.get(shelf)?.forEach((listener) => {
          listener();
        });
    }
  }
}

function sameOr(before: ShownShelf | undefined, now: ShownShelf): ShownShelf {
  const isSame = before?.items === now.items && before.wrong === now.wrong && before.state === now.state;
  return isSame ? before : now;
}
