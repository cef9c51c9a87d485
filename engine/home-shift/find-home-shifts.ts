/**
 * Finds runs of books that stand some shelves further on. For each shelf the books that belong there vote with the number
 * of shelves they stand off; a shelf is shifted when most of them agree on one number, and a question is worth asking when
 * enough neighbouring shelves agree. Strays, swapped books and a trolley put down wrongly do not: they agree on nothing, or
 * are few of their shelf.
 */
import type { HomeShift } from '#contract/domain/home-shift.ts';
import type { ShelfSequence } from './shelf-sequence.ts';

export interface HomeShiftRules {
  /** Of the books of a shelf that were heard somewhere. */
  readonly share: number;
  /** Fewer on a shelf say nothing about it. */
  readonly itemsOfShelf: number;
  /** In the whole run. */
  readonly items: number;
  readonly shelves: number;
  /** Nobody moves a run further without a new plan. */
  readonly offsetMax: number;
}

export const HOME_SHIFT_RULES: HomeShiftRules = { share: 0.6, itemsOfShelf: 4, items: 20, shelves: 2, offsetMax: 60 };

/** A book that stands on a shelf for sure, and the shelves it belongs to. */
export interface StandingItem {
  readonly home: readonly string[];
  readonly place: string;
}

interface Votes {
  total: number;
  readonly byOffset: Map<number, number>;
}

interface ShiftedShelf {
  readonly rank: number;
  readonly offset: number;
  readonly items: number;
  readonly shifted: number;
}

/** In walking order; the same books give the same questions in whatever order they come. */
export function findHomeShifts(
  items: Iterable<StandingItem>,
  sequence: ShelfSequence,
  rules: HomeShiftRules = HOME_SHIFT_RULES,
): readonly HomeShift[] {
  const shifted = [...countVotes(items, sequence, rules)]
    .flatMap(([rank, votes]) => judgeShelf(rank, votes, rules) ?? [])
    .sort((a, b) => a.rank - b.rank);
  const runs: ShiftedShelf[][] = [];
  for (const shelf of shifted) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    const goesOn =
      last?.offset === shelf.offset && last.rank + 1 === shelf.rank && sequence.isOneRun(last.rank, shelf.rank);
    if (goesOn) run?.push(shelf);
    else runs.push([shelf]);
  }
  return runs.flatMap((run) => toQuestion(run, sequence, rules) ?? []);
}

/** Whether a question speaks for this book, so that it needs no line of its own. */
export function isCovered(shift: HomeShift, item: StandingItem): boolean {
  return item.home.some((home) => shift.standOn[shift.shelves.indexOf(home)] === item.place);
}

function countVotes(
  items: Iterable<StandingItem>,
  sequence: ShelfSequence,
  { offsetMax }: HomeShiftRules,
): ReadonlyMap<number, Votes> {
  const shelves = new Map<number, Votes>();
  for (const { home, place } of items) {
    const at = sequence.rankOf(place);
    const own = sequence.rankOf(home[0] ?? '');
    if (own === undefined || at === undefined) continue;
    let votes = shelves.get(own);
    if (votes === undefined) shelves.set(own, (votes = { total: 0, byOffset: new Map() }));
    votes.total += 1;
    const offset = home.includes(place) ? 0 : at - own;
    if (Math.abs(offset) > offsetMax || !sequence.isOneRun(own, at)) continue;
    votes.byOffset.set(offset, (votes.byOffset.get(offset) ?? 0) + 1);
  }
  return shelves;
}

function judgeShelf(rank: number, { total, byOffset }: Votes, rules: HomeShiftRules): ShiftedShelf | undefined {
  if (total < rules.itemsOfShelf) return undefined;
  for (const [offset, shifted] of byOffset) {
    // More than half: no second offset can be as strong.
    if (offset !== 0 && shifted >= rules.share * total) return { rank, offset, items: total, shifted };
  }
  return undefined;
}

function toQuestion(
  run: readonly ShiftedShelf[],
  { shelves }: ShelfSequence,
  rules: HomeShiftRules,
): HomeShift | undefined {
  const offset = run[0]?.offset ?? 0;
  const shifted = run.reduce((sum, shelf) => sum + shelf.shifted, 0);
  if (run.length < rules.shelves || shifted < rules.items) return undefined;
  const from = run.map(({ rank }) => shelves[rank] ?? '');
  return {
    id: `${from[0] ?? ''}~${from.length}~${offset}`,
    shelves: from,
    standOn: run.map(({ rank }) => shelves[rank + offset] ?? ''),
    offset,
    items: run.reduce((sum, shelf) => sum + shelf.items, 0),
    shifted,
  };
}
