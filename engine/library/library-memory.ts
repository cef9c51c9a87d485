/** What of a library must survive a restart, as rows: written when touched, read back once at the start. */
import { plan as planSchema, type Plan } from '#contract/domain/plan.ts';
import { shelvingSettings, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { CalibrationRow } from '#contract/domain/state-rows.ts';
import type { EngineChange, MemoryRow } from '#engine/engine-rows.ts';
import type { ReadPointMemory } from '#engine/read-points/read-points.ts';
import type { LineMemory, ZoneMemory } from '#engine/space/zone-ledger.ts';
import { itemRow, recallItem, rememberItem } from './item-record.ts';
import type { Library } from './library.ts';
import { recallConditions, takeConditionsChange } from './conditions-memory.ts';
import { recallTag, rememberTag } from './tag-memory.ts';

/** Library keys hold no blank, so a slice can be taken apart again. */
const slice = (kind: string, library: string): string => `${kind} ${library}`;

/** Gathers the touched rows of a library and forgets that they were touched. */
export function takeLibraryChange(library: Library): Omit<EngineChange, 'facts'> {
  const { touched, key } = library;
  const memory: MemoryRow[] = [];
  const remember = (kind: string, name: string, body: string | null): void => {
    memory.push({ slice: slice(kind, key), key: name, body });
  };
  for (const tag of touched.tags) {
    const labels = library.labels[tag] ?? { keys: [], barcode: undefined };
    remember('tag', library.tags.keys[tag] ?? '', rememberTag(library.tags, tag, labels, library));
  }
  const items = [...touched.removedItems, ...touched.items];
  for (const item of items) remember('item', item.barcode, rememberItem(item));
  const { byId } = library.readPoints;
  const readPoints = [...touched.readPoints].flatMap((id) => byId.get(id) ?? []);
  for (const known of readPoints) remember('read-point', known.id, JSON.stringify(known));
  for (const number of touched.calibrations) {
    const known = library.calibration.byReadPoint.get(number);
    const readPoint = library.readPointId(number);
    if (known === undefined) continue;
    const { offsetDb, byHand, samples, references } = known;
    const row: CalibrationRow = {
      library: key,
      readPoint,
      offsetDb: byHand ?? offsetDb,
      source: byHand !== undefined ? 'hand' : references > 0 ? 'references' : 'learnt',
      samples,
      references,
      atMs: library.nowMs,
    };
    // What was learnt stays known while staff's word holds.
    remember('calibration', readPoint, JSON.stringify({ ...row, learntDb: offsetDb }));
  }
  for (const tag of touched.references) remember('reference', tag, library.references.get(tag) ?? null);
  for (const line of touched.lines) remember('line', line, JSON.stringify(library.ledger.lines.get(line) ?? null));
  for (const zone of touched.zones) remember('zone', zone, JSON.stringify(library.ledger.zones.get(zone) ?? null));
  const zones = [...touched.zones].map((place) => ({
    library: key,
    place,
    ...library.ledger.shown(place),
    atMs: library.ledger.zones.get(place)?.atMs ?? null,
  }));
  const { sweeps, signals, memory: swept } = library.sweeps.takeChange(slice('sweep', key));
  memory.push(...swept, ...library.gates.takeMemory(slice('gate', key)));
  const change = {
    sweeps,
    signals,
    items: items.map((item) => itemRow(key, item)),
    zones,
    readPoints: readPoints.map((known) => ({
      library: key,
      readPoint: known.id,
      state: known.state,
      sinceMs: known.sinceMs,
      lastHeardMs: known.lastHeardMs,
    })),
    memory,
  };
  const conditions = takeConditionsChange(library);
  memory.push(...conditions.memory);
  for (const set of Object.values(touched) as Set<unknown>[]) set.clear();
  const { homeShifts, memory: asked } = library.homeShifts.takeChange(slice('home-shift', key));
  memory.push(...asked);
  return { ...change, homeShifts, work: conditions.work, ils: conditions.ils, uses: conditions.uses };
}

/** Small and always changing: the counters of the library. */
export function rememberCounters(library: Library): MemoryRow {
  const { catalogueVersion, factCount, nowMs } = library;
  return {
    slice: slice('library', library.key),
    key: 'counters',
    body: JSON.stringify({ catalogueVersion, factCount, nowMs }),
  };
}

export function rememberPlan(library: string, plan: Plan): MemoryRow {
  return { slice: slice('plan', library), key: 'plan', body: JSON.stringify(plan) };
}

export function rememberShelving(library: string, settings: ShelvingSettings): MemoryRow {
  return { slice: slice('shelving', library), key: 'settings', body: JSON.stringify(settings) };
}

/** Puts a library back from its rows; `rowsOf` gives the rows of one slice. */
export function recallLibrary(library: Library, rowsOf: (slice: string) => Iterable<MemoryRow>): void {
  const bodies = (kind: string): [string, string][] =>
    [...rowsOf(slice(kind, library.key))].flatMap(({ key, body }) => (body === null ? [] : [[key, body]]));
  const counters = bodies('library')[0]?.[1];
  if (counters !== undefined) Object.assign(library, JSON.parse(counters));
  const shelving = bodies('shelving')[0]?.[1];
  if (shelving !== undefined) library.shelving = shelvingSettings.parse(JSON.parse(shelving));
  const planBody = bodies('plan')[0]?.[1];
  library.restore(planBody === undefined ? undefined : planSchema.parse(JSON.parse(planBody)));
  for (const [key, body] of bodies('tag')) {
    const tag = library.tags.numberOf(key);
    library.knowTag(key, recallTag(library.tags, tag, body, library));
  }
  for (const [key, body] of bodies('item')) {
    const item = library.holdings.find(key);
    if (item !== undefined) recallItem(item, body);
  }
  for (const [key, body] of bodies('read-point')) library.readPoints.byId.set(key, JSON.parse(body) as ReadPointMemory);
  for (const [key, body] of bodies('line')) library.ledger.lines.set(key, JSON.parse(body) as LineMemory);
  for (const [key, body] of bodies('zone')) {
    const zone = JSON.parse(body) as ZoneMemory | null;
    if (zone !== null) library.ledger.zones.set(key, zone);
  }
  library.sweeps.restore(bodies('sweep'));
  library.gates.recall(bodies('gate'));
  recallConditions(library, bodies);
  library.homeShifts.recall(bodies('home-shift'));
  for (const [tag, place] of bodies('reference')) library.references.set(tag, place);
  for (const [readPoint, body] of bodies('calibration')) {
    const row = JSON.parse(body) as CalibrationRow & { readonly learntDb: number };
    library.calibration.byReadPoint.set(library.readPointNumber(readPoint), {
      offsetDb: row.learntDb,
      samples: row.samples,
      references: row.references,
      byHand: row.source === 'hand' ? row.offsetDb : undefined,
    });
  }
  library.rearm();
}
