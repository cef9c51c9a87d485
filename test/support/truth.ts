/** What the platform shows, held against what the simulator knows to be so. */
import { indexPlan } from '#contract/domain/plan-index.ts';
import type { StateReader } from '#store/state/state.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { Platform } from './platform.ts';

const LIBRARY = 'demo';
const FACTS_A_PAGE = 5_000;

/** One library with what is shown of it and what is so; the platform may run here or in another process. */
export interface Seen {
  readonly demo: DemoLibrary;
  readonly state: StateReader;
  readonly truth: {
    placeOf(barcode: string): string | undefined;
    untouched(): readonly string[];
    misplaced(): readonly { readonly barcode: string; readonly place: string }[];
  };
}

/** The platform of this process. */
export function seenOf({ demo, simulation, centre }: Platform): Seen {
  if (centre.engine === undefined) throw new Error('no engine runs');
  return { demo, state: centre.engine.state, truth: simulation.truth() };
}

/** Items with a UHF tag that truly stand on a shelf with an antenna, with that shelf. */
export function itemsOnSmartShelves({ demo, truth }: Seen): Map<string, string> {
  const places = indexPlan(demo.plan);
  const heard = new Set(demo.plan.readPoints.flatMap((readPoint) => readPoint.places));
  const found = new Map<string, string>();
  for (const { barcode, tags } of demo.items) {
    const place = truth.placeOf(barcode);
    const isUhf = tags.some((tag) => tag.startsWith('epc:'));
    if (isUhf && place !== undefined && heard.has(place) && places.place(place)?.kind === 'shelf') {
      found.set(barcode, place);
    }
  }
  return found;
}

/** The same, of those items that nothing ever moved. */
export function untouchedOnSmartShelves(seen: Seen): Map<string, string> {
  const untouched = new Set(seen.truth.untouched());
  return new Map([...itemsOnSmartShelves(seen)].filter(([barcode]) => untouched.has(barcode)));
}

/** Shares of the items that are shown on the right shelf, and on it or one that shares an edge with it. */
export function sharesRight(seen: Seen, expected: ReadonlyMap<string, string>): { exact: number; near: number } {
  const places = indexPlan(seen.demo.plan);
  const state = seen.state;
  let exact = 0;
  let near = 0;
  for (const [barcode, place] of expected) {
    const row = state.item(LIBRARY, barcode);
    const shown = row?.condition === 'present' ? row.place : null;
    if (shown === place) exact += 1;
    if (shown === place || (shown !== null && places.neighbours(place).includes(shown))) near += 1;
  }
  return { exact: exact / expected.size, near: near / expected.size };
}

/** Untouched items with the number of times they were shown as moved; those never shown so are left out. */
export function falseMoves(seen: Seen): Map<string, number> {
  const untouched = new Set(seen.truth.untouched());
  const moves = new Map<string, number>();
  for (let after = 0; ;) {
    const facts = seen.state.factsAfter(LIBRARY, after, FACTS_A_PAGE);
    if (facts.length === 0) return moves;
    after = facts.at(-1)?.n ?? after;
    for (const { kind, subject } of facts) {
      if (kind === 'item-moved' && untouched.has(subject)) moves.set(subject, (moves.get(subject) ?? 0) + 1);
    }
  }
}

/** Work-list lines that are true and false, and truly misplaced items that are missing from it. */
export function workListErrors(seen: Seen): { right: number; wrong: number; missing: number } {
  const truth = new Map(seen.truth.misplaced().map(({ barcode, place }) => [barcode, place]));
  const smart = new Set(seen.demo.plan.readPoints.flatMap((readPoint) => readPoint.places));
  const shown = seen.state.misshelved(LIBRARY, 1_000);
  const right = shown.filter((row) => truth.has(row.item)).length;
  const isAudible = [...truth].filter(([, place]) => smart.has(place)).map(([barcode]) => barcode);
  const listed = new Set(shown.map((row) => row.item));
  return {
    right,
    wrong: shown.length - right,
    missing: isAudible.filter((barcode) => !listed.has(barcode)).length,
  };
}
