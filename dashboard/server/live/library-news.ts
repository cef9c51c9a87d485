/**
 * What is new in one library since the last look: facts by number, antennas that changed or were heard, and whether so much
 * happened (another plan, a state that began anew, a backlog) that everything must be read again.
 */
import type { Fact } from '#contract/domain/fact.ts';
import type { LibraryPlan } from '#dashboard/server/plans.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import type { ReadPointRow, StateReader } from '#store/state/state.ts';

/** More facts than this since the last look: reading the rooms anew is cheaper than following them one by one. */
const FACTS_FOLLOWED_MAX = 5000;
/** "Last heard" moves without a fact; a person reads it in seconds. */
const READ_POINTS_EVERY_MS = 2000;

export interface News {
  readonly facts: readonly Fact[];
  /** Read points whose row is another than at the last look. */
  readonly readPoints: ReadonlySet<string>;
  readonly isEverything: boolean;
  /** True about once a second: time to look at what changes without a fact. */
  readonly isSecond: boolean;
}

export interface LibraryNews {
  /** To be called once per pulse. */
  look(isSecond: boolean): News;
  /** As of the last look. */
  readPointRow(id: string): ReadPointRow | undefined;
  state(): StateReader | undefined;
  plan(): LibraryPlan | undefined;
}

export function followLibrary(sources: Pick<Sources, 'state' | 'plans' | 'clock'>, library: string): LibraryNews {
  let state = sources.state.get();
  let plan = sources.plans.of(library);
  let lastFact = state?.lastFactNumber(library) ?? 0;
  let readPoints = readPointsOf(state);
  let nextReadPointsMs = sources.clock.uptimeMs() + READ_POINTS_EVERY_MS;

  function readPointsOf(reader: StateReader | undefined): ReadonlyMap<string, ReadPointRow> {
    return new Map((reader?.readPoints(library) ?? []).map((row) => [row.readPoint, row]));
  }

  function readFacts(reader: StateReader): readonly Fact[] | undefined {
    const newest = reader.lastFactNumber(library);
    if (newest === lastFact) return [];
    const isFollowed = newest > lastFact && newest - lastFact <= FACTS_FOLLOWED_MAX;
    const facts = isFollowed ? reader.factsAfter(library, lastFact, FACTS_FOLLOWED_MAX) : undefined;
    lastFact = facts?.at(-1)?.n ?? newest;
    return facts;
  }

  function readReadPoints(reader: StateReader, facts: readonly Fact[]): ReadonlySet<string> {
    const isDue = sources.clock.uptimeMs() >= nextReadPointsMs || facts.some((fact) => fact.kind === 'antenna-state');
    if (!isDue) return new Set();
    nextReadPointsMs = sources.clock.uptimeMs() + READ_POINTS_EVERY_MS;
    const before = readPoints;
    readPoints = readPointsOf(reader);
    const changed = [...readPoints.values()].filter((row) => {
      const old = before.get(row.readPoint);
      return old?.state !== row.state || old.lastHeardMs !== row.lastHeardMs;
    });
    return new Set(changed.map((row) => row.readPoint));
  }

  return {
    look(isSecond) {
      const [oldState, oldPlan] = [state, plan];
      state = sources.state.get();
      plan = sources.plans.of(library);
      const facts = state === undefined ? [] : readFacts(state);
      const changed = state === undefined ? new Set<string>() : readReadPoints(state, facts ?? []);
      const isEverything = facts === undefined || state !== oldState || plan !== oldPlan;
      return { facts: facts ?? [], readPoints: changed, isEverything, isSecond };
    },
    readPointRow: (id) => readPoints.get(id),
    state: () => state,
    plan: () => plan,
  };
}
