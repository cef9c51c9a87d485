/** "What does not work?": gateways, readers, antennas and sensors, what was refused, and our own parts. */
import type { Plan } from '#contract/domain/plan.ts';
import type { GatewayStatus } from '#contract/wire/status.ts';
import type { Devices } from '#contract/wire/rest.ts';
import type { HeardRow } from '#store/broker-state/broker-state.ts';
import type { ReadPointRow } from '#store/state/state.ts';
import type { Sources } from './sources.ts';
import { isoOrNull } from './whereabouts.ts';

type Gateway = Devices['gateways'][number];
type Reader = Gateway['readers'][number];
type Part = Devices['parts'][number];

/** The broker writes its beat every second. */
const BROKER_SILENT_MS = 3000;
/** A tick comes every second; the engine is behind when it is this far back although the broker runs. */
const ENGINE_LATE_MS = 5000;
const ENGINE_DOWN_MS = 30_000;
/** Entries that may be under way without anybody being late. */
const ENTRIES_UNDER_WAY = 2000;
const HISTORY_DOWN_MS = 60_000;
const REFUSALS_SHOWN = 100;

export function devicesOf(sources: Sources, library: string): Devices {
  const registered = sources.registry.devices(library);
  const heard = new Map(
    readQuietly(() => sources.brokerState.get()?.heard(library) ?? []).map((row) => [row.device, row]),
  );
  const readPoints = readQuietly(() => sources.state.get()?.readPoints(library) ?? []);
  const antennas = antennasByReader(sources.plans.of(library)?.index.plan, readPoints);
  const gateways = registered.filter((device) => device.kind === 'gateway');
  return {
    gateways: gateways.map((device) => describeGateway(device.id, heard.get(device.id), antennas)),
    sensors: registered
      .filter((device) => device.kind === 'sensor')
      .map(({ id }) => ({ id, lastHeardAt: isoOrNull(heard.get(id)?.lastHeardMs) })),
    refusals: readQuietly(() => sources.brokerState.get()?.refusals(library, REFUSALS_SHOWN) ?? []).map(
      ({ atMs, code, detail, client, address, topic }) => ({
        at: new Date(atMs).toISOString(),
        code,
        detail,
        client,
        address,
        topic,
      }),
    ),
    parts: partsOf(sources),
  };
}

function describeGateway(
  id: string,
  heard: HeardRow | undefined,
  antennas: ReadonlyMap<string, Reader['antennas']>,
): Gateway {
  const status = heard?.status ?? null;
  return {
    id,
    state: heard === undefined ? 'never' : heard.isConnected && status?.state !== 'offline' ? 'online' : 'offline',
    statusAt: status?.at ?? null,
    lastHeardAt: isoOrNull(heard?.lastHeardMs),
    version: status?.version ?? null,
    outboxDepth: status?.outbox?.depth ?? null,
    outboxDropped: status?.outbox?.dropped ?? null,
    readers: (status?.readers ?? []).map((reader) => describeReader(reader, antennas.get(reader.id) ?? [])),
  };
}

function describeReader(reader: NonNullable<GatewayStatus['readers']>[number], antennas: Reader['antennas']): Reader {
  const { id, driver, link, state, since, lastHeardAt, detail } = reader;
  return { id, driver, link, state, since, lastHeardAt, detail: detail ?? null, antennas };
}

function antennasByReader(
  plan: Plan | undefined,
  rows: readonly ReadPointRow[],
): ReadonlyMap<string, Reader['antennas']> {
  const states = new Map(rows.map((row) => [row.readPoint, row]));
  const byReader = new Map<string, Reader['antennas']>();
  for (const { id, reader, antenna } of plan?.readPoints ?? []) {
    const row = states.get(id);
    const entry = {
      readPoint: id,
      antenna,
      state: row?.state ?? ('unknown' as const),
      lastHeardAt: isoOrNull(row?.lastHeardMs),
    };
    const known = byReader.get(reader);
    if (known === undefined) byReader.set(reader, [entry]);
    else known.push(entry);
  }
  for (const entries of byReader.values()) entries.sort((a, b) => a.antenna - b.antenna);
  return byReader;
}

/** Broker, engine and history writer: each is asked for what it wrote last, never whether its process is there. */
export function partsOf(sources: Sources): Part[] {
  const nowMs = sources.clock.nowMs();
  const beat = readQuietly(() => sources.brokerState.get()?.beat());
  const last = Math.max(beat?.journalOffset ?? 0, readQuietly(() => sources.journal.get()?.lastOffset()) ?? 0);
  const isBrokerUp = beat !== undefined && nowMs - beat.atMs <= BROKER_SILENT_MS;
  const broker: Part = {
    part: 'broker',
    state: isBrokerUp ? 'ok' : 'down',
    at: isoOrNull(beat?.atMs),
    behind: 0,
    detail: beat === undefined ? 'It has not run yet.' : null,
  };
  return [broker, enginePart(sources, { nowMs, last, isBrokerUp }), historyPart(sources, nowMs, last)];
}

function enginePart(
  sources: Sources,
  { nowMs, last, isBrokerUp }: { readonly nowMs: number; readonly last: number; readonly isBrokerUp: boolean },
): Part {
  const state = sources.state.get();
  const offset = readQuietly(() => state?.offset()) ?? 0;
  const asOfMs = readQuietly(() => state?.asOfMs()) ?? null;
  const behind = Math.max(0, last - offset);
  const lateMs = asOfMs === null ? Infinity : nowMs - asOfMs;
  const isBehind = behind > ENTRIES_UNDER_WAY || (behind > 0 && lateMs > ENGINE_LATE_MS);
  // Without a broker there are no ticks: an engine that has taken in everything there is cannot be blamed.
  const isDown = asOfMs === null || (behind > 0 && lateMs > ENGINE_DOWN_MS && isBrokerUp);
  return {
    part: 'engine',
    state: isDown ? 'down' : isBehind ? 'behind' : 'ok',
    at: isoOrNull(asOfMs),
    behind,
    detail: asOfMs === null ? 'It has not run yet.' : null,
  };
}

function historyPart(sources: Sources, nowMs: number, last: number): Part {
  const position = readQuietly(() => sources.historyPosition.get()?.read());
  const behind = Math.max(0, last - (position?.offset ?? 0));
  const isOld = position === undefined || (behind > 0 && nowMs - position.atMs > HISTORY_DOWN_MS);
  const isWell = position?.state === 'ok';
  return {
    part: 'history',
    state: isOld || position.state === 'down' ? 'down' : behind > ENTRIES_UNDER_WAY || !isWell ? 'behind' : 'ok',
    at: isoOrNull(position?.atMs === 0 ? null : position?.atMs),
    behind,
    detail: position === undefined ? 'It has not run yet.' : position.detail,
  };
}

/** The screen that says what is broken must not break with it. */
function readQuietly<T>(read: () => T): T;
function readQuietly<T>(read: () => readonly T[]): readonly T[];
function readQuietly(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    return undefined;
  }
}
