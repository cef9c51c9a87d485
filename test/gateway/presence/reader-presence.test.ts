import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observation, type Observation, type TagObservation } from '#contract/wire/observation.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { lostAfterCycles, PRESENCE_LIMITS, type PresenceLimits } from '#gateway/presence/limits.ts';
import { ReaderPresence } from '#gateway/presence/reader-presence.ts';

const START_MS = Date.UTC(2026, 2, 2, 9);

/** A reader with antennas 1..3 and a hand on its clock. */
class World {
  ms = 0;
  readonly presence: ReaderPresence;
  readonly said: Observation[] = [];

  constructor(limits: Partial<PresenceLimits> = {}) {
    this.presence = new ReaderPresence({
      reader: 'r1',
      antennas: [1, 2, 3].map((antenna) => ({ antenna, readPoint: `rp-${String(antenna)}` })),
      now: this.now,
      limits: { ...PRESENCE_LIMITS, ...limits },
    });
  }

  get now(): { wallMs: number; uptimeMs: number } {
    return { wallMs: START_MS + this.ms, uptimeMs: this.ms };
  }

  take(...events: ReaderEvent[]): Observation[] {
    const out = this.presence.take(events, this.now);
    this.said.push(...out);
    return out;
  }

  read(epc: string, antenna = 1, rssiDbm: number | undefined = -60, agoMs = 0): Observation[] {
    const atMs = START_MS + this.ms - agoMs;
    return this.take({ kind: 'read', antenna, count: 1, firstMs: atMs, lastMs: atMs, rssiDbm, ids: { epc } });
  }

  cycle(...antennas: number[]): Observation[] {
    this.ms += 1000;
    return this.take({ kind: 'cycle', antennas, atMs: START_MS + this.ms });
  }

  tick(): Observation[] {
    const out = this.presence.tick(this.now);
    this.said.push(...out);
    return out;
  }
}

function tags(out: readonly Observation[]): TagObservation[] {
  return out.filter((one): one is TagObservation => one.kind === 'tag');
}

function phases(out: readonly Observation[]): string[] {
  return tags(out).map(({ phase, antenna }) => `${phase}@${String(antenna)}`);
}

/** `r1` = read at antenna 1, `c1` = cycle closes at antenna 1, `w5` = five seconds pass. */
function play(text: string, epc = 'AA'): string[] {
  const world = new World();
  for (const step of text.split(' ')) {
    const n = Number(step.slice(1));
    if (step.startsWith('r')) world.read(epc, n);
    else if (step.startsWith('c')) world.cycle(n);
    else world.ms += 1000 * n;
  }
  return phases(world.said);
}

describe('stories of one tag', () => {
  test.each([
    ['the first read leaves at once', 'r1', ['new@1']],
    [
      'evidence ripens after 1 to 6 and 8 further cycles',
      `r1 c1${' r1 c1'.repeat(12)}`,
      ['new@1', ...Array<string>(7).fill('update@1')],
    ],
    [
      'a tag heard once is given eleven silent cycles',
      `r1${' c1'.repeat(12)}`,
      ['new@1', ...Array<string>(7).fill('update@1')],
    ],
    ['a second antenna makes the first report too', 'r1 c1 r1 w2 r2', ['new@1', 'new@2', 'update@1']],
    ['cycles of another antenna age nothing here', `r1${' c2'.repeat(60)}`, ['new@1']],
    ['a pile of reads is one report', 'r1 r1 r1 r1 r1', ['new@1']],
  ])('%s', (_name, text, expected) => {
    expect(play(text)).toEqual(expected);
  });

  test('a tag that was always heard is lost soon, one that was rarely heard late', () => {
    const world = new World();
    for (let n = 0; n < 40; n += 1) {
      world.read('AA');
      if (n % 4 === 0) world.read('BB');
      world.cycle(1);
    }
    const lostAfter = new Map<string, number>();
    for (let n = 1; n <= 25; n += 1) {
      for (const one of tags(world.cycle(1))) if (one.phase === 'lost') lostAfter.set(one.id.epc ?? '', n);
    }
    expect(lostAfter.get('AA')).toBeLessThanOrEqual(4);
    expect(lostAfter.get('BB')).toBeGreaterThanOrEqual(12);
    expect(lostAfter.get('BB')).toBeLessThanOrEqual(20);
  });

  test('when one antenna loses the tag, the others say what they know', () => {
    const world = new World();
    for (let n = 0; n < 20; n += 1) {
      world.read('AA', 1);
      world.read('AA', 2);
      world.cycle(1, 2);
    }
    let out: string[] = [];
    for (let n = 0; n < 10 && !out.includes('lost@2'); n += 1) {
      world.read('AA', 1);
      out = phases(world.cycle(1, 2));
    }
    expect(out).toEqual(expect.arrayContaining(['lost@2', 'update@1']));
  });

  test('power that moves by more than 3 dB is reported, fading around a mean is not', () => {
    const world = new World();
    for (let n = 0; n < 30; n += 1) {
      world.read('AA', 1, n % 2 === 0 ? -62 : -58);
      world.cycle(1);
    }
    world.said.length = 0;
    for (let n = 0; n < 20; n += 1) {
      world.read('AA', 1, n % 2 === 0 ? -62 : -58);
      world.cycle(1);
    }
    expect(phases(world.said)).toEqual([]);
    for (let n = 0; n < 10; n += 1) {
      world.read('AA', 1, -50);
      world.cycle(1);
    }
    expect(phases(world.said).length).toBeGreaterThanOrEqual(1);
  });

  test('still every 300 s', () => {
    const world = new World();
    for (let n = 0; n < 1000; n += 1) {
      world.read('AA');
      world.cycle(1);
    }
    expect(tags(world.said).filter(({ phase }) => phase === 'still').length).toBe(3);
  });

  test('the summary since the previous report: linear mean, maximum, last', () => {
    const world = new World();
    world.read('AA', 1, -60);
    world.read('AA', 1, -50);
    world.read('AA', 1, -70);
    world.cycle(1);
    world.read('AA', 1, -40);
    const [update] = tags(world.cycle(1));
    expect(update).toMatchObject({ phase: 'update', reads: 3, cyclesSeen: 1, cyclesLive: 1 });
    expect(update?.rssi).toMatchObject({ n: 3, maxDbm: -40, lastDbm: -40 });
    expect(update?.rssi?.meanMw).toBeCloseTo((1e-5 + 1e-7 + 1e-4) / 3, 12);
  });

  test('a reader without RSSI', () => {
    const world = new World();
    const [first] = tags(
      world.take({ kind: 'read', antenna: 1, count: 3, firstMs: START_MS, lastMs: START_MS, ids: { uid: 'E004' } }),
    );
    expect(first?.rssi).toBeUndefined();
    expect(first).toMatchObject({ phase: 'new', reads: 3, id: { uid: 'E004' } });
  });
});

describe('silence that means nothing', () => {
  test('a dead reader ages no tag, and every antenna says so at once', () => {
    const world = new World();
    world.read('AA');
    world.cycle(1, 2, 3);
    const said = world.presence.readerDied(world.now).filter(({ kind }) => kind === 'scan');
    expect(said.filter((one) => 'state' in one && one.state === 'dead')).toHaveLength(3);
    expect(world.presence.readerDied(world.now)).toEqual([]);
    world.ms += 3_600_000;
    expect(tags(world.tick())).toEqual([]);
    expect(world.presence.counts.pairs).toBe(1);
  });

  test('cycles over an unplugged antenna are no opportunity, until it is plugged in again', () => {
    const world = new World();
    world.read('AA');
    world.take({ kind: 'antenna', antenna: 1, up: false, atMs: START_MS });
    for (let n = 0; n < 40; n += 1) expect(world.cycle(1)).toEqual([]);
    world.take({ kind: 'antenna', antenna: 1, up: true, atMs: START_MS });
    expect(world.said.at(-1)).toMatchObject({ kind: 'scan', state: 'live' });
    for (let n = 0; n < 21; n += 1) world.cycle(1);
    expect(phases(world.said)).toContain('lost@1');
  });

  test('an antenna nobody scans is unscheduled after a minute', () => {
    const world = new World();
    world.cycle(1);
    world.ms += 60_001;
    expect(world.tick()).toEqual(
      expect.arrayContaining([expect.objectContaining({ kind: 'scan', antenna: 1, state: 'unscheduled' })]),
    );
  });

  test('where nobody tells of cycles, a tag heard again is told again, at most every 30 s, and never lost', () => {
    const world = new World();
    world.ms = 61_000;
    world.tick();
    expect(phases(world.read('A1'))).toEqual(['new@1']);
    const told: string[] = [];
    for (let second = 0; second < 120; second += 1) {
      world.ms += 1000;
      told.push(...phases(world.read('A1')), ...phases(world.tick()));
    }
    expect(told).toEqual(['update@1', 'update@1', 'update@1', 'update@1']);
    world.ms += 3_600_000;
    expect(phases(world.tick())).toEqual([]);
    expect(phases(world.read('A1'))).toEqual(['update@1']);
  });

  test('a read that arrives after its cycle was closed is no miss', () => {
    const world = new World();
    for (let n = 0; n < 60; n += 1) {
      world.cycle(1);
      world.read('AA', 1, -60, 500);
    }
    expect(phases(world.said)).not.toContain('lost@1');
    const all = tags(world.said).slice(1);
    const seen = all.reduce((sum, one) => sum + one.cyclesSeen, 0);
    expect(seen).toBeGreaterThanOrEqual(all.reduce((sum, one) => sum + one.cyclesLive, 0) - all.length);
    expect(world.presence.counts.readsLate).toBe(60);
  });

  test('a read of an hour ago does not keep a tag alive', () => {
    const world = new World();
    for (let n = 0; n < 10; n += 1) {
      world.read('AA');
      world.cycle(1);
    }
    for (let n = 0; n < 10; n += 1) {
      world.read('AA', 1, -60, 3_600_000);
      world.cycle(1);
    }
    expect(phases(world.said)).toContain('lost@1');
  });

  test('a reader whose clock is ahead puts no tag into the future', () => {
    const world = new World();
    const [first] = tags(world.read('AA', 1, -60, -5000));
    expect(first?.last).toBe(new Date(START_MS).toISOString());
  });
});

describe('scan windows', () => {
  test('every antenna every 30 s, also without a tag; counts are of the window', () => {
    const world = new World();
    world.read('AA');
    world.read('AA');
    world.read('BB');
    for (let n = 0; n < 31; n += 1) world.cycle(1);
    const scans = world.tick().filter((one) => one.kind === 'scan' && one.antenna === 1);
    expect(scans).toEqual([expect.objectContaining({ cycles: 31, state: 'live' })]);
    const all = world.said.filter((one) => one.kind === 'scan' && one.antenna === 1);
    const reads = all.map((one) => (one.kind === 'scan' ? [one.reads, one.tags] : []));
    expect(reads.flat().reduce((a, b) => a + b, 0)).toBe(3 + 2);
    expect(world.said.filter((one) => one.kind === 'scan' && one.antenna === 2)).toHaveLength(1);
  });
});

test('memory is bounded: the longest unheard go first, are reported and counted', () => {
  const world = new World({ pairsMax: 100 });
  for (let n = 0; n < 500; n += 1) {
    world.ms += 10;
    world.read(n.toString(16).padStart(4, '0').toUpperCase());
  }
  const lost = tags(world.said).filter(({ phase }) => phase === 'lost');
  expect(world.presence.counts.pairs).toBeLessThanOrEqual(100);
  expect(lost).toHaveLength(world.presence.counts.pairsEvicted);
  expect(lost[0]?.id.epc).toBe('0000');
});

describe('laws', () => {
  const step = fc.record({
    kind: fc.constantFrom('read', 'read', 'read', 'cycle', 'cycle', 'wait', 'dead', 'plug', 'unplug', 'tick' as const),
    epc: fc.constantFrom('AA', 'BB', 'CC'),
    antenna: fc.integer({ min: 1, max: 3 }),
    // On both sides of the limits: report gap, still, scan window, unscheduled.
    gapMs: fc.constantFrom(0, 1, 999, 1000, 1001, 29_999, 30_000, 59_999, 60_001, 299_999, 300_000),
    rssiDbm: fc.option(fc.integer({ min: -90, max: -30 }), { nil: undefined }),
    agoMs: fc.constantFrom(0, 0, 0, 500, 1000, 5000),
  });

  test('nothing is read twice or forgotten, phases alternate, and nobody talks more than once a second', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
        const world = new World();
        const known = new Set<string>();
        const lastMs = new Map<string, number>();
        let reads = 0;
        for (const { kind, epc, antenna, gapMs, rssiDbm, agoMs } of steps) {
          let out: Observation[] = [];
          if (kind === 'read') out = world.read(epc, antenna, rssiDbm, agoMs);
          else if (kind === 'cycle') out = world.cycle(antenna);
          else if (kind === 'wait') world.ms += gapMs;
          else if (kind === 'dead') out = world.presence.readerDied(world.now);
          else if (kind === 'tick') out = world.tick();
          else out = world.take({ kind: 'antenna', antenna, up: kind === 'plug', atMs: START_MS + world.ms });
          if (kind === 'read') reads += 1;
          if (kind === 'dead') expect(tags(out)).toEqual([]);
          for (const one of out) expect(observation.safeParse(one).success).toBe(true);
          for (const one of tags(out)) {
            const pair = `${one.id.epc ?? ''}@${String(one.antenna)}`;
            expect(known.has(pair)).toBe(one.phase !== 'new');
            if (one.phase === 'lost') known.delete(pair);
            else known.add(pair);
            expect(one.cyclesSeen).toBeLessThanOrEqual(one.cyclesLive);
            expect(Date.parse(one.first)).toBeLessThanOrEqual(Date.parse(one.last));
            if (one.phase === 'update') expect(world.ms - (lastMs.get(pair) ?? -1e9)).toBeGreaterThanOrEqual(1000);
            lastMs.set(pair, world.ms);
          }
          if (kind === 'read') expect(known.has(`${epc}@${String(antenna)}`)).toBe(true);
        }
        expect(world.presence.counts.reads).toBe(reads);
      }),
      { numRuns: 300 },
    );
  });

  test('reads of all reports of a pair add up to the reads made', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('r', 'c'), { maxLength: 200 }), (steps) => {
        const world = new World();
        let made = 0;
        for (const one of steps) {
          if (one === 'r') {
            world.read('AA');
            made += 1;
          } else world.cycle(1);
        }
        for (let n = 0; n < 21; n += 1) world.cycle(1);
        expect(tags(world.said).reduce((sum, { reads }) => sum + reads, 0)).toBe(made);
      }),
    );
  });

  test('lost after: the more often heard, the sooner; never under 3 nor over 20', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.0001, max: 1, noNaN: true }), (share) => {
        const cycles = lostAfterCycles(share);
        expect(cycles >= 3 && cycles <= 20).toBe(true);
        if (cycles > 3 && cycles < 20) {
          expect((1 - share) ** cycles).toBeLessThan(0.001 + 1e-12);
          expect((1 - share) ** (cycles - 1)).toBeGreaterThanOrEqual(0.001 - 1e-12);
        }
      }),
    );
  });
});
