/** A recording through edge and engine: what the command `locate` composes, without a process around it. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LocateRun } from '#cli/locate/locate-run.ts';
import { locatePlan } from '#cli/locate/plan-file.ts';
import { parseHeader, parseRead } from '#cli/locate/recording.ts';
import { ReorderWindow } from '#cli/locate/reorder-window.ts';
import { ScanRounds } from '#cli/locate/scan-rounds.ts';

const PLAN = locatePlan.parse({
  readPoints: [1, 2, 3].map((antenna) => ({ reader: 'Reader A', antenna, place: `Shelf ${String(antenna)}` })),
});

/** Ten tags in front of each of three antennas that take turns, heard by the others 12 dB weaker. */
function record(
  run: LocateRun,
  { fromMs, cycles }: { fromMs: number; cycles: number },
  placeOf: (tag: number) => number,
) {
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    for (let antenna = 1; antenna <= 3; antenna += 1) {
      for (let tag = 0; tag < 30; tag += 1) {
        const place = placeOf(tag);
        if (place === 0) continue;
        const timeMs = fromMs + cycle * 1500 + (antenna - 1) * 500 + tag * 10;
        const rssiDbm = -55 - 12 * Math.abs(place - antenna) + ((tag * 7 + cycle * 3) % 5) - 2;
        run.push({ timeMs, reader: 'Reader A', antenna: String(antenna), tag: `tag ${String(tag)}`, rssiDbm });
      }
    }
  }
}

const startPlaceOf = (tag: number): number => 1 + (tag % 3);

describe('a recording that counts from zero', () => {
  const run = new LocateRun(PLAN);
  record(run, { fromMs: 0, cycles: 40 }, startPlaceOf);
  const arrived = run.takeFacts();

  test('every tag is shown at its place within two cycles, under its own name and time, and stays there', () => {
    for (let tag = 0; tag < 30; tag += 1) {
      const own = arrived.filter((fact) => fact.tag === `tag ${String(tag)}`);
      expect(own[0]).toMatchObject({ fact: 'arrived', from: null });
      expect(own.at(-1)).toMatchObject({ place: `Shelf ${String(startPlaceOf(tag))}` });
      for (const { at } of own) expect(at).toBeGreaterThanOrEqual(0);
      for (const { at } of own) expect(at).toBeLessThan(3000);
    }
  });

  test('what moves is followed, what is taken away departs', () => {
    record(run, { fromMs: 60_000, cycles: 60 }, (tag) => (tag === 0 ? 3 : tag === 1 ? 0 : startPlaceOf(tag)));
    const facts = run.takeFacts();
    const of = (tag: string) => facts.filter((fact) => fact.tag === tag);
    // On its way it may be shown in between for a cycle.
    expect(of('tag 0').length).toBeLessThanOrEqual(3);
    expect(of('tag 0').at(-1)).toMatchObject({ fact: 'moved', place: 'Shelf 3' });
    expect(of('tag 0').at(-1)?.at).toBeLessThan(60_000 + 2 * 1500 + 500);
    expect(of('tag 1')).toMatchObject([{ fact: 'departed', from: 'Shelf 2', place: null }]);
    expect(facts).toHaveLength(of('tag 0').length + 1);
    const answers = run.end();
    expect(answers).toHaveLength(30);
    expect(answers[0]).toMatchObject({ tag: 'tag 0', place: 'Shelf 3' });
    expect(answers[1]).toEqual({ tag: 'tag 1', place: null, confidence: 0 });
  });
});

test('a reader or antenna that the plan does not know is named', () => {
  const run = new LocateRun(PLAN);
  const read = { timeMs: 0, reader: 'Reader A', antenna: '1', tag: 'x', rssiDbm: undefined };
  expect(run.push({ ...read, reader: 'Reader B' })).toBe('reader');
  expect(run.push({ ...read, antenna: '4' })).toBe('antenna');
  expect(run.push(read)).toBeUndefined();
  expect(run.end().map(({ tag }) => tag)).toEqual(['x']);
});

describe('lines', () => {
  const header = parseHeader('\uFEFFtag,time_ms , antenna,reader,rssi_dbm,phase');
  const read = (line: string) => (header.ok ? parseRead(line, header.value) : header);

  test('columns go by the header', () => {
    expect(read('E1,12.5,3,r,-60.5,1')).toEqual({
      ok: true,
      value: { tag: 'E1', timeMs: 12.5, antenna: '3', reader: 'r', rssiDbm: -60.5 },
    });
    expect(read('"a, ""b""",0,3,r,,')).toMatchObject({ ok: true, value: { tag: 'a, "b"', rssiDbm: undefined } });
  });

  test.each([
    ['E1,noon,3,r,-60', 'time_ms'],
    ['E1,1,3,,-60', 'reader'],
    ['E1,1,,r,-60', 'antenna'],
    [',1,1,r,-60', 'tag'],
    ['E1,1,3,r,loud', 'rssi_dbm'],
    ['E1,1,3,r,-600', 'rssi_dbm'],
    ['E1', 'time_ms'],
  ])('%s: %s', (line, field) => {
    expect(read(line)).toMatchObject({ ok: false, error: { field } });
  });

  test('a header without a column is refused; without RSSI it is not', () => {
    expect(parseHeader('time_ms,reader,tag')).toMatchObject({ ok: false, error: { field: 'antenna' } });
    expect(parseHeader('time_ms,reader,antenna,tag')).toMatchObject({ ok: true });
  });
});

test('reads come out in the order of their times, equal ones as they came', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 })), fc.integer({ min: 0, max: 10 }), (times, slack) => {
      const values = times.map((timeMs, order) => ({ timeMs, order }));
      const whole = new ReorderWindow<(typeof values)[number]>(values.length + slack);
      expect(values.flatMap((value) => whole.push(value) ?? [])).toEqual([]);
      expect([...whole.drain()]).toEqual([...values].sort((a, b) => a.timeMs - b.timeMs || a.order - b.order));
      const none = new ReorderWindow<(typeof values)[number]>(0);
      expect(values.map((value) => none.push(value))).toEqual(values);
    }),
  );
});

describe('scan cycles', () => {
  test('antennas that take turns for two seconds: one cycle for each visit', () => {
    const rounds = new ScanRounds(16, undefined);
    const closed = new Map<number, number>();
    for (let timeMs = 0; timeMs < 320_000; timeMs += 100) {
      for (const port of rounds.close(timeMs)) closed.set(port, (closed.get(port) ?? 0) + 1);
      const port = 1 + (Math.floor(timeMs / 2000) % 16);
      for (let tag = 0; tag < 3; tag += 1) rounds.read(port, `tag ${String(tag)}`, timeMs);
    }
    for (const count of closed.values()) expect(count).toBeGreaterThanOrEqual(9);
    for (const count of closed.values()) expect(count).toBeLessThanOrEqual(14);
  });

  test('antennas that all report at once: about one cycle for each report of a tag', () => {
    const rounds = new ScanRounds(4, undefined);
    const closed = new Map<number, number>();
    for (let timeMs = 0; timeMs < 120_000; timeMs += 20) {
      for (const port of rounds.close(timeMs)) closed.set(port, (closed.get(port) ?? 0) + 1);
      // Fifty tags, each reported by each antenna every two seconds.
      const step = timeMs / 20;
      for (let i = 0; i < 2; i += 1) rounds.read(1 + (step % 4), `tag ${String(((step >> 2) * 2 + i) % 50)}`, timeMs);
    }
    for (const count of closed.values()) {
      expect(count).toBeGreaterThan(25);
      expect(count).toBeLessThan(100);
    }
  });

  test('an antenna that hears nothing makes no cycle, and is told of once', () => {
    const rounds = new ScanRounds(2, { reader: 'r', cycleMs: 4000, dwellMs: 2000 });
    let cycles = 0;
    const blind: number[] = [];
    for (let timeMs = 0; timeMs < 60_000; timeMs += 500) {
      const port = 1 + (Math.floor(timeMs / 2000) % 2);
      cycles += rounds.close(timeMs).filter((closed) => closed === 2).length;
      blind.push(...rounds.fallenBlind(timeMs));
      if (port === 1 || timeMs < 20_000) rounds.read(port, 'x', timeMs);
    }
    expect(cycles).toBe(5);
    expect(blind).toEqual([2]);
  });
});
