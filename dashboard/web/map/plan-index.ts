import type { Place, Plan } from '#contract/domain/plan.ts';

/** A tree deeper than this is no building; the server has checked for cycles, and this bounds them anyway. */
const DEPTH_MAX = 32;

/** The plan, ready to be asked. Built once per version. */
export class PlanIndex {
  readonly floors: readonly Place[];
  readonly branchCount: number;
  readonly hasGates: boolean;
  readonly #byId: ReadonlyMap<string, Place>;
  readonly #children = new Map<string, Place[]>();
  readonly #heardBy: ReadonlyMap<string, readonly string[]>;
  readonly #equipped: ReadonlySet<string>;
  readonly #ofReader = new Map<string, string>();

  constructor(plan: Plan) {
    this.#byId = new Map(plan.places.map((place) => [place.id, place]));
    for (const place of plan.places) {
      if (place.parent === null) continue;
      const siblings = this.#children.get(place.parent);
      if (siblings) siblings.push(place);
      else this.#children.set(place.parent, [place]);
    }
    this.#heardBy = new Map(plan.readPoints.map((point) => [point.id, point.places]));
    this.#equipped = new Set(plan.readPoints.flatMap((point) => point.places));
    for (const { reader, places } of plan.readPoints) {
      const [first] = places;
      if (first !== undefined && !this.#ofReader.has(reader)) this.#ofReader.set(reader, first);
    }
    this.floors = plan.places.filter((place) => place.kind === 'floor');
    this.hasGates = plan.places.some((place) => place.kind === 'gate');
    this.branchCount = plan.places.filter((place) => place.kind === 'branch').length;
  }

  get(id: string): Place | undefined {
    return this.#byId.get(id);
  }

  childrenOf(id: string): readonly Place[] {
    return this.#children.get(id) ?? [];
  }

  /** The places where an antenna listens. */
  placesHeardBy(readPoint: string): readonly string[] {
    return this.#heardBy.get(readPoint) ?? [];
  }

  /** Where the first antenna of a reader listens. */
  placeOfReader(reader: string): Place | undefined {
    return this.#byId.get(this.#ofReader.get(reader) ?? '');
  }

  hasAntenna(id: string): boolean {
    return this.#equipped.has(id);
  }

  /** From the root to the place itself; empty for an unknown id. */
  pathOf(id: string): readonly Place[] {
    const path: Place[] = [];
    let current = this.#byId.get(id);
    while (current !== undefined && path.length < DEPTH_MAX) {
      path.unshift(current);
      current = current.parent === null ? undefined : this.#byId.get(current.parent);
    }
    return path;
  }

  /** The nearest place of a kind on the way up, the place itself included. */
  ancestor(id: string, kind: Place['kind']): Place | undefined {
    return this.pathOf(id).findLast((entry) => entry.kind === kind);
  }

  /** Everything below a place, depth first, in the plan's own order. */
  *below(id: string, depth = 0): Generator<Place> {
    if (depth > DEPTH_MAX) return;
    for (const child of this.childrenOf(id)) {
      yield child;
      yield* this.below(child.id, depth + 1);
    }
  }
}
