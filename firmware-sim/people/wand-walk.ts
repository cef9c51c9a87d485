/**
 * Somebody with a wand: along one shelf after the other, from its first book to its last. Time comes in with each question.
 * The order of the books is truth as well: a few stand anywhere on their shelf, and it is always the same few.
 */
import { fnv1a, type Random } from '#sim/random/random.ts';
import { hearBeam, isUnreadable, type Standing } from '#sim/radio/wand-beam.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import { BAY_METRES } from '#sim/world/ranges.ts';
import type { Stock } from '#sim/world/stock.ts';
import { shelfTagOf } from '#sim/world/tag-numbers.ts';

const METRES_PER_MS = 0.0005;
/** Where the hand begins and ends, beside the shelf. */
const BESIDE_METRES = 0.3;
const SHELF_MS = (BAY_METRES + 2 * BESIDE_METRES) / METRES_PER_MS;
/** From the word to the shelf. */
const REACH_MS = 2000;
const SHELVES_MAX = 90;
const DISORDERLY_IN_THOUSAND = 15;

export interface WandWalkDeps {
  readonly demo: DemoLibrary;
  readonly stock: Stock;
  readonly random: Random;
  readonly epcOf: (item: number) => string | undefined;
}

interface Walk {
  /** Places in `demo.shelves`. */
  readonly shelves: readonly number[];
  readonly startMs: number;
}

export class WandWalk {
  readonly #deps: WandWalkDeps;
  #walk: Walk | undefined;
  #around: { readonly shelf: number; readonly standing: Standing[] } | undefined;

  constructor(deps: WandWalkDeps) {
    this.#deps = deps;
  }

  /** Shelves of that shelf, bay or range; any bay when nobody says which. Gives the time it takes, `undefined` for no shelf. */
  begin(place: string | undefined, atMs: number): number | undefined {
    const { demo, random } = this.#deps;
    const wanted = place ?? bayOf(random.pick(demo.shelves).id);
    const shelves = demo.shelves.flatMap(({ id }, at) => (id === wanted || id.startsWith(`${wanted}-`) ? [at] : []));
    if (shelves.length === 0) return undefined;
    this.#around = undefined;
    this.#walk = { shelves: shelves.slice(0, SHELVES_MAX), startMs: atMs + REACH_MS };
    return REACH_MS + this.#walk.shelves.length * SHELF_MS;
  }

  end(): void {
    this.#walk = undefined;
  }

  /** What one inventory gives now. */
  heard(nowMs: number): ReturnType<typeof hearBeam> {
    const walk = this.#walk;
    if (walk === undefined || nowMs < walk.startMs) return [];
    const at = Math.floor((nowMs - walk.startMs) / SHELF_MS);
    const shelf = walk.shelves[at];
    if (shelf === undefined) return [];
    const metres = (nowMs - walk.startMs - at * SHELF_MS) * METRES_PER_MS - BESIDE_METRES;
    // Looked at once for each shelf: nobody takes a book from under the wand.
    if (this.#around?.shelf !== shelf) this.#around = { shelf, standing: this.#standingAround(shelf) };
    return hearBeam(this.#around.standing, { shelf, metres }, this.#deps.random);
  }

  /** Items of a shelf as they stand there. */
  orderOn(place: string): readonly number[] {
    const { demo, stock } = this.#deps;
    const items = [...stock.itemsAt(place)].sort((a, b) => a - b);
    const isAstray = (item: number): boolean =>
      !demo.isHome(item, place) || fnv1a(`astray/${item}`) % 1000 < DISORDERLY_IN_THOUSAND;
    const row = items.filter((item) => !isAstray(item));
    for (const item of items.filter(isAstray)) row.splice(fnv1a(`stands/${item}`) % (row.length + 1), 0, item);
    return row;
  }

  /** The shelf, and those above and below it in its bay. */
  #standingAround(shelf: number): Standing[] {
    const { demo, epcOf } = this.#deps;
    const bay = bayOf(demo.shelves[shelf]?.id ?? '');
    return [shelf - 1, shelf, shelf + 1].flatMap((at): Standing[] => {
      const id = demo.shelves[at]?.id;
      if (id === undefined || bayOf(id) !== bay) return [];
      const row = this.orderOn(id);
      const books = row.flatMap((item, n): Standing[] => {
        const epc = epcOf(item);
        if (epc === undefined || isUnreadable(epc)) return [];
        return [{ epc, shelf: at, metres: ((n + 0.5) / row.length) * BAY_METRES }];
      });
      return [{ epc: shelfTagOf(at), shelf: at, metres: -0.05 }, ...books];
    });
  }
}

/** Of `f1-r2-a3-t4`: `f1-r2-a3`. */
function bayOf(shelf: string): string {
  return shelf.slice(0, shelf.lastIndexOf('-'));
}
