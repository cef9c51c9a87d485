import type { SweepDetail, SweptItem } from '#contract/wire/rest-sweeps.ts';

/** By shelf, shelves and items in the order in which they came. */
export function groupMissing(
  missing: SweepDetail['missing'],
): readonly { readonly place: string; readonly items: readonly SweptItem[] }[] {
  const groups = new Map<string, SweptItem[]>();
  for (const { item, place } of missing) {
    const items = groups.get(place);
    if (items) items.push(item);
    else groups.set(place, [item]);
  }
  return [...groups].map(([place, items]) => ({ place, items }));
}
