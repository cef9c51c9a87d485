/** Written by hand from the published rule: where our copy of it differs, every comparison with it is worth nothing. */
import { describe, expect, test } from '@jest/globals';
import {
  BASELINE_SETTINGS,
  BaselineRule,
  type BaselineFact,
  type BaselineRead,
  type BaselineSettings,
} from '#engine/baseline/baseline-rule.ts';
import { ASSET_TRACKING, offsetDb, RETAIL_GARMENT } from '#engine/baseline/mobility-profile.ts';

const START_MS = 1_000_000;
const RETAIL: BaselineSettings = { ...BASELINE_SETTINGS, profile: RETAIL_GARMENT };

function rule(settings?: BaselineSettings): BaselineRule {
  return new BaselineRule({
    placeOf: (reader, antenna) => `${reader}-${String(antenna)}`,
    ...(settings !== undefined && { settings }),
  });
}

/** A read of tag T `afterMs` after the start. */
function read(afterMs: number, antenna: number, rssiDbm?: number): BaselineRead {
  return { timeMs: START_MS + afterMs, reader: 'r', antenna, tag: 'T', rssiDbm };
}

function play(of: BaselineRule, ...reads: readonly BaselineRead[]): BaselineFact[] {
  return reads.flatMap((one) => of.take(one));
}

describe('how much louder another antenna must be', () => {
  test.each([
    [-1000, 6],
    [0, 6],
    [500, 6],
    [875, 3],
    [1250, 0],
    [2000, -6],
    [5000, -30],
    [60_000, -470],
  ])('asset tracking, %i ms after the last read of the present one: %i dB', (sinceMs, db) => {
    expect(offsetDb(ASSET_TRACKING, sinceMs)).toBeCloseTo(db, 9);
  });

  test.each([
    [0, 6],
    [60_000, 6],
    [72_000, 0],
    [84_000, -6],
    [120_000, -24],
  ])('retail garment, %i ms after: %i dB', (sinceMs, db) => {
    expect(offsetDb(RETAIL_GARMENT, sinceMs)).toBeCloseTo(db, 9);
  });
});

describe('the first read', () => {
  test('the tag arrives where it is read first, however weakly', () => {
    const it = rule();
    const arrived = { atMs: START_MS, tag: 'T', fact: 'arrived', place: 'r-1', from: undefined };
    expect(play(it, read(0, 1, -80))).toEqual([arrived]);
    expect(it.places()).toEqual([{ tag: 'T', place: 'r-1' }]);
  });

  test('a tag that nobody read is nowhere', () => {
    expect(rule().placeOf('T')).toBeUndefined();
    expect(rule().places()).toEqual([]);
  });
});

describe('moving', () => {
  test('one read of another antenna never moves, the second does when its mean is louder by more than 6 dB', () => {
    const it = rule();
    expect(play(it, read(0, 1, -60), read(100, 2, -40)).length).toBe(1);
    expect(play(it, read(200, 2, -53.9))).toEqual([
      { atMs: START_MS + 200, tag: 'T', fact: 'moved', place: 'r-2', from: 'r-1' },
    ]);
  });

  test('exactly 6 dB louder stays', () => {
    const it = rule();
    expect(play(it, read(0, 1, -60), read(100, 2, -54), read(200, 2, -54)).length).toBe(1);
    expect(it.placeOf('T')).toBe('r-1');
    // (-54 - 54 - 53.7) / 3 = -53.9
    expect(play(it, read(300, 2, -53.7)).map(({ fact }) => fact)).toEqual(['moved']);
  });

  test.each([
    [1250, -60.1, 'r-1'],
    [1250, -59.9, 'r-2'],
    [2000, -66.1, 'r-1'],
    [2000, -65.9, 'r-2'],
    [5000, -90.1, 'r-1'],
    [5000, -89.9, 'r-2'],
  ])('%i ms after the present antenna at -60 dBm, one with %f dBm: %s', (afterMs, rssiDbm, place) => {
    const it = rule();
    play(it, read(0, 1, -60), read(afterMs - 1, 2, rssiDbm), read(afterMs, 2, rssiDbm));
    expect(it.placeOf('T')).toBe(place);
  });

  test('retail garment holds for a minute: 6.1 dB louder moves, 5.9 dB does not', () => {
    for (const [rssiDbm, place] of [
      [-54.1, 'r-1'],
      [-53.9, 'r-2'],
    ] as const) {
      const it = rule(RETAIL);
      play(it, read(0, 1, -60), read(59_000, 2, rssiDbm), read(60_000, 2, rssiDbm));
      expect(it.placeOf('T')).toBe(place);
    }
  });

  test('the mean is that of the dBm values, of the last twenty', () => {
    const it = rule();
    // Twenty loud reads push five weak ones out; then the mean of antenna 1 is -50 and not -56.
    const weak = Array.from({ length: 5 }, (_, i) => read(i, 1, -80));
    const loud = Array.from({ length: 20 }, (_, i) => read(5 + i, 1, -50));
    play(it, ...weak, ...loud, read(100, 2, -44.1), read(101, 2, -44.1));
    expect(it.placeOf('T')).toBe('r-1');
    // -30 and -58.2 make -44.1 dBm in decibels; in milliwatts they would make -33 dBm and move at once.
    const other = rule();
    play(other, read(0, 1, -50), read(1, 2, -30), read(2, 2, -58.2));
    expect(other.placeOf('T')).toBe('r-1');
    play(other, read(3, 2, -43));
    expect(other.placeOf('T')).toBe('r-2');
  });

  test('a moved tag keeps what its old antenna heard, and goes back by the same rule', () => {
    const it = rule();
    play(it, read(0, 1, -60), read(10, 2, -50), read(20, 2, -50));
    expect(it.placeOf('T')).toBe('r-2');
    // The ring of antenna 1 holds -60 and -40: -50 on average, not louder yet; with -20 it is -40, louder by 10 dB.
    expect(play(it, read(30, 1, -40))).toEqual([]);
    expect(play(it, read(40, 1, -20)).map(({ place }) => place)).toEqual(['r-1']);
  });

  test('another antenna of the same place is no move that anybody hears of', () => {
    const it = new BaselineRule({ placeOf: () => 'shelf' });
    expect(play(it, read(0, 1, -60), read(10, 2, -50), read(20, 2, -50)).map(({ fact }) => fact)).toEqual(['arrived']);
  });
});

describe('reads without power', () => {
  test('the last antenna that reads it has it while the present one never said how loud', () => {
    const it = rule();
    expect(play(it, read(0, 1), read(10, 2), read(20, 1)).map(({ place }) => place)).toEqual(['r-1', 'r-2', 'r-1']);
  });

  test('once the present antenna has a value, an antenna without any cannot take the tag', () => {
    const it = rule();
    play(it, read(0, 1, -60), read(5000, 2), read(5001, 2));
    expect(it.placeOf('T')).toBe('r-1');
  });
});

describe('departing', () => {
  test('at the first check more than 600 s after the last read, dated at the check', () => {
    const it = rule();
    play(it, read(0, 1, -60));
    // Checks fall 30 s, 60 s... after the start; at 600 s the last read is not older than 600 s.
    expect(it.passTime(START_MS + 629_999)).toEqual([]);
    expect(it.passTime(START_MS + 630_000)).toEqual([
      { atMs: START_MS + 630_000, tag: 'T', fact: 'departed', place: undefined, from: 'r-1' },
    ]);
    expect(it.placeOf('T')).toBeUndefined();
    expect(it.places()).toEqual([{ tag: 'T', place: undefined }]);
    expect(it.passTime(START_MS + 10_000_000)).toEqual([]);
  });

  test('a late read of another tag makes up for the checks in between, at their own times', () => {
    const it = rule();
    play(it, read(0, 1, -60));
    const facts = it.take({ ...read(3_000_000, 1, -60), tag: 'U' });
    expect(facts.map(({ tag, fact, atMs }) => [tag, fact, atMs - START_MS])).toEqual([
      ['T', 'departed', 630_000],
      ['U', 'arrived', 3_000_000],
    ]);
  });

  test('a gap of fifty years takes no time, and the checks keep their times', () => {
    const it = rule();
    play(it, read(0, 1, -60));
    const yearsMs = 50 * 365.25 * 86_400_000;
    expect(play(it, read(yearsMs + 10, 1, -60)).map(({ fact }) => fact)).toEqual(['departed', 'arrived']);
    expect(it.passTime(START_MS + yearsMs + 629_999)).toEqual([]);
    expect(it.passTime(START_MS + yearsMs + 630_000).map(({ atMs }) => atMs - START_MS - yearsMs)).toEqual([630_000]);
  });

  test('it arrives again wherever it is read, since the power of its old place is forgotten', () => {
    const it = rule();
    play(it, read(0, 1, -40), read(1, 1, -40));
    it.passTime(START_MS + 700_000);
    expect(play(it, read(710_000, 2, -80))).toEqual([
      { atMs: START_MS + 710_000, tag: 'T', fact: 'arrived', place: 'r-2', from: undefined },
    ]);
  });

  test('a departed tag is forgotten 336 h after its last read', () => {
    const it = rule();
    play(it, read(0, 1, -60));
    const hourMs = 3_600_000;
    it.passTime(START_MS + 336 * hourMs);
    expect(it.places().length).toBe(1);
    it.passTime(START_MS + 337 * hourMs);
    expect(it.places()).toEqual([]);
  });
});

describe('a report of several reads', () => {
  const settings = { ...BASELINE_SETTINGS, adjustsToArrival: false };

  test('its last read is taken to lie at the arrival, and the others as much later', () => {
    const reads = [read(0, 1, -60), read(400, 1, -60)];
    expect(
      rule()
        .takeReport(reads, START_MS + 900)
        .map(({ atMs }) => atMs - START_MS),
    ).toEqual([500]);
    expect(
      rule(settings)
        .takeReport(reads, START_MS + 900)
        .map(({ atMs }) => atMs - START_MS),
    ).toEqual([0]);
  });

  test('how old the present place is counts up to the arrival of the report', () => {
    const present = [read(0, 1, -60)];
    const challenger = [read(100, 2, -59), read(200, 2, -59)];
    // 1300 ms after the read of antenna 1 the offset is -0.4 dB; at the time of the reads it was 6 dB.
    for (const [arrivedMs, place] of [
      [300, 'r-1'],
      [1300, 'r-2'],
    ] as const) {
      const it = rule(settings);
      it.takeReport(present, START_MS);
      it.takeReport(challenger, START_MS + arrivedMs);
      expect(it.placeOf('T')).toBe(place);
    }
  });

  test('a read that comes late does not turn the clock back', () => {
    const it = rule(settings);
    play(it, read(1000, 1, -60), read(200, 1, -50), read(1100, 2, -52), read(1150, 2, -52));
    expect(it.placeOf('T')).toBe('r-1');
  });
});
