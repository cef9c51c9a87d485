/** Where each swept copy stood: from the shelf tags it was heard beside, from what the person said, else from the books around it. */
import type { PlanIndex } from '#contract/domain/plan-index.ts';
import type { ItemRecord } from '#engine/library/item-record.ts';
import { passAt, type Pass, type SweepSession, type SweptTag } from './sweep-session.ts';

/** One passing of the beam over a copy, at a place. */
export interface Guess {
  readonly at: number;
  readonly weight: number;
  place: string | null;
}

/** A copy, with the strongest guess first. */
export interface Standing {
  readonly item: ItemRecord;
  readonly tag: string;
  readonly guesses: Guess[];
}

/** A guess with less than this share of the best one is a reflection. */
const GUESS_SHARE_MIN = 0.34;
const AROUND = 5;

export interface Standings {
  readonly copies: readonly Standing[];
  /** Tags of no copy, with the place where they were heard. */
  readonly strangers: readonly { readonly tag: SweptTag; readonly place: string | null }[];
}

export function findStandings(
  session: SweepSession,
  index: PlanIndex | undefined,
  itemOf: (tag: SweptTag) => ItemRecord | undefined,
): Standings {
  const shelfOfTag = new Map(
    (index?.plan.places ?? []).flatMap(({ id, shelfTag }) => (shelfTag === undefined ? [] : [[shelfTag, id] as const])),
  );
  const placeOf = placeFinder(session, index, shelfOfTag);
  const byItem = new Map<ItemRecord, { tag: string; guesses: Guess[] }>();
  const strangers: { tag: SweptTag; place: string | null }[] = [];
  for (const tag of session.tags.values()) {
    if (shelfOfTag.has(tag.tag)) continue;
    const guesses = tag.passes.map((pass) => ({ at: passAt(pass), weight: pass.weight, place: placeOf(pass) }));
    guesses.sort((a, b) => b.weight - a.weight);
    const item = itemOf(tag);
    if (item === undefined) strangers.push({ tag, place: guesses[0]?.place ?? null });
    else byItem.set(item, { tag: tag.tag, guesses: [...(byItem.get(item)?.guesses ?? []), ...guesses] });
  }
  const copies = [...byItem].map(([item, { tag, guesses }]) => {
    guesses.sort((a, b) => b.weight - a.weight || a.at - b.at);
    const best = guesses[0]?.weight ?? 0;
    return { item, tag, guesses: guesses.filter(({ weight }) => weight >= GUESS_SHARE_MIN * best) };
  });
  inferPlaces(copies);
  return { copies, strangers };
}

/** The shelf tag that the edge named; else the last one heard before; else the shelf that the person named. */
function placeFinder(
  { tags, target }: SweepSession,
  index: PlanIndex | undefined,
  shelfOfTag: ReadonlyMap<string, string>,
): (pass: Pass) => string | null {
  const markers = [...tags.values()].flatMap((tag) => {
    const place = shelfOfTag.get(tag.tag);
    return place === undefined ? [] : tag.passes.map((pass) => ({ at: passAt(pass), place }));
  });
  markers.sort((a, b) => a.at - b.at);
  const said = target !== null && index?.place(target)?.kind === 'shelf' ? target : null;
  return (pass) => {
    const named = shelfOfTag.get(pass.shelf) ?? (index?.place(pass.shelf) === undefined ? undefined : pass.shelf);
    if (named !== undefined) return named;
    const at = passAt(pass);
    return markers.findLast((marker) => marker.at <= at)?.place ?? said ?? markers[0]?.place ?? null;
  };
}

/** Without any shelf tag the books say where they are: the home that most of those around share. */
function inferPlaces(copies: readonly Standing[]): void {
  const unplaced = copies
    .flatMap(({ item, guesses }) => guesses.map((guess) => ({ guess, home: item.home })))
    .filter(({ guess }) => guess.place === null)
    .sort((a, b) => a.guess.at - b.guess.at);
  const found = unplaced.map((_, i) => {
    const votes = new Map<string, number>();
    for (const { home } of unplaced.slice(Math.max(0, i - AROUND), i + AROUND + 1)) {
      for (const shelf of home) votes.set(shelf, (votes.get(shelf) ?? 0) + 1 / home.length);
    }
    return [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? null;
  });
  unplaced.forEach(({ guess }, i) => (guess.place = found[i] ?? null));
}
