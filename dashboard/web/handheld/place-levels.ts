/** Choosing a shelf on a phone: one short list after the other, from the floor down, instead of one of two thousand lines. */
import type { Place } from '#contract/domain/plan.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

export interface PlaceLevel {
  readonly chosen: string | null;
  /** What is chosen when this list is set back: the place above. */
  readonly above: string | null;
  readonly options: readonly Place[];
}

/** Lists up to the first one that nothing is chosen of. A place without shelves below or in itself is not offered. */
export function placeLevels(plan: PlanIndex, chosen: string | undefined): readonly PlaceLevel[] {
  const path = chosen === undefined ? [] : plan.pathOf(chosen);
  const firstFloor = path.findIndex(({ kind }) => kind === 'floor');
  const steps = firstFloor === -1 ? [] : path.slice(firstFloor);
  const levels: PlaceLevel[] = [];
  let above: string | null = null;
  let options: readonly Place[] = plan.floors;
  for (;;) {
    const usable = options.filter((place) => holdsShelves(plan, place));
    if (usable.length === 0) return levels;
    const step: Place | undefined = steps[levels.length];
    levels.push({ chosen: step?.id ?? null, above, options: usable });
    if (step === undefined) return levels;
    above = step.id;
    options = plan.childrenOf(step.id);
  }
}

/** A wand is told of a shelf or a bay; anything wider is only on the way there. */
export function sweepTarget(plan: PlanIndex, chosen: string | undefined): string | undefined {
  const kind = chosen === undefined ? undefined : plan.get(chosen)?.kind;
  return kind === 'shelf' || kind === 'bay' ? chosen : undefined;
}

function holdsShelves(plan: PlanIndex, place: Place): boolean {
  if (place.kind === 'shelf') return true;
  for (const below of plan.below(place.id)) if (below.kind === 'shelf') return true;
  return false;
}
