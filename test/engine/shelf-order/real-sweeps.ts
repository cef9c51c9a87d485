/**
 * Sweeps as wands hear them, with the truth beside them: strays, unread and untagged books, jitter, and what shines over
 * from the shelves beside. Made to be harder in different ways, not to be like the rules that are tested with it.
 */
import { createRandom, type Random } from '#sim/random/random.ts';

export interface SweepStyle {
  readonly books: number;
  readonly strayShare: number;
  /** Books; `uniform`: at most so many, `normal`: standard deviation. */
  readonly jitter: { readonly kind: 'uniform' | 'normal'; readonly books: number };
  readonly unreadShare: number;
  readonly untaggedShare: number;
  /** Books of the shelf before and the one after, heard along: as a share of this shelf's, in their own order or anywhere. */
  readonly bleed: { readonly share: number; readonly order: 'alongside' | 'anywhere' };
  /** How often each book is heard, and by how many books apart. */
  readonly readsEach: number;
}

export const HARD: SweepStyle = {
  books: 1000,
  strayShare: 0.03,
  jitter: { kind: 'uniform', books: 5 },
  unreadShare: 0.05,
  untaggedShare: 0.1,
  bleed: { share: 0.2, order: 'alongside' },
  readsEach: 1,
};

export interface MadeSweep {
  /** In the order of reading; the same barcode may come again. */
  readonly reads: readonly { readonly barcode: string; readonly callNumber: string }[];
  /** Strays that were heard, by how many books they are off. */
  readonly strays: ReadonlyMap<string, number>;
}

export function makeSweep(seed: string, style: SweepStyle): MadeSweep {
  const random = createRandom(1, seed);
  const { books, bleed } = style;
  const width = 10_000;
  const callNumber = (rank: number): string =>
    `${String(100 + Math.floor(rank / width)).padStart(3, '0')}.${String(rank % width).padStart(4, '0')} A`;
  const row = Array.from({ length: books }, (_, i) => books + i);
  const strays = new Map<number, number>();
  while (strays.size < Math.round(books * style.strayShare)) {
    const book = books + random.below(books);
    if (strays.has(book)) continue;
    const from = row.indexOf(book);
    row.splice(from, 1);
    const to = random.below(row.length + 1);
    row.splice(to, 0, book);
    strays.set(book, 0);
  }
  // How far it is off is counted in the end, when all strays stand.
  for (const book of strays.keys()) strays.set(book, Math.abs(row.indexOf(book) - (book - books)));
  const heard: { readonly book: number; readonly at: number }[] = [];
  const hear = (book: number, place: number): void => {
    for (let n = 0; n < style.readsEach; n += 1) heard.push({ book, at: place + offset(random, style.jitter) });
  };
  row.forEach((book, place) => {
    if (random.next() < style.untaggedShare || random.next() < style.unreadShare) return;
    hear(book, place);
  });
  for (const first of [0, 2 * books]) {
    for (let i = 0; i < books; i += 1) {
      if (random.next() >= bleed.share) continue;
      hear(first + i, bleed.order === 'alongside' ? i : random.next() * books);
    }
  }
  heard.sort((a, b) => a.at - b.at);
  const names = new Set(heard.map(({ book }) => book));
  return {
    reads: heard.map(({ book }) => ({ barcode: String(30_000 + book), callNumber: callNumber(book) })),
    strays: new Map(
      [...strays].flatMap(([book, off]) => (names.has(book) ? [[String(30_000 + book), off] as const] : [])),
    ),
  };
}

function offset(random: Random, { kind, books }: SweepStyle['jitter']): number {
  if (kind === 'uniform') return (2 * random.next() - 1) * books;
  return books * random.normal();
}
