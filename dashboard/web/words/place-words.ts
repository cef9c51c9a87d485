/**
 * Where something is, as a librarian says it: "Floor 2 · Range 14 · Bay 3 · Shelf 5".
 *
 * The plan holds the label on the wall ("14"); the word for the kind comes from the reader's language. A label that is
 * already a name ("Quiet reading room") needs no such word before it.
 */
import type { Place } from '#contract/domain/plan.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

export type Words = (key: string, values?: Record<string, string | number>) => string;

/** "2", "14a", "B", "G-3": labels that say nothing without their kind. */
const BARE_LABEL = /^(?:\p{L}{0,2}[-.]?\d{1,4}\p{L}?|[A-Z]{1,2})$/u;

export function placeWord(place: Place, t: Words): string {
  return BARE_LABEL.test(place.name) ? t(`place.${place.kind}`, { name: place.name }) : place.name;
}

/** From the floor to the place itself; areas on the way are left out where a range says it better. */
export function placeParts(plan: PlanIndex, id: string, t: Words): readonly string[] {
  const path = plan.pathOf(id);
  const hasRange = path.some((entry) => entry.kind === 'range');
  const last = path.at(-1);
  return path.filter((entry) => isSaid(entry, plan, hasRange && entry !== last)).map((entry) => placeWord(entry, t));
}

function isSaid(entry: Place, plan: PlanIndex, skipsAreas: boolean): boolean {
  switch (entry.kind) {
    case 'library':
      return false;
    case 'branch':
      return plan.branchCount > 1;
    case 'zone':
    case 'room':
      return !skipsAreas;
    default:
      return true;
  }
}

/** One line; an id the plan no longer knows is shown as it is, since it is all we have. */
export function placeText(plan: PlanIndex, id: string, t: Words): string {
  const parts = placeParts(plan, id, t);
  return parts.length === 0 ? id : parts.join(t('place.separator'));
}
