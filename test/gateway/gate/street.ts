/**
 * People, books and a trolley at a gate, and what its four antennas read of them. Its radio is its own: backscatter falls with
 * the fourth power of the distance, each pair of tag and antenna has a reflection that stays (3 dB), every read fades by 4 dB,
 * and whoever walks beside somebody hides his books from the far side.
 */
import type { ReadEvent } from '#gateway/drivers/reader-event.ts';
import { createRandom, type Random } from '#sim/random/random.ts';

const ANTENNAS = [
  { antenna: 1, x: -0.2, y: -0.45 },
  { antenna: 2, x: -0.2, y: 0.45 },
  { antenna: 3, x: 0.2, y: -0.45 },
  { antenna: 4, x: 0.2, y: 0.45 },
] as const;
const HALF_METRE_DBM = -45;
const REFLECTION_DB = 3;
const FADING_DB = 4;
const BODY_DB = 5;
const SENSITIVITY_DBM = -72;
/** One antenna after the other, and so many singulations in the turn of each. */
export const SLOT_MS = 25;
const READS_PER_SLOT = 7;

export interface Book {
  readonly epc: string;
  x: number;
  y: number;
  /** Somebody walks at its other side. */
  isHidden: boolean;
  readonly reflectionDb: readonly number[];
}

export class Street {
  readonly random: Random;
  readonly books: Book[] = [];
  atMs = 0;
  #slot = 0;
  #named = 0;

  constructor(seed: number) {
    this.random = createRandom(seed, 'street');
  }

  book(x: number, y: number, isHidden = false): Book {
    this.#named += 1;
    const epc = `3034${String(this.#named).padStart(20, '0')}`;
    const reflectionDb = ANTENNAS.map(() => REFLECTION_DB * this.random.normal());
    const book = { epc, x, y, isHidden, reflectionDb };
    this.books.push(book);
    return book;
  }

  remove(...gone: readonly Book[]): void {
    for (const book of gone) this.books.splice(this.books.indexOf(book), 1);
  }

  /** One turn of one antenna. */
  slot(): readonly ReadEvent[] {
    const at = ANTENNAS[this.#slot % ANTENNAS.length] ?? ANTENNAS[0];
    this.#slot += 1;
    this.atMs += SLOT_MS;
    const heard = this.books
      .map((book) => ({ book, dbm: this.#powerDbm(book, at) }))
      .filter(({ dbm }) => dbm > SENSITIVITY_DBM);
    const reads: ReadEvent[] = [];
    for (let n = 0; n < READS_PER_SLOT && heard.length > 0; n += 1) {
      const one = heard[Math.floor(this.random.next() * heard.length)];
      if (one === undefined) break;
      const rssiDbm = one.dbm + FADING_DB * this.random.normal();
      if (rssiDbm < SENSITIVITY_DBM) continue;
      const { epc } = one.book;
      const { atMs } = this;
      reads.push({ kind: 'read', antenna: at.antenna, count: 1, firstMs: atMs, lastMs: atMs, rssiDbm, ids: { epc } });
    }
    return reads;
  }

  #powerDbm({ x, y, isHidden, reflectionDb }: Book, at: (typeof ANTENNAS)[number]): number {
    const metres = Math.hypot(x - at.x, y - at.y, 0.15);
    const hidden = isHidden && Math.sign(at.y) !== Math.sign(y) ? BODY_DB : 0;
    return HALF_METRE_DBM - 40 * Math.log10(metres / 0.5) - 2 * hidden + (reflectionDb[at.antenna - 1] ?? 0);
  }
}
