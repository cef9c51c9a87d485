/** Runs the location rules over a laboratory and counts how often they are right. */
import { indexPlan, type PlanIndex } from '#contract/domain/plan-index.ts';
import { LOCATION_RULES, type LocationRules } from '#engine/location/location-rules.ts';
import { departWhenDue, locateTag, type LocateContext } from '#engine/location/locate.ts';
import type { LocationChange } from '#engine/location/settle.ts';
import { relateReadPoints } from '#engine/location/relations.ts';
import { TagTable } from '#engine/location/tag-table.ts';
import { shelfId, type Laboratory, type LabTag } from './reads-laboratory.ts';

export class Trial {
  readonly lab: Laboratory;
  readonly index: PlanIndex;
  readonly tags = new TagTable();
  readonly moves = new Map<string, number>();
  readonly changes: (LocationChange & { readonly epc: string })[] = [];
  readonly #context: LocateContext;
  readonly #homes = new Map<string, number>();
  readonly #dead = new Set<number>();
  #count = 0;

  constructor(
    lab: Laboratory,
    { rules = LOCATION_RULES, knowsHomes = true }: { rules?: LocationRules; knowsHomes?: boolean } = {},
  ) {
    this.lab = lab;
    this.index = indexPlan(lab.plan());
    for (const tag of lab.tags) this.#homes.set(tag.epc, tag.shelf);
    this.#context = {
      rules,
      readPoints: relateReadPoints(this.index, (id) => Number(id.slice(3))),
      isLive: (readPoint) => !this.#dead.has(readPoint),
      hasHome: () => knowsHomes,
      offsetDb: () => 0,
      isHome: (tag, readPoint) => knowsHomes && this.#homes.get(this.tags.keys[tag] ?? '') === readPoint,
    };
  }

  run(ms: number): void {
    const endMs = this.lab.nowMs + ms;
    while (this.lab.nowMs < endMs) this.take(this.lab.step());
  }

  silence(shelf: number): void {
    this.#dead.add(shelf);
    this.take(this.lab.setSilent(shelf));
  }

  take(observations: ReturnType<Laboratory['step']>): void {
    for (const observation of observations) {
      if (observation.kind !== 'tag') continue;
      this.#count += 1;
      const tag = this.tags.numberOf(observation.id.epc ?? '');
      const reads = observation.rssi?.n ?? 0;
      const change = locateTag(
        this.tags,
        tag,
        {
          readPoint: Number(observation.readPoint.slice(3)),
          isLost: observation.phase === 'lost',
          firstMs: Date.parse(observation.first),
          lastMs: Date.parse(observation.last),
          sample: {
            live: observation.cyclesLive,
            seen: observation.cyclesSeen,
            reads,
            sumDbm: reads * (observation.rssi?.meanDbm ?? 0),
          },
          event: { stream: 0, seq: this.#count, index: 0 },
        },
        this.#context,
      );
      this.#note(tag, change);
    }
    for (let tag = 0; tag < this.tags.size; tag += 1)
      this.#note(tag, departWhenDue(this.tags, tag, this.lab.nowMs, this.#context));
  }

  get sightings(): number {
    return this.#count;
  }

  placeOf(epc: string): number {
    const tag = this.tags.find(epc);
    return tag === undefined ? -1 : (this.tags.home[tag] ?? -1);
  }

  /** Shares of these tags on the right shelf, and on it or the one beside it. */
  score(
    tags: readonly LabTag[],
    placeOf: (epc: string) => number = (epc) => this.placeOf(epc),
  ): { exact: number; near: number } {
    let exact = 0;
    let near = 0;
    for (const tag of tags) {
      const place = placeOf(tag.epc);
      if (place === tag.shelf) exact += 1;
      if (place === tag.shelf || this.index.isAdjacent(shelfId(place), shelfId(tag.shelf))) near += 1;
    }
    return { exact: exact / tags.length, near: near / tags.length };
  }

  #note(tag: number, change: LocationChange | undefined): void {
    if (change === undefined) return;
    const epc = this.tags.keys[tag] ?? '';
    this.changes.push({ ...change, epc });
    if (change.kind === 'moved') this.moves.set(epc, (this.moves.get(epc) ?? 0) + 1);
  }
}
