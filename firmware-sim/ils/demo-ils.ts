/** The library system of the demo library: its own catalogue, and readers who may borrow, mostly. */
import type { Clock } from '#contract/clock.ts';
import { createRandom } from '#sim/random/random.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { IlsItem, IlsPatron } from './books.ts';
import type { IlsAccount } from './desk.ts';
import type { IlsFaults } from './faults.ts';
import { startIls, type RunningIls } from './ils.ts';

export interface DemoIlsOptions {
  readonly demo: DemoLibrary;
  readonly seed: number;
  readonly clock: Clock;
  readonly host?: string;
  /** 0: any free one. */
  readonly port?: number;
  /** Who may sign in; anybody where there are none. */
  readonly accounts?: readonly IlsAccount[];
  readonly faults?: Partial<IlsFaults>;
}

const PATRONS = 400;
const FIRST_CARD = 29_100_001;
/** One reader in twenty owes too much, and one item in forty is only read in the house. */
const OWING_SHARE = 0.05;
const HOUSE_SHARE = 0.025;
const GIVEN = ['Ada', 'Bao', 'Cem', 'Dewi', 'Elin', 'Femi', 'Gwen', 'Hana', 'Ivo', 'Jun', 'Kofi', 'Lena'];
const FAMILY = ['Adler', 'Bevan', 'Chan', 'Diaz', 'Evans', 'Fischer', 'Gruffydd', 'Ho', 'Ito', 'Jones', 'Kowalski'];

/** Cards 29100001 and on; the PIN is the last four digits of the card. The first one always may borrow. */
export function demoPatrons(seed: number): readonly IlsPatron[] {
  const random = createRandom(seed, 'patrons');
  return Array.from({ length: PATRONS }, (_, at) => {
    const id = String(FIRST_CARD + at);
    const isOwing = random.next() < OWING_SHARE && at > 0;
    const name = `${random.pick(GIVEN)} ${random.pick(FAMILY)}`;
    return { id, name, pin: id.slice(-4), ...(isOwing && { feesCents: 2500 }) };
  });
}

/** The catalogue as the library's system knows it. */
export function demoIlsItems({ items }: DemoLibrary, seed: number): readonly IlsItem[] {
  const random = createRandom(seed, 'ils-items');
  return items.map(({ barcode, title, branch, callNumber, collection }) => {
    const isNotForLoan = random.next() < HOUSE_SHARE;
    return { barcode, title, branch, callNumber, collection, ...(isNotForLoan && { isNotForLoan }) };
  });
}

/** Errors: rejects with the system's error when the port cannot be opened. */
export function startDemoIls({ demo, seed, clock, ...options }: DemoIlsOptions): Promise<RunningIls> {
  return startIls({
    ...options,
    seed,
    clock,
    patrons: demoPatrons(seed),
    items: demoIlsItems(demo, seed),
    institution: demo.library.key,
    libraryName: demo.library.name,
    timeZone: demo.library.timeZone,
  });
}
