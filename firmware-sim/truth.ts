/** The truth behind the radio. */
import type { Life } from '#sim/people/life.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { Move, Stock } from '#sim/world/stock.ts';
import type { ZoneId } from '#sim/world/zones.ts';

/** What is really so; what the platform believes is measured against it. */
export interface Truth {
  /** Place id of the plan, `hands` or `away`. */
  placeOf(barcode: string): string | undefined;
  /** Moves at or after that moment, oldest first. */
  movesSince(atMs: number): readonly Move[];
  /** Barcodes of items that nothing ever moved. */
  untouched(): readonly string[];
  /** Items on a shelf that is not their home. */
  misplaced(): readonly { readonly barcode: string; readonly place: string }[];
  peoplePerZone(): Readonly<Record<ZoneId, number>>;
}

/** Looks at the stock as it is at the moment of each question. */
export function truthOf(
  demo: DemoLibrary,
  stock: Stock,
  { items, life }: { items: ReadonlyMap<string, number>; life: Life },
): Truth {
  const shelves = new Set(demo.shelves.map(({ id }) => id));
  return {
    placeOf(barcode) {
      const item = items.get(barcode);
      return item === undefined ? undefined : stock.placeOf(item);
    },
    movesSince: (atMs) => stock.movesSince(atMs),
    untouched: () => stock.untouched().map((item) => stock.barcodeOf(item)),
    misplaced: () =>
      stock.touched().flatMap((item) => {
        const place = stock.placeOf(item);
        return shelves.has(place) && !demo.isHome(item, place) ? [{ barcode: stock.barcodeOf(item), place }] : [];
      }),
    peoplePerZone: () => life.peoplePerZone(),
  };
}
