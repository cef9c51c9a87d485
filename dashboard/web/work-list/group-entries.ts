import type { WorkList } from '#contract/wire/rest.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

export type Entry = WorkList['rows'][number];

export interface EntryGroup {
  /** The range, or the nearest thing to one. */
  readonly place: string;
  readonly rows: readonly { readonly entry: Entry; readonly step: number }[];
}

/**
 * The list in walking order, cut where the walker comes to another range. The order is the server's: a range that is
 * visited twice shows up twice.
 */
export function groupEntries(entries: readonly Entry[], plan: PlanIndex): readonly EntryGroup[] {
  const groups: { place: string; rows: { entry: Entry; step: number }[] }[] = [];
  entries.forEach((entry, index) => {
    const place = (plan.ancestor(entry.place, 'range') ?? plan.ancestor(entry.place, 'floor'))?.id ?? entry.place;
    const row = { entry, step: index + 1 };
    const last = groups.at(-1);
    if (last?.place === place) last.rows.push(row);
    else groups.push({ place, rows: [row] });
  });
  return groups;
}

/** What identifies a line: an item may be ticked off at one shelf and then turn up at another. */
export function entryKey(entry: Entry): string {
  return `${entry.item.barcode} ${entry.place}`;
}
