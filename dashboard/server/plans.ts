/** The plan of each library with its index, built once per version: parsing a large plan takes longer than any answer. */
import { createHomeFinder, type HomeFinder } from '#contract/domain/call-number/home-shelves.ts';
import type { Place } from '#contract/domain/plan.ts';
import { indexPlan, type PlanIndex } from '#contract/domain/plan-index.ts';
import type { RegistryReader } from '#store/registry/registry.ts';

export interface LibraryPlan {
  readonly index: PlanIndex;
  readonly homes: HomeFinder;
  /** Every shelf below a place. */
  shelvesUnder(place: string): readonly string[];
  readonly zones: readonly Place[];
}

export interface Plans {
  /** `undefined` before the first plan. */
  of(library: string): LibraryPlan | undefined;
  /** To be called after a plan or the shelving settings were stored: the dashboard is its only writer. */
  forget(library: string): void;
}

export function createPlans(registry: Pick<RegistryReader, 'plan' | 'shelvingSettings'>): Plans {
  const known = new Map<string, LibraryPlan>();
  return {
    of(library) {
      const found = known.get(library);
      if (found !== undefined) return found;
      const plan = registry.plan(library);
      if (plan === undefined) return undefined;
      const built = buildLibraryPlan(indexPlan(plan, registry.shelvingSettings(library)));
      known.set(library, built);
      return built;
    },
    forget: (library) => void known.delete(library),
  };
}

function buildLibraryPlan(index: PlanIndex): LibraryPlan {
  const shelvesUnder = (place: string): string[] => {
    const found: string[] = [];
    const open = [place];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (index.place(id)?.kind === 'shelf') found.push(id);
      open.push(...index.children(id).map((child) => child.id));
    }
    return found;
  };
  return {
    index,
    homes: createHomeFinder(index),
    shelvesUnder,
    zones: index.plan.places.filter((place) => place.kind === 'zone' || place.kind === 'room'),
  };
}
