/**
 * A whole run of books stands some shelves further on: not hundreds of mistakes, but one question to the library. What it
 * looks like, and what the plan becomes when the answer is yes.
 */
import { z } from 'zod';
import { placeId } from './ids.ts';
import type { CallNumberRange, Place, Plan } from './plan.ts';

export const homeShift = z.object({
  /** Made of its shelves and offset: the same question has the same id, whenever it is asked. */
  id: z.string().min(1).max(200),
  /** The shelves the books belong to by the plan, in walking order. */
  shelves: z.array(placeId).min(1),
  /** Where the books of each of them stand, in the same order. */
  standOn: z.array(placeId).min(1),
  /** How many shelves further on; below zero: further back. */
  offset: z.int().refine((value) => value !== 0),
  /** Books of these shelves that were heard somewhere, and those of them that stand as the question says. */
  items: z.int().min(1),
  shifted: z.int().min(1),
});
export type HomeShift = z.infer<typeof homeShift>;

/**
 * The plan after "yes", one version up: each shelf gets the ranges of the shelf whose books it holds now. A shelf whose
 * books went on and to which none came is home to nothing; one outside the run keeps its own books and takes the others in.
 */
export function shiftRanges(plan: Plan, shift: HomeShift, validFrom: string): Plan {
  const byId = new Map(plan.places.map((place) => [place.id, place]));
  const left = new Set(shift.shelves);
  const came = new Map(shift.standOn.map((to, i) => [to, shift.shelves[i] ?? '']));
  const places = plan.places.map((place) => {
    const source = came.get(place.id);
    if (source === undefined && !left.has(place.id)) return place;
    const own = left.has(place.id) ? [] : rangesFor(place, byId);
    const others = source === undefined ? [] : rangesFor(byId.get(source), byId);
    return { ...place, range: undefined, ranges: [...own, ...others] };
  });
  return { ...plan, version: plan.version + 1, validFrom, places };
}

/** Of the place itself or the nearest one above that says. */
function rangesFor(place: Place | undefined, byId: ReadonlyMap<string, Place>): readonly CallNumberRange[] {
  for (let at = place; at !== undefined; at = byId.get(at.parent ?? '')) {
    if (at.range !== undefined || at.ranges !== undefined) {
      return [...(at.range === undefined ? [] : [at.range]), ...(at.ranges ?? [])];
    }
  }
  return [];
}
