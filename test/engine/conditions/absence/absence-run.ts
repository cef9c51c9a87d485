/** Weeks of a library through the engine, with staff who answer its search list once a day, held against what is so. */
import type { WorkEntryRow, WorkKind } from '#contract/domain/work-entry.ts';
import { createEngine, type Engine } from '#engine/engine.ts';
import { EntryMaker } from '#engine/entry-maker.ts';
import { MemoryStore } from '#test/engine/journal-story.ts';
import { createRandom } from '#sim/random/random.ts';
import { AbsenceLibrary, DAY_MS, HOUR_MS, type Book, type LostOptions } from './absence-library.ts';

const STAFF_HOUR = 10;
const BATCH = 500;
/** Silence is counted by ticks: this often still tells a dead antenna within the quarter in which others listen. */
const TICK_MS = 5000;

export interface Figures {
  readonly gone: number;
  /** Of those that are gone, how many are listed as missing, or still searched. */
  readonly missing: number;
  readonly searched: number;
  /** Not gone, and listed as missing at the end, or at any time. */
  readonly falseNow: number;
  readonly falseEver: readonly string[];
  readonly dead: number;
  readonly deadApart: number;
  readonly falseDead: readonly string[];
  readonly untagged: number;
  readonly untaggedApart: number;
  /** How often staff were sent to look, and how often the book stood there. */
  readonly searches: number;
  readonly searchesInVain: number;
  readonly observations: number;
}

export class AbsenceRun {
  readonly library: AbsenceLibrary;
  readonly #options: LostOptions;
  readonly #store = new MemoryStore();
  readonly #books: ReadonlyMap<string, Book>;
  readonly #falseEver = new Set<string>();
  readonly #restarts;
  readonly #entries = new EntryMaker('demo');
  #engine: Engine;
  #observations = 0;
  #searches = 0;
  #inVain = 0;

  constructor(options: LostOptions) {
    this.#options = options;
    this.#restarts = createRandom(options.seed, 'restarts');
    this.library = new AbsenceLibrary(options);
    this.#books = new Map(this.library.books.map((book) => [book.barcode, book]));
    this.#engine = this.#newEngine();
    this.#input({ kind: 'plan', plan: this.library.plan() });
    this.#input({ kind: 'catalogue', version: 1 });
    this.#tell(this.library.books.map(({ barcode }) => ({ barcode, status: 'available' })));
  }

  run(): Figures {
    const { library } = this;
    const endMs = library.startMs + this.#options.days * DAY_MS;
    while (library.nowMs < endMs) {
      const fromMs = library.nowMs;
      const batches = library.step();
      for (let tickMs = fromMs + TICK_MS; tickMs <= library.nowMs; tickMs += TICK_MS) {
        if (library.isListening() || tickMs === library.nowMs) this.#engine.reduce(this.#entries.tick(tickMs));
      }
      for (const batch of batches) this.#batch(batch);
      this.#tell(library.words.splice(0));
      if (library.nowMs % HOUR_MS !== 0) continue;
      this.#look();
      if ((library.nowMs / HOUR_MS) % 24 === STAFF_HOUR) this.#answer();
      if (this.#options.hasFaults && this.#restarts.next() < 1 / 12) this.#restart();
    }
    return this.#figures();
  }

  lines(kind: WorkKind): WorkEntryRow[] {
    return [...this.#store.rows]
      .filter(([key]) => key.startsWith(`work ${kind} `))
      .map(([, row]) => JSON.parse(row) as WorkEntryRow);
  }

  #newEngine(): Engine {
    const catalogue = this.library.catalogue();
    return createEngine({ catalogue: () => catalogue });
  }

  #restart(): void {
    this.#commit();
    this.#engine = this.#newEngine();
    this.#engine.restore(this.#store.rowsOf);
  }

  #commit(): void {
    // Facts of weeks are of no use here.
    this.#store.commit({ ...this.#engine.takeChange(), facts: [] });
  }

  #look(): void {
    this.#commit();
    for (const { subject } of this.lines('missing'))
      if (this.#books.get(subject)?.where !== 'gone') this.#falseEver.add(subject);
  }

  #answer(): void {
    for (const { subject, tickedOffMs } of this.lines('search')) {
      if (tickedOffMs !== null) continue;
      const isThere = this.#books.get(subject)?.where === 'shelf';
      this.#searches += 1;
      if (isThere) this.#inVain += 1;
      this.#input({
        kind: 'work-tick-off',
        workKind: 'search',
        subject,
        outcome: isThere ? 'found' : 'not-found',
        at: new Date(this.library.nowMs).toISOString(),
      });
    }
  }

  #figures(): Figures {
    this.#look();
    const of = (is: (book: Book) => boolean): Set<string> =>
      new Set(this.library.books.filter(is).map(({ barcode }) => barcode));
    const listed = (kind: WorkKind): Set<string> => new Set(this.lines(kind).map(({ subject }) => subject));
    const both = (a: ReadonlySet<string>, b: ReadonlySet<string>): number => [...a].filter((x) => b.has(x)).length;
    const gone = of(({ where }) => where === 'gone');
    // By the ILS, a lent copy need not be heard.
    const dead = of(({ tag, where }) => tag === 'dead' && where !== 'loan');
    const everDead = of(({ tag }) => tag === 'dead');
    const untagged = of(({ tag }) => tag === 'none');
    const missing = listed('missing');
    return {
      gone: gone.size,
      missing: both(gone, missing),
      searched: both(gone, listed('search')),
      falseNow: missing.size - both(gone, missing),
      falseEver: [...this.#falseEver],
      dead: dead.size,
      deadApart: both(dead, listed('dead-tag')),
      falseDead: [...listed('dead-tag')].filter((barcode) => !everDead.has(barcode)),
      untagged: untagged.size,
      untaggedApart: both(untagged, listed('untagged')),
      searches: this.#searches,
      searchesInVain: this.#inVain,
      observations: this.#observations,
    };
  }

  #tell(words: readonly { readonly barcode: string; readonly status: string }[]): void {
    const at = new Date(this.library.nowMs).toISOString();
    for (let from = 0; from < words.length; from += BATCH) {
      const items = words.slice(from, from + BATCH).map((word) => ({ ...word, at }));
      this.#input({ kind: 'ils', items });
    }
  }

  #batch(observations: readonly { readonly kind: string; readonly reader?: unknown }[]): void {
    this.#observations += observations.length;
    const source = `gw-${String(observations[0]?.reader)}`;
    const origin = { source, epoch: 'epoch-0001', atMs: this.library.nowMs, uptimeMs: 1 };
    for (const entry of this.#entries.batches(observations, origin)) this.#engine.reduce(entry);
  }

  #input(body: object): void {
    this.#engine.reduce(this.#entries.input(body, this.library.nowMs));
  }
}
