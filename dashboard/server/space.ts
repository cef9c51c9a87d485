/** How full every zone is now, and how old that is. */
import type { SpaceRow } from '#contract/wire/live.ts';
import type { StateReader, ZoneRow } from '#store/state/state.ts';
import type { LibraryPlan } from './plans.ts';
import { isoOrNull } from './whereabouts.ts';

/** Ticks come once a second; an engine or broker that stands still this long is not working. */
const STANDSTILL_MS = 10_000;

export function spaceRows(
  library: string,
  plan: LibraryPlan | undefined,
  state: Pick<StateReader, 'zones' | 'asOfMs'>,
  nowMs: number,
): ReadonlyMap<string, SpaceRow> {
  const zones = new Map(state.zones(library).map((row) => [row.place, row]));
  const asOfMs = state.asOfMs();
  const places = new Set([...(plan?.zones ?? []).map((place) => place.id), ...zones.keys()]);
  return new Map(
    [...places].map((place) => {
      const capacity = plan?.index.place(place)?.capacity ?? null;
      return [place, spaceRow(zones.get(place), capacity, { asOfMs, nowMs })];
    }),
  );
}

function spaceRow(
  zone: ZoneRow | undefined,
  capacity: number | null,
  time: { readonly asOfMs: number | null; readonly nowMs: number },
): SpaceRow {
  const atMs = zone?.atMs ?? null;
  const isStandstill = time.asOfMs === null || time.nowMs - time.asOfMs > STANDSTILL_MS;
  return {
    people: zone?.people ?? null,
    low: zone?.low ?? null,
    high: zone?.high ?? null,
    capacity,
    at: isoOrNull(atMs),
    // A counter that fell silent makes the value unknown, which the engine says; a quiet night makes it only unchanged.
    stale: isStandstill || atMs === null,
  };
}
