/** What a floor looked like at an earlier minute, and how that changed until a later one. */
import type { PastFloor, PastShelfState } from '#contract/wire/rest-past.ts';
import { PAST_STEP_MS } from '#store/state/past.ts';
import type { StateReader } from '#store/state/state.ts';
import type { LibraryPlan } from './plans.ts';
import { isoOrNull } from './whereabouts.ts';

type Shelf = PastFloor['shelves'][number];

export interface Stretch {
  readonly library: string;
  readonly floor: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** The last full minute at or before a moment. */
export function fullMinute(atMs: number): number {
  return Math.floor(atMs / PAST_STEP_MS) * PAST_STEP_MS;
}

export function pastFloorOf(state: StateReader, plan: LibraryPlan, stretch: Stretch): PastFloor {
  const { library, floor, fromMs, toMs } = stretch;
  const places = plan.shelvesUnder(floor);
  const antennas = followAntennas(state, plan, { ...stretch, places });
  const counts = state.past.countsAt(library, places, fromMs);
  const shelves = new Map(
    places.map((place): [string, Shelf] => {
      const { items, wrong } = counts.get(place) ?? { items: 0, wrong: 0 };
      return [place, { place, items, wrong, state: antennas.stateOf(place) }];
    }),
  );
  const first = [...shelves.values()];
  const changes: PastFloor['changes'] = [];
  const news = [...state.past.changes(library, places, { fromMs, toMs }), ...antennas.changes];
  for (const change of news.toSorted((a, b) => a.atMs - b.atMs)) {
    const before = shelves.get(change.place);
    if (before === undefined) continue;
    const after: Shelf =
      'readPoint' in change
        ? { ...before, state: antennas.hear(change) }
        : { ...before, items: before.items + change.items, wrong: before.wrong + change.wrong };
    if (after.items === before.items && after.wrong === before.wrong && after.state === before.state) continue;
    shelves.set(change.place, after);
    changes.push({ ...after, at: new Date(change.atMs).toISOString() });
  }
  return {
    floor,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    knownFrom: isoOrNull(state.past.knownFromMs(library)),
    asOf: isoOrNull(state.asOfMs()),
    shelves: first,
    changes,
  };
}

const BEST_FIRST = ['live', 'unscheduled', 'blind', 'dead'] as const;

interface AntennaNews {
  readonly place: string;
  readonly readPoint: string;
  readonly atMs: number;
  readonly state: (typeof BEST_FIRST)[number];
}

/** As on the live map, the best of its antennas speaks for a shelf. */
function followAntennas(
  state: StateReader,
  plan: LibraryPlan,
  { library, places, fromMs, toMs }: Omit<Stretch, 'floor'> & { readonly places: readonly string[] },
): {
  readonly changes: readonly AntennaNews[];
  stateOf(place: string): PastShelfState;
  /** Takes the news in; gives what the shelf's state is then. */
  hear(news: AntennaNews): PastShelfState;
} {
  const here = new Set(places);
  const readPoints = [...new Set(places.flatMap((place) => plan.index.readPointsAt(place).map(({ id }) => id)))];
  const states = new Map(state.past.readPointsAt(library, readPoints, fromMs));
  const stateOf = (place: string): PastShelfState => {
    const covering = plan.index.readPointsAt(place);
    if (covering.length === 0) return 'unequipped';
    return BEST_FIRST.find((wanted) => covering.some(({ id }) => states.get(id) === wanted)) ?? 'unknown';
  };
  const changes = state.past.readPointChanges(library, readPoints, { fromMs, toMs }).flatMap((change) => {
    const heardAt = (plan.index.readPoint(change.readPoint)?.places ?? []).filter((place) => here.has(place));
    const atMs = fullMinute(change.atMs) + PAST_STEP_MS;
    return heardAt.map((place): AntennaNews => ({ ...change, atMs, place }));
  });
  return {
    changes,
    stateOf,
    hear(news) {
      states.set(news.readPoint, news.state);
      return stateOf(news.place);
    },
  };
}
