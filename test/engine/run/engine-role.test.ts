/** The shell over real files: follows the journal, survives its end, waits for a history that is away. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { AppError } from '#contract/errors.ts';
import { engineConfig } from '#engine/config.ts';
import { startEngine, type RunningEngine } from '#engine/run/main.ts';
import type { History, HistoryPoint } from '#store/history/history.ts';
import { openJournalWriter } from '#store/journal/journal-writer.ts';
import type { JournalWriter } from '#store/journal/journal.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { openStateReader } from '#store/state/state-reader.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { catalogueOf, JournalStory, LIBRARY } from '#test/engine/journal-story.ts';
import { Laboratory } from '#test/engine/location/reads-laboratory.ts';

const log = pino({ level: 'silent' });

let folder: string;
let journal: JournalWriter;
let registry: RegistryWriter;
let engine: RunningEngine | undefined;
let lab: Laboratory;
let story: JournalStory;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'engine-'));
  journal = openJournalWriter(join(folder, 'journal.db'));
  registry = openRegistryWriter(join(folder, 'registry.db'));
  lab = new Laboratory({ bays: 2, tiers: 3, tagsPerShelf: 3, seed: 5 });
  registry.putLibrary({ key: LIBRARY, name: 'Demo', isil: null, timeZone: 'UTC' });
  registry.putPlan(LIBRARY, lab.plan());
  const version = await registry.importCatalogue(LIBRARY, catalogueOf(lab));
  story = new JournalStory();
  story.add('input', lab.nowMs, { kind: 'plan', plan: lab.plan() });
  story.add('input', lab.nowMs, { kind: 'catalogue', version });
});

afterEach(async () => {
  await engine?.close();
  await engine?.close();
  engine = undefined;
  await journal.close();
  registry.close();
  await rm(folder, { recursive: true });
});

async function start(history?: History): Promise<RunningEngine> {
  const deps = { log, clock: systemClock, ...(history !== undefined && { history }) };
  engine = await startEngine(engineConfig.parse({ folder, chunkEntries: 40, commitMs: 5, pollMs: 5 }), deps);
  return engine;
}

/** Appends what the story gained since the last call. */
async function append(from: number): Promise<number> {
  await Promise.all(story.entries.slice(from).map((entry) => journal.append(entry)));
  return story.entries.length;
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > endMs) throw new Error('waited too long');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function dump(): string {
  const database = openDatabase(join(folder, 'state.db'), { mode: 'read' });
  try {
    const tables = ['item', 'zone', 'read_point', 'fact', 'memory'];
    return JSON.stringify(tables.map((table) => database.prepare(`SELECT * FROM ${table} ORDER BY 1, 2`).all()));
  } finally {
    database.close();
  }
}

describe('the engine role', () => {
  test('ends and starts in the middle, and stands where one that never ended stands', async () => {
    let written = 0;
    await start();
    for (let part = 0; part < 4; part += 1) {
      story.run(lab, 20_000);
      written = await append(written);
      await until(() => (engine?.state.offset() ?? 0) > written - 30);
      await engine?.close();
      await start();
    }
    await until(() => engine?.state.offset() === written);
    await engine?.close();
    const inParts = dump();
    await rm(join(folder, 'state.db'));
    await start();
    await until(() => engine?.state.offset() === written);
    expect(engine?.state.asOfMs()).toBe(story.entries.at(-1)?.receivedAtMs);
    expect(engine?.state.items(LIBRARY, ['B00000', 'B00017']).size).toBe(2);
    await engine?.close();
    expect(dump()).toBe(inParts);
    expect(inParts).toContain('item-arrived');
  });

  test('state of another engine version is thrown away and reduced again', async () => {
    story.run(lab, 20_000);
    const written = await append(0);
    await start();
    await until(() => engine?.state.offset() === written);
    await engine?.close();
    const before = dump();
    const database = openDatabase(join(folder, 'state.db'), { mode: 'write' });
    database.exec("UPDATE progress SET engine_version = 'of old'; DELETE FROM item; DELETE FROM memory");
    database.close();
    await start();
    await until(() => engine?.state.engineVersion() !== 'of old' && engine?.state.offset() === written);
    await engine?.close();
    expect(dump()).toBe(before);
  });

  test('other processes read the state while it is written', async () => {
    await start();
    story.run(lab, 10_000);
    const written = await append(0);
    await until(() => engine?.state.offset() === written);
    const reader = openStateReader(join(folder, 'state.db'));
    expect(reader.readPoints(LIBRARY)).toEqual(engine?.state.readPoints(LIBRARY));
    expect(reader.lastFactNumber(LIBRARY)).toBeGreaterThan(0);
    reader.close();
  });

  test('a history that is away is waited for; then it gets everything, each point at least once', async () => {
    const points = new Map<string, HistoryPoint>();
    let isAway = true;
    const history: History = {
      kind: 'embedded',
      write: (batch) => {
        if (isAway) return Promise.reject(new AppError('STO_UNAVAILABLE', 'away'));
        expect(batch.length).toBeLessThanOrEqual(5000);
        for (const point of batch) points.set(point.eventId, point);
        const refused = batch.slice(0, 1).map((point) => ({ point, reason: 'for the test' }));
        return Promise.resolve({ stored: batch.length - refused.length, refused });
      },
      series: () => Promise.resolve([]),
      ping: () => Promise.resolve(true),
      trim: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    await start(history);
    story.run(lab, 20_000);
    const written = await append(0);
    await until(() => engine?.state.offset() === written && engine.historyState().state === 'down');
    expect(engine?.historyState().detail).toContain('away');
    isAway = false;
    await until(() => engine?.historyState().state === 'ok' && engine.historyState().behind === 0);
    const facts = engine?.state.factsAfter(LIBRARY, 0, 5000).filter((fact) => fact.kind.startsWith('item-')) ?? [];
    expect(facts.length).toBeGreaterThan(5);
    await until(() => facts.every((fact) => points.has(`fact:${LIBRARY}:${String(fact.n)}`)));
    const sightings = [...points.values()].filter(({ measurement }) => measurement === 'sighting');
    expect(sightings[0]).toMatchObject({ library: LIBRARY, branch: 'main', kind: 'new' });
    expect(sightings[0]?.subject).toMatch(/^rp-/);
    expect(await engine?.metrics.metrics()).toMatch(/shelfwise_engine_history_points_total\{outcome="refused"\} [1-9]/);
    await engine?.close();
    const database = openDatabase(join(folder, 'history-position.db'), { mode: 'read' });
    expect(database.prepare('SELECT offset, state FROM position').get([])).toMatchObject({
      offset: written,
      state: 'ok',
    });
    database.close();
  });
});
