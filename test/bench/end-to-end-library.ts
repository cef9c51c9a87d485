/** The library of the end-to-end bench: 500 shelves with 20,000 tagged items, and 100 shelves where probes arrive. */
import type { Item } from '#contract/domain/item.ts';
import { plan as planSchema, type Plan } from '#contract/domain/plan.ts';
import type { TagObservation } from '#contract/wire/observation.ts';

export const LIBRARY = 'bench';
export const FLOOR = 'floor-1';
export const SHELVES = 500;
export const ITEMS = 20_000;
/** Each probe is an item nobody has heard before, on a shelf that nothing else changes. */
export const PROBES = 100;
export const PROBE_GATEWAY = 'gw-probe';
export const LOAD_GATEWAYS: readonly string[] = Array.from({ length: 10 }, (_, n) => `gw-${n}`);

const SHELVES_A_BAY = 6;
/** No item of the load has this number or a higher one. */
const FIRST_PROBE = 1_000_000;

export function benchPlan(): Plan {
  const shelves = Array.from({ length: SHELVES + PROBES }, (_, n) => ({
    id: shelfId(n),
    kind: 'shelf',
    parent: `bay-${Math.floor(n / SHELVES_A_BAY)}`,
    name: `${n}`,
    tier: (n % SHELVES_A_BAY) + 1,
    collection: 'open',
    range: { scheme: 'local', from: callNumber(n), to: callNumber(n) },
  }));
  const bays = Array.from({ length: Math.ceil(shelves.length / SHELVES_A_BAY) }, (_, n) => ({
    id: `bay-${n}`,
    kind: 'bay',
    parent: 'range-1',
    name: `${n}`,
  }));
  return planSchema.parse({
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [
      { id: 'main', kind: 'branch', parent: null, name: 'Main' },
      { id: FLOOR, kind: 'floor', parent: 'main', name: '1' },
      { id: 'range-1', kind: 'range', parent: FLOOR, name: 'R' },
      ...bays,
      ...shelves,
    ],
    aisles: [],
    lines: [],
    readPoints: shelves.map(({ id }, n) => ({ id: readPointId(n), reader: 'reader-1', antenna: n + 1, places: [id] })),
    sensors: [],
  });
}

export function* benchItems(): Generator<Item> {
  for (let n = 0; n < ITEMS; n += 1) yield itemOf(n, n % SHELVES);
  for (let n = 0; n < PROBES; n += 1) yield itemOf(FIRST_PROBE + n, SHELVES + n);
}

/** A sighting of an item of the load where it stands, a little louder or quieter each time. */
export function loadSighting(item: number, at: string): TagObservation {
  return sighting(item, { shelf: item % SHELVES, phase: 'update', at });
}

export function probeSighting(probe: number, at: string): TagObservation {
  return sighting(FIRST_PROBE + probe, { shelf: SHELVES + probe, phase: 'new', at });
}

export const probeShelf = (probe: number): string => shelfId(SHELVES + probe);

function sighting(
  item: number,
  { shelf, phase, at }: { readonly shelf: number; readonly phase: TagObservation['phase']; readonly at: string },
): TagObservation {
  const maxDbm = -50 - Math.round(Math.random() * 12);
  return {
    kind: 'tag',
    reader: 'reader-1',
    antenna: shelf + 1,
    readPoint: readPointId(shelf),
    phase,
    first: at,
    last: at,
    reads: 4,
    // Heard in two cycles: with the first it may be a hand that passes, so the engine waits for the second.
    cyclesSeen: 2,
    cyclesLive: 2,
    rssi: { n: 4, meanMw: 10 ** ((maxDbm - 2) / 10), maxDbm, lastDbm: maxDbm - 3 },
    id: { epc: epcOf(item) },
  };
}

function itemOf(n: number, shelf: number): Item {
  return {
    library: LIBRARY,
    barcode: `B${n}`,
    title: `Book ${n}`,
    author: '',
    year: null,
    language: 'en',
    scheme: 'local',
    callNumber: callNumber(shelf),
    branch: 'main',
    collection: 'open',
    tags: [`epc:${epcOf(n)}`],
  };
}

const shelfId = (n: number): string => `shelf-${n}`;
const readPointId = (n: number): string => `rp-${n}`;
const callNumber = (shelf: number): string => `C${String(shelf).padStart(5, '0')}`;
const epcOf = (n: number): string => n.toString(16).toUpperCase().padStart(24, '0');
