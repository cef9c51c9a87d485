/** What the engine costs: sightings a second through the reducers, and memory per 100,000 items. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createEngine } from '#engine/engine.ts';
import { EvidenceTable } from '#engine/location/evidence-table.ts';
import type { Item } from '#contract/domain/item.ts';
import type { Plan } from '#contract/domain/plan.ts';
import type { TagObservation } from '#contract/wire/observation.ts';
import type { BenchRow } from './row.ts';

const ITEMS = 100_000;
const SHELVES = 3400;
const OBSERVATIONS_PER_BATCH = 500;
const SIGHTINGS_PER_ITEM = 3;
const START_MS = Date.UTC(2026, 0, 5, 8);

export function benchEngine(): Promise<BenchRow[]> {
  const catalogue = Array.from({ length: ITEMS }, (_, i) => itemOf(i));
  const heapBefore = bytesInUse();
  const engine = createEngine({ catalogue: () => catalogue });
  let offset = 0;
  const reduce = (kind: 'input' | 'batch' | 'tick', body: unknown): void => {
    offset += 1;
    engine.reduce({
      offset,
      library: 'bench',
      kind,
      receivedAtMs: START_MS + offset * 50,
      source: 'gw-1',
      epoch: null,
      seq: null,
      shiftMs: 0,
      body: JSON.stringify(body),
    });
  };
  reduce('input', { kind: 'plan', plan: planOf() });
  reduce('input', { kind: 'catalogue', version: 1 });
  engine.takeChange();
  let tookMs = 0;
  const total = ITEMS * SIGHTINGS_PER_ITEM;
  for (let at = 0; at < total; at += OBSERVATIONS_PER_BATCH) {
    const observations = Array.from({ length: OBSERVATIONS_PER_BATCH }, (_, i) => sightingOf(at + i));
    const body = {
      epoch: 'epoch-0001',
      seq: at / OBSERVATIONS_PER_BATCH + 1,
      sentAt: iso(at),
      uptimeMs: 1,
      clock: 'synced',
      observations,
    };
    const startMs = performance.now();
    reduce('batch', body);
    if ((at / OBSERVATIONS_PER_BATCH) % 20 === 19) {
      reduce('tick', {});
      engine.takeChange();
    }
    tookMs += performance.now() - startMs;
  }
  engine.takeChange();
  const bytes = bytesInUse() - heapBefore;
  return Promise.resolve([
    {
      name: 'engine: sightings reduced, rows and memory made, no disk',
      value: Math.round(total / (tookMs / 1000)),
      unit: 'sightings/s',
      bar: { value: 10_000, is: 'at-least' },
    },
    // 2 GiB for two million items are 107 MB for 100,000.
    {
      name: 'engine: memory for 100,000 items, all seen',
      value: Math.round(bytes / 1e6),
      unit: 'MB',
      bar: { value: 107, is: 'at-most' },
    },
    {
      name: 'engine: of it evidence per tag',
      value: EvidenceTable.BYTES_PER_TAG,
      unit: 'bytes',
      bar: { value: 512, is: 'at-most' },
    },
  ]);
}

function bytesInUse(): number {
  // What nobody holds any more is no cost of the engine.
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const shelfOf = (item: number): number => item % SHELVES;

function itemOf(i: number): Item {
  return {
    library: 'bench',
    barcode: `B${String(i).padStart(8, '0')}`,
    title: 'Book',
    author: '',
    year: null,
    language: 'en',
    scheme: 'local',
    callNumber: `C${String(shelfOf(i)).padStart(5, '0')}`,
    branch: 'main',
    collection: 'open',
    tags: [`epc:${epcOf(i)}`],
  };
}

const epcOf = (i: number): string => (0x30340000 + i).toString(16).toUpperCase().padStart(24, '0');
const iso = (n: number): string => new Date(START_MS + n).toISOString();

/** Each item is heard at its shelf, then at the next one, weaker, then at its shelf again. */
function sightingOf(n: number): TagObservation {
  const item = n % ITEMS;
  const round = Math.floor(n / ITEMS);
  const shelf = (shelfOf(item) + (round === 1 ? 1 : 0)) % SHELVES;
  return {
    kind: 'tag',
    reader: 'reader-1',
    antenna: 1,
    readPoint: `rp-${String(shelf)}`,
    phase: round === 2 ? 'update' : 'new',
    first: iso(n),
    last: iso(n),
    reads: 3,
    cyclesSeen: 2,
    cyclesLive: 2,
    rssi: { n: 3, meanMw: round === 1 ? 4e-7 : 1e-6, maxDbm: -58, lastDbm: -60 },
    id: { epc: epcOf(item) },
  };
}

function planOf(): Plan {
  const shelves = Array.from({ length: SHELVES }, (_, i) => ({
    id: `shelf-${String(i)}`,
    kind: 'shelf' as const,
    parent: `bay-${String(Math.floor(i / 6))}`,
    name: 'S',
    tier: (i % 6) + 1,
    collection: 'open',
    range: { scheme: 'local' as const, from: `C${String(i).padStart(5, '0')}`, to: `C${String(i).padStart(5, '0')}` },
  }));
  const bays = Array.from({ length: Math.ceil(SHELVES / 6) }, (_, i) => ({
    id: `bay-${String(i)}`,
    kind: 'bay' as const,
    parent: `range-${String(Math.floor(i / 12))}`,
    name: 'B',
  }));
  const ranges = Array.from({ length: Math.ceil(bays.length / 12) }, (_, i) => ({
    id: `range-${String(i)}`,
    kind: 'range' as const,
    parent: 'main',
    name: 'R',
  }));
  return {
    version: 1,
    validFrom: '2026-01-01T00:00:00.000Z',
    places: [{ id: 'main', kind: 'branch', parent: null, name: 'Main' }, ...ranges, ...bays, ...shelves],
    aisles: [],
    lines: [],
    readPoints: shelves.map((shelf, i) => ({
      id: `rp-${String(i)}`,
      reader: 'reader-1',
      antenna: (i % 1024) + 1,
      places: [shelf.id],
    })),
    sensors: [],
  };
}
