/** The shelves of each branch in the order in which books run on: by the plan's list, within a bay by tier. */
import type { Place } from '#contract/domain/plan.ts';
import type { PlanIndex } from '#contract/domain/plan-index.ts';

export interface ShelfSequence {
  readonly shelves: readonly string[];
  /** Place in the sequence; `undefined` for what is no shelf. */
  rankOf(shelf: string): number | undefined;
  /** Whether books can run on from one to the other: they stand in one branch. */
  isOneRun(a: number, b: number): boolean;
}

export function sequenceShelves(index: PlanIndex): ShelfSequence {
  const shelves: string[] = [];
  const branches: (string | undefined)[] = [];
  const seen = new Set<string>();
  for (const place of index.plan.places) {
    if (place.kind !== 'shelf' || seen.has(place.id)) continue;
    for (const shelf of besides(place, index)) {
      seen.add(shelf.id);
      shelves.push(shelf.id);
      branches.push(index.enclosing(shelf.id, 'branch')?.id);
    }
  }
  const ranks = new Map(shelves.map((id, rank) => [id, rank]));
  return {
    shelves,
    rankOf: (shelf) => ranks.get(shelf),
    isOneRun: (a, b) => branches[a] === branches[b],
  };
}

function besides(place: Place, index: PlanIndex): readonly Place[] {
  if (place.parent === null) return [place];
  const shelves = index.children(place.parent).filter((other) => other.kind === 'shelf');
  const tier = (shelf: Place): number => shelf.tier ?? shelves.indexOf(shelf) + 1;
  return shelves.toSorted((a, b) => tier(a) - tier(b));
}
