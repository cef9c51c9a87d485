import { beforeAll, describe, expect, test } from '@jest/globals';
import { fact as factSchema } from '#contract/domain/fact.ts';
import { decodeBase64, encodeBase64 } from '#contract/codec/base64.ts';
import { encodeVs133 } from '#contract/codec/milesight/vs133.ts';
import { encodeUplink } from '#contract/codec/things-stack/uplink.ts';
import type { TagObservation } from '#contract/wire/observation.ts';
import { catalogueOf, JournalStory, reduceAll, type MemoryStore } from './journal-story.ts';
import { Laboratory, readPointId, shelfId } from './location/reads-laboratory.ts';

const startMs = Date.UTC(2026, 0, 5, 8);
const iso = (ms: number): string => new Date(startMs + ms).toISOString();

describe('a library over ten minutes', () => {
  const lab = new Laboratory({ bays: 4, tiers: 4, tagsPerShelf: 3, seed: 7 });
  const catalogue = catalogueOf(lab);
  const story = new JournalStory();
  let whole: MemoryStore;

  beforeAll(() => {
    const plan = lab.plan();
    const zoned = {
      ...plan,
      places: [...plan.places, { id: 'hall', kind: 'zone' as const, parent: 'main', name: 'Hall' }],
      lines: [{ id: 'door', from: null, to: 'hall' }],
      sensors: [
        { id: 'counter', decoder: 'milesight-vs133' as const, lines: [{ channel: 1, line: 'door', reversed: false }] },
      ],
    };
    story.add('input', lab.nowMs, { kind: 'plan', plan: zoned });
    story.add('input', lab.nowMs, { kind: 'catalogue', version: 1 });
    story.run(lab, 120_000);
    for (const total of [100, 107, 107, 112]) {
      story.add('device', lab.nowMs, { device: 'counter', payload: vs133(total, 90, lab.nowMs) });
      story.run(lab, 6_000);
    }
    lab.tags
      .filter((_, i) => i % 9 === 0)
      .forEach((tag) => {
        lab.move(tag, (tag.shelf + 8) % lab.shelves);
      });
    story.run(lab, 150_000);
    lab.tags
      .filter((_, i) => i % 9 === 4)
      .forEach((tag) => {
        lab.move(tag, -1);
      });
    story.add('input', lab.nowMs, {
      kind: 'tick-off',
      item: 'B00018',
      place: 'x',
      at: new Date(lab.nowMs).toISOString(),
    });
    story.add('dead-letter', lab.nowMs, {});
    story.batch(lab.nowMs, lab.setSilent(3));
    story.run(lab, 220_000);
    whole = reduceAll(story.entries, catalogue).store;
  });

  test('every fact fits the contract and is numbered without gaps', () => {
    expect(whole.facts.map((fact) => fact.n)).toEqual(whole.facts.map((_, i) => i + 1));
    for (const fact of whole.facts) expect(factSchema.safeParse(fact).error).toBeUndefined();
    expect(whole.facts.map((fact) => fact.kind)).toEqual(
      expect.arrayContaining([
        'antenna-state',
        'item-arrived',
        'item-departed',
        'item-misshelved',
        'item-moved',
        'item-ticked-off',
        'zone-level',
      ]),
    );
    const evidence = whole.facts.find((fact) => fact.kind === 'item-moved')?.evidence;
    expect(evidence?.competitors[0]?.events[0]).toMatch(/^gw-1:epoch-0001:\d+:\d+$/);
  });

  test('books that were moved to a wrong shelf are on the work list, the others are not', () => {
    const moved = catalogue.filter((_, i) => i % 9 === 0);
    const found = moved.filter(
      (item) => whole.item(item.barcode).misshelved || whole.item(item.barcode).tickedOffMs !== null,
    );
    expect(found.length).toBeGreaterThanOrEqual(moved.length - 1);
    const false_ = catalogue.filter((item, i) => i % 9 !== 0 && whole.item(item.barcode).misshelved);
    expect(false_).toEqual([]);
  });

  test('books that were taken away are departed, the others are present', () => {
    catalogue.forEach((item, i) => {
      // The silent shelf keeps its books: nothing is concluded from a dead antenna.
      const isKept = Math.floor(i / 3) === 3;
      if (i % 9 !== 4) expect(`${item.barcode} ${whole.item(item.barcode).condition}`).toBe(`${item.barcode} present`);
      else if (!isKept) expect(whole.item(item.barcode).condition).toBe('departed');
    });
  });

  test('people are counted from the totals of the counter', () => {
    const levels = whole.facts.filter((fact) => fact.kind === 'zone-level').map((fact) => fact.level?.people);
    expect(levels.slice(0, 3)).toEqual([0, 7, 12]);
    expect(levels.at(-1)).toBeNull();
  });

  test('a tick-off hides the line', () => {
    expect(whole.facts.filter((fact) => fact.kind === 'item-ticked-off').map((fact) => fact.subject)).toEqual([
      'B00018',
    ]);
    expect(whole.item('B00018').misshelved).toBe(false);
  });

  test.each([1, 1000])('commits of %i entries lead to the same state and facts', (chunk) => {
    expect(reduceAll(story.entries, catalogue, { chunk }).store.dump()).toBe(whole.dump());
  });

  test('killed after any entry and put back, the engine goes on as if nothing had happened', () => {
    for (const first of [3]) {
      const cuts = new Set(story.entries.map(({ offset }) => offset).filter((offset) => offset % 61 === first));
      expect(reduceAll(story.entries, catalogue, { cuts, chunk: 20 }).store.dump()).toBe(whole.dump());
    }
  });

  test('killed after every single entry at the beginning and around the moves', () => {
    const cuts = new Set(story.entries.map(({ offset }) => offset).filter((n) => n < 20 || (n > 420 && n < 460)));
    expect(reduceAll(story.entries, catalogue, { cuts }).store.dump()).toBe(whole.dump());
  });
});

describe('odd entries', () => {
  const lab = new Laboratory({ bays: 2, tiers: 2, tagsPerShelf: 1, seed: 1 });
  const catalogue = catalogueOf(lab);
  const tag = (readPoint: string, atMs: number, more: Partial<TagObservation> = {}): TagObservation => ({
    kind: 'tag',
    reader: 'reader-0',
    antenna: 1,
    readPoint,
    phase: 'new',
    first: iso(atMs),
    last: iso(atMs),
    reads: 3,
    cyclesSeen: 3,
    cyclesLive: 3,
    rssi: { n: 3, meanMw: 1e-6, maxDbm: -60, lastDbm: -60 },
    id: { epc: lab.tags[0]?.epc ?? '' },
    ...more,
  });
  const storyWithPlan = (): JournalStory => {
    const story = new JournalStory();
    story.add('input', startMs, { kind: 'plan', plan: lab.plan() });
    story.add('input', startMs, { kind: 'catalogue', version: 1 });
    return story;
  };

  test('what cannot be read is counted and spoils nothing', () => {
    const story = storyWithPlan();
    story.add('batch', startMs, { nonsense: true });
    story.add('batch', startMs, null, { body: 'not json' });
    story.add('input', startMs, { kind: 'dance' });
    story.add('device', startMs, { device: 'nobody', payload: 'AAAA' });
    story.batch(startMs, [
      { kind: 'of-tomorrow' } as never,
      { ...tag(readPointId(0), 0), antenna: -1 },
      tag(readPointId(0), 0),
    ]);
    const { store, engine } = reduceAll(story.entries, catalogue);
    expect(store.item('B00000').place).toBe(shelfId(0));
    expect(Object.fromEntries(engine.ignored)).toEqual({
      batch: 2,
      input: 1,
      'device not in the plan': 1,
      'unknown kind': 1,
      'invalid tag': 1,
    });
  });

  test('a clock that runs ahead puts nothing into the future', () => {
    const story = storyWithPlan();
    story.batch(startMs, [tag(readPointId(0), 86_400_000)]);
    const { store } = reduceAll(story.entries, catalogue);
    expect(store.facts.at(-1)?.at).toBe(iso(2000));
  });

  test('the shift of the entry is applied', () => {
    const story = storyWithPlan();
    story.batch(startMs + 5000, [tag(readPointId(0), -60_000)], { shiftMs: 63_000 });
    expect(reduceAll(story.entries, catalogue).store.facts.at(-1)?.at).toBe(iso(3000));
  });

  test('a sighting of an hour ago does not move what is known now', () => {
    const story = storyWithPlan();
    story.batch(startMs, [tag(readPointId(0), 0)]);
    story.batch(startMs + 1000, [tag(readPointId(3), -3_600_000, { cyclesSeen: 8, cyclesLive: 8 })]);
    expect(reduceAll(story.entries, catalogue).store.item('B00000').place).toBe(shelfId(0));
  });

  test('a tag that the catalogue does not list is known by the barcode written on it', () => {
    const story = storyWithPlan();
    const content = { format: 'iso28560-3', itemId: 'B00002', confidence: 1 };
    story.batch(startMs, [
      tag(readPointId(1), 0, { id: { uid: 'E004010012345678' }, content, cyclesSeen: 5, cyclesLive: 5 }),
    ]);
    expect(reduceAll(story.entries, catalogue).store.item('B00002').place).toBe(shelfId(1));
  });

  test('a tag without RSSI goes by the share of cycles', () => {
    const story = storyWithPlan();
    const silent = { rssi: undefined, reads: 8, cyclesLive: 8 };
    story.batch(startMs, [tag(readPointId(3), 0, { ...silent, cyclesSeen: 1, cyclesLive: 4 })]);
    story.batch(startMs + 1000, [tag(readPointId(1), 1000, { ...silent, cyclesSeen: 8 })]);
    for (let i = 2; i < 6; i += 1) {
      story.batch(startMs + i * 1000, [
        tag(readPointId(1), i * 1000, { ...silent, phase: 'update', cyclesSeen: 8 }),
        tag(readPointId(3), i * 1000, { ...silent, phase: 'update', cyclesSeen: 1 }),
      ]);
    }
    expect(reduceAll(story.entries, catalogue).store.item('B00000').place).toBe(shelfId(1));
  });

  test('an antenna without reports is dead after 95 ticks, not after a pause without ticks', () => {
    const story = storyWithPlan();
    const scan = {
      kind: 'scan',
      reader: 'reader-0',
      antenna: 1,
      readPoint: readPointId(0),
      cycles: 3,
      reads: 1,
      tags: 1,
      state: 'live',
    } as const;
    story.batch(startMs, [{ ...scan, from: iso(-30_000), to: iso(0) }]);
    for (let i = 1; i <= 94; i += 1) story.add('tick', startMs + i * 1000 + (i > 50 ? 3_600_000 : 0), {});
    const states = (): unknown[] => reduceAll(story.entries, catalogue).store.facts.map((fact) => fact.state);
    expect(states()).toEqual(['live']);
    story.add('tick', startMs + 95_000 + 3_600_000, {});
    expect(states()).toEqual(['live', 'dead']);
  });
});

function vs133(totalIn: number, totalOut: number, atMs: number): string {
  const payload = encodeVs133([
    { kind: 'total', group: 'all', line: 1, direction: 'in', count: totalIn },
    { kind: 'total', group: 'all', line: 1, direction: 'out', count: totalOut },
  ]);
  expect(decodeBase64(encodeBase64(payload))).toEqual(payload);
  const uplink = encodeUplink({
    applicationId: 'library',
    deviceId: 'counter',
    receivedAt: new Date(Math.round(atMs)).toISOString(),
    fPort: 85,
    frameCounter: totalIn,
    payload,
    receptions: [],
  });
  return encodeBase64(new TextEncoder().encode(uplink));
}
