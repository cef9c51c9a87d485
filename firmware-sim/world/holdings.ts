/** From titles to copies: who has how many, in which collection, with which label on the spine. */
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import type { Title } from '#sim/catalogue/load-titles.ts';
import type { Random } from '#sim/random/random.ts';

/** Collections in the order in which they fill the building. */
export const COLLECTIONS = [
  { collection: 'chinese', scheme: 'clc', floor: 1, items: 4000 },
  { collection: 'general', scheme: 'ddc', floor: 1, items: 6000 },
  { collection: 'research', scheme: 'lcc', floor: 2, items: 10_000 },
] as const;
export type Collection = (typeof COLLECTIONS)[number];

/** A copy before it gets its numbers. */
export interface Copy {
  readonly title: Title;
  readonly collection: Collection;
  readonly callNumber: string;
  readonly key: string;
}

const VOLUMES_SHARE = 0.06;

/** The copies of one collection in shelf order: exactly as many as it shall have. */
export function copiesOf(titles: readonly Title[], collection: Collection, random: Random): readonly Copy[] {
  const own = titles.flatMap((title) => {
    const callNumber = title.callNumbers[collection.scheme];
    const isReadable = callNumber !== undefined && shelfKey(collection.scheme, callNumber).ok;
    return isReadable ? [{ title, callNumber }] : [];
  });
  if (own.length === 0) throw new RangeError(`no title has a call number of the scheme ${collection.scheme}`);
  const copies: Copy[] = [];
  countsOf(own.length, collection.items, random).forEach((count, index) => {
    const entry = own[index];
    if (entry === undefined) return;
    const hasVolumes = count > 2 && random.next() < VOLUMES_SHARE;
    for (let n = 1; n <= count; n += 1) {
      const callNumber = entry.callNumber + (hasVolumes ? volumeMark(collection, n) : n === 1 ? '' : ` c.${n}`);
      const key = shelfKey(collection.scheme, callNumber);
      copies.push({ title: entry.title, collection, callNumber, key: key.ok ? key.value : '' });
    }
  });
  return copies.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** `total` copies over `titles` titles: everyone gets the same whole number, chance hands out the rest. */
function countsOf(titles: number, total: number, random: Random): readonly number[] {
  const counts = new Array<number>(titles).fill(Math.floor(total / titles));
  for (let left = total - titles * Math.floor(total / titles); left > 0; left -= 1) {
    const index = random.below(titles);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

function volumeMark(collection: Collection, n: number): string {
  return collection.scheme === 'clc' ? `:${n}` : ` v.${n}`;
}
