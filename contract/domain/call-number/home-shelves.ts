/** Where an item belongs: the shelves of its branch, collection and size whose range holds its call number. */
import type { Item } from '#contract/domain/item.ts';
import type { HomeShelf, PlanIndex } from '#contract/domain/plan-index.ts';
import { shelfKey } from './shelf-key.ts';

/** What of an item decides its home. */
export type Shelvable = Pick<Item, 'scheme' | 'callNumber' | 'branch' | 'collection' | 'size'>;

/** Finds the home of many items in one plan; build it once per plan. */
export interface HomeFinder {
  /** Place ids in the order of the plan; empty when nothing in the plan says where the item belongs. */
  homeShelves(item: Shelvable): readonly string[];
}

/** Ranges may overlap freely, so they are sorted by their lower end with the highest upper end so far beside each. */
interface RangeTable {
  readonly shelves: readonly { readonly from: string; readonly to: string; readonly rank: number }[];
  readonly highest: readonly string[];
}

/** What the shelves of one table have in common. */
interface Group {
  readonly branch: string | undefined;
  readonly collection: string | undefined;
  readonly size: string | undefined;
  readonly scheme: string;
}

/** Answers in the logarithm of the number of shelves, as long as ranges do not all overlap. */
export function createHomeFinder(index: PlanIndex): HomeFinder {
  const tables = new Map<string, RangeTable>();
  const unranged = new Map<string, number[]>();
  const grouped = new Map<string, { from: string; to: string; rank: number }[]>();
  const sizesOf = new Map<string, Set<string>>();
  index.homeShelves.forEach(({ branch, collection, sizes, keys }, rank) => {
    for (const size of sizes ?? [undefined]) {
      if (size !== undefined) addTo(sizesOf, branch ?? '', size);
      const group = { branch, collection, size, scheme: keys?.scheme ?? '' };
      if (keys === undefined) append(unranged, groupKey(group), rank);
      else append(grouped, groupKey(group), { from: keys.from, to: keys.to, rank });
    }
  });
  for (const [key, shelves] of grouped) tables.set(key, buildTable(shelves));
  const branchIds = branchNames(index);

  return {
    homeShelves(item) {
      const branches = branchIds.get(item.branch) ?? (branchIds.size === 0 ? [undefined] : []);
      const key = shelfKey(item.scheme, item.callNumber, index.shelving);
      const ranks: number[] = [];
      for (const branch of branches) {
        // A size that nobody in the branch keeps apart stands among the rest.
        const isApart = item.size !== undefined && sizesOf.get(branch ?? '')?.has(item.size) === true;
        for (const collection of [item.collection, undefined]) {
          const group = { branch, collection, size: isApart ? item.size : undefined, scheme: item.scheme };
          ranks.push(...(unranged.get(groupKey({ ...group, scheme: '' })) ?? []));
          const table = key.ok ? tables.get(groupKey(group)) : undefined;
          if (key.ok && table !== undefined) findRanks(table, key.value, ranks);
        }
      }
      ranks.sort((a, b) => a - b);
      // A shelf with overlapping ranges is still one shelf; its ranges follow each other in the list.
      return ranks.map((rank) => shelfAt(index.homeShelves, rank)).filter((id, i, all) => id !== all[i - 1]);
    },
  };
}

/** {@link createHomeFinder} for a single question. */
export function homeShelves(index: PlanIndex, item: Shelvable): readonly string[] {
  return createHomeFinder(index).homeShelves(item);
}

/** A catalogue names the branch by the id or by the name of its place. */
function branchNames(index: PlanIndex): ReadonlyMap<string, string[]> {
  const names = new Map<string, string[]>();
  for (const place of index.plan.places) {
    if (place.kind !== 'branch') continue;
    append(names, place.id, place.id);
    if (place.name !== place.id) append(names, place.name, place.id);
  }
  return names;
}

function buildTable(shelves: { from: string; to: string; rank: number }[]): RangeTable {
  shelves.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.rank - b.rank));
  let highest = '';
  return { shelves, highest: shelves.map(({ to }) => (highest = to > highest ? to : highest)) };
}

function findRanks(table: RangeTable, key: string, ranks: number[]): void {
  let low = 0;
  let high = table.shelves.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.shelves[middle]?.from ?? '') <= key) low = middle + 1;
    else high = middle;
  }
  for (let i = low - 1; i >= 0 && (table.highest[i] ?? '') >= key; i -= 1) {
    const shelf = table.shelves[i];
    if (shelf !== undefined && shelf.to >= key) ranks.push(shelf.rank);
  }
}

function groupKey({ branch, collection, size, scheme }: Group): string {
  return JSON.stringify([branch ?? null, collection ?? null, size ?? null, scheme]);
}

function addTo<T>(groups: Map<string, Set<T>>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, new Set([value]));
  else group.add(value);
}

function append<T>(groups: Map<string, T[]>, key: string, value: T): void {
  const group = groups.get(key);
  if (group === undefined) groups.set(key, [value]);
  else group.push(value);
}

function shelfAt(shelves: readonly HomeShelf[], rank: number): string {
  return shelves[rank]?.place ?? '';
}
