/**
 * Promise: what a gateway has composed reaches the journal, exactly once, whenever and however often the gateway or the
 * broker is killed. Both are the built command line; the readers speak LLRP from this process and never fall silent.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { stringify } from 'yaml';
import { eventId } from '#contract/wire/envelope.ts';
import { tagObservation } from '#contract/wire/observation.ts';
import type { AntennaEar } from '#sim/radio/field.ts';
import { startLlrpReader, type LlrpReader } from '#sim/readers/llrp/reader.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { freePort } from '#test/support/free-port.ts';
import { until } from '#test/support/platform.ts';
import { checkBundle, runShelfwise, startShelfwise, type RunningShelfwise } from '#test/support/shelfwise-process.ts';

jest.setTimeout(120_000);

const READERS = 3;
const ANTENNAS = 4;
const TAGS_PER_ANTENNA = 120;
const DWELL_MS = 100;
/** Of each process, in turn. */
const KILLS = 3;
/** Taken in between two kills, so that each hits both at work. */
const BATCHES_PER_LIFE = 20;

let folder: string;
const readers: LlrpReader[] = [];
let broker: RunningShelfwise | undefined;
let gateway: RunningShelfwise | undefined;
let brokerPort = 0;
let healthPort = 0;

/** Every tag of the antenna in every slice, at a power that keeps moving: each second is an update of each of them. */
function lively(reader: number, antenna: number): AntennaEar {
  const first = (reader * ANTENNAS + antenna) * TAGS_PER_ANTENNA;
  return {
    // Of which shelf it is, a reader does not ask.
    shelf: undefined as unknown as AntennaEar['shelf'],
    listen(fromMs, forMs, heard) {
      for (let index = 0; index < TAGS_PER_ANTENNA; index += 1) {
        heard(
          first + index,
          -70 + 25 * Math.abs(Math.sin(fromMs / 700 + index)),
          fromMs + (forMs * index) / TAGS_PER_ANTENNA,
        );
      }
    },
  };
}

async function startBroker(): Promise<void> {
  const file = join(folder, 'broker.yaml');
  await writeFile(file, stringify({ folder, logLevel: 'error', broker: { port: brokerPort } }));
  broker = await startShelfwise(['broker', '--config', file], { ready: /broker on 127\.0\.0\.1:\d+/ });
  brokerPort = Number(/127\.0\.0\.1:(\d+)/.exec(broker.output())?.[1]);
}

async function startGateway(isReading = true): Promise<void> {
  const file = join(folder, 'gateway.yaml');
  const config = {
    id: 'gw-1',
    library: 'demo',
    broker: `mqtt://127.0.0.1:${brokerPort}`,
    health: { port: healthPort },
    readers: (isReading ? readers : []).map(({ id, port }) => ({
      id,
      driver: 'llrp',
      link: `tcp://127.0.0.1:${port}`,
      settings: { dwellMs: DWELL_MS },
      antennas: Array.from({ length: ANTENNAS }, (_, at) => ({ antenna: at + 1, readPoint: `${id}-${at + 1}` })),
    })),
  };
  await writeFile(file, stringify({ folder, logLevel: 'error', gateway: config }));
  gateway = await startShelfwise(['gateway', '--config', file], {
    ready: /gateway gw-1 of demo/,
    env: { SHELFWISE_GATEWAY_SECRET_FILE: join(folder, 'gw-1.secret') },
  });
}

beforeAll(async () => {
  checkBundle();
  folder = await mkdtemp(join(tmpdir(), 'shelfwise-gateway-kill-'));
  await runShelfwise(['library', 'add', 'demo', '--data', folder]);
  await runShelfwise(['device', 'add', 'demo', 'gw-1', '--secret-file', join(folder, 'gw-1.secret'), '--data', folder]);
  for (let reader = 0; reader < READERS; reader += 1) {
    const ears = Array.from({ length: ANTENNAS }, (_, antenna) => lively(reader, antenna));
    readers.push(
      await startLlrpReader({
        id: `reader-${reader}`,
        antennas: ANTENNAS,
        clock: systemClock,
        ear: (antennaId) => ears[antennaId - 1],
        epcOf: (item) => item.toString(16).toUpperCase().padStart(24, '0'),
      }),
    );
  }
});
afterAll(async () => {
  await gateway?.stop('SIGKILL');
  await broker?.stop('SIGKILL');
  for (const reader of readers) await reader.close();
  await rm(folder, { recursive: true, force: true });
});

interface Stored {
  /** By epoch, how often each number came. */
  readonly epochs: Map<string, Map<number, number>>;
  readonly eventIds: string[];
  readonly sightings: string[];
}

async function readJournal(): Promise<Stored> {
  const journal = openJournalReader(join(folder, 'journal.db'));
  const stored: Stored = { epochs: new Map(), eventIds: [], sightings: [] };
  for (let after = 0; ;) {
    const page = journal.readAfter(after, 500);
    if (page.length === 0) break;
    after = page.at(-1)?.offset ?? after;
    for (const { kind, source, epoch, seq, body } of page) {
      expect(kind).not.toBe('dead-letter');
      if (kind !== 'batch' || epoch === null || seq === null) continue;
      const seqs = stored.epochs.get(epoch) ?? new Map<number, number>();
      stored.epochs.set(epoch, seqs.set(seq, (seqs.get(seq) ?? 0) + 1));
      const { observations } = JSON.parse(body) as { observations: unknown[] };
      observations.forEach((one, index) => {
        const tag = tagObservation.safeParse(one);
        if (!tag.success) return;
        const { reader, antenna, id, phase, first, last } = tag.data;
        stored.eventIds.push(eventId(source, epoch, seq, index));
        stored.sightings.push([reader, antenna, id.epc, phase, first, last].join(' '));
      });
    }
  }
  await journal.close();
  return stored;
}

async function untilBatches(more: number): Promise<void> {
  const journal = openJournalReader(join(folder, 'journal.db'));
  const goal = journal.lastOffset() + more;
  await until(`${more} more entries in the journal`, 30_000, () => journal.lastOffset() >= goal);
  await journal.close();
}

/** What the file says of itself, once nobody has it open. */
function readOutbox(): { epoch: string; composed: number; waiting: number; dropped: number } {
  const database = openDatabase(join(folder, 'gateway', 'outbox.db'), { mode: 'read' });
  const number = (sql: string): number => Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);
  const epoch = database.prepare("SELECT value FROM meta WHERE key = 'epoch'").get()?.['value'];
  const found = {
    epoch: String(epoch),
    composed: number("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"),
    waiting: number('SELECT count(*) FROM outbox'),
    dropped: number("SELECT CAST(value AS INTEGER) FROM meta WHERE key = 'dropped'"),
  };
  database.close();
  return found;
}

test('every composed batch is in the journal exactly once after kills of both processes under load', async () => {
  await startBroker();
  await startGateway();
  await untilBatches(BATCHES_PER_LIFE);
  for (let kill = 0; kill < KILLS; kill += 1) {
    await gateway?.stop('SIGKILL');
    await startGateway();
    await untilBatches(BATCHES_PER_LIFE);
    await broker?.stop('SIGKILL');
    await startBroker();
    await untilBatches(BATCHES_PER_LIFE);
  }
  await gateway?.stop('SIGKILL');

  // With no reader to read, nothing new is composed: the outbox drains to its end.
  healthPort = await freePort();
  await startGateway(false);
  await until('the outbox to be empty', 30_000, async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${healthPort}/metrics`)).text();
    return /^shelfwise_gateway_outbox_batches 0$/m.test(metrics);
  });
  expect(await gateway?.stop('SIGTERM')).toBe(0);
  expect(await broker?.stop('SIGTERM')).toBe(0);

  const outbox = readOutbox();
  expect(outbox).toMatchObject({ waiting: 0, dropped: 0 });
  const { epochs, eventIds, sightings } = await readJournal();
  expect([...epochs.keys()]).toEqual([outbox.epoch]);
  const seqs = epochs.get(outbox.epoch) ?? new Map<number, number>();
  expect([...seqs].filter(([, count]) => count !== 1)).toEqual([]);
  expect([...seqs.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: outbox.composed }, (_, at) => at + 1));
  expect(outbox.composed).toBeGreaterThan(KILLS * BATCHES_PER_LIFE);
  expect(new Set(eventIds).size).toBe(eventIds.length);
  expect(new Set(sightings).size).toBe(sightings.length);
  expect(sightings.length).toBeGreaterThan(10_000);
  process.stdout.write(
    `${String(outbox.composed)} batches, ${String(sightings.length)} sightings, ${String(2 * KILLS + 1)} kills\n`,
  );
});
