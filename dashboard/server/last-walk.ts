/**
 * The walk along the places of a list. The last one of a plan is kept: every screen asks again when one line has changed, and
 * most changes leave the places alone.
 */
import { type Walk, walkingOrder } from '#contract/domain/walking-order.ts';
import type { LibraryPlan } from './plans.ts';

/** More stops than this are not put in a short way, but in the order of the plan. */
const WALKED_PLACES_MAX = 1000;

const lastWalks = new WeakMap<LibraryPlan, { readonly key: string; readonly walk: Walk }>();

/** `places` sorted, each once; `from`: where the walk begins. */
export function walkTo(plan: LibraryPlan, places: readonly string[], from?: string): Walk {
  const key = `${from ?? ''}\n${places.join(' ')}`;
  const last = lastWalks.get(plan);
  if (last?.key === key) return last.walk;
  const walk =
    places.length > WALKED_PLACES_MAX ? { order: places, metres: 0 } : walkingOrder(plan.index, places, from);
  lastWalks.set(plan, { key, walk });
  return walk;
}
