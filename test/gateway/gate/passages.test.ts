/** Promise: what is carried through unlent is heard, a trolley that stands by is not, and nobody waits for the answer. */
import { describe, expect, test } from '@jest/globals';
import type { SecurityState } from '#contract/domain/tag-profile.ts';
import type { GateObservation } from '#contract/wire/observation.ts';
import { gateSettings } from '#gateway/gate/gate-settings.ts';
import { GateWatch } from '#gateway/gate/gate-watch.ts';
import { SLOT_MS, Street, type Book } from './street.ts';

const START_METRES = -2.2;
const BEAM_METRES = 0.15;

interface Walker {
  readonly book: Book;
  readonly metresPerSecond: number;
  readonly isSecured: boolean;
  crossedMs: number | undefined;
}

interface Result {
  readonly secured: number;
  readonly caught: number;
  readonly late: number;
  readonly falseAlarms: number;
  readonly wrongWay: number;
  readonly told: number;
}

function play({ seed, passages, hasBeams }: { seed: number; passages: number; hasBeams: boolean }): Result {
  const street = new Street(seed);
  const secured = new Set<string>();
  const securityOf = ({ ids }: { ids: { epc?: string | undefined } }): SecurityState =>
    secured.has(ids.epc ?? '') ? 'secured' : 'unsecured';
  const beams = { inside: 1, outside: 2 };
  const settings = gateSettings.parse({ place: 'g', inside: [1, 2], outside: [3, 4], ...(hasBeams && { beams }) });
  const watch = new GateWatch({ settings, securityOf });
  // Thirty books on a trolley a metre before the gate, all of them the library's own.
  for (let n = 0; n < 30; n += 1) {
    const { epc } = street.book(-1.2 - 0.4 * street.random.next(), -0.5 + street.random.next());
    secured.add(epc);
  }
  const alarms = new Map<string, { atMs: number; direction: GateObservation['direction'] }>();
  const ended = new Map<string, GateObservation>();
  const step = (walkers: readonly Walker[]): void => {
    const reads = street.slot();
    const now = { uptimeMs: street.atMs, wallMs: street.atMs };
    const gpi = hasBeams ? beamEvents(walkers, street.atMs) : [];
    for (const { tag = '', direction } of watch.take([...gpi, ...reads], now).alarms) {
      alarms.set(tag, { atMs: street.atMs, direction });
    }
    for (const one of watch.tick(now)) ended.set(one.tag ?? '', one);
  };
  for (let slots = 0; slots < 400; slots += 1) step([]);
  const result = { secured: 0, caught: 0, late: 0, falseAlarms: 0, wrongWay: 0, told: 0 };
  alarms.clear();
  let atTrolley = 0;
  for (let n = 0; n < passages; n += 2) {
    // Two abreast, one of whom has lent his book.
    const pace = 0.9 + 0.6 * street.random.next();
    const pair = [-0.22, 0.22].map((y, side): Walker => {
      const isSecured = (n / 2 + side) % 2 === 0;
      const book = street.book(START_METRES, y, true);
      if (isSecured) secured.add(book.epc);
      return { book, isSecured, metresPerSecond: pace, crossedMs: undefined };
    });
    while (pair.some(({ book }) => book.x < -START_METRES)) {
      for (const walker of pair) {
        walker.book.x += (walker.metresPerSecond * SLOT_MS) / 1000;
        if (walker.book.x >= 0) walker.crossedMs ??= street.atMs;
      }
      step(pair);
    }
    street.remove(...pair.map(({ book }) => book));
    for (let slots = 0; slots < 80; slots += 1) step([]);
    for (const { book, isSecured, crossedMs = 0 } of pair) {
      const name = `epc:${book.epc}`;
      const alarm = alarms.get(name);
      alarms.delete(name);
      if (isSecured) {
        result.secured += 1;
        if (alarm !== undefined) result.caught += 1;
        if (alarm !== undefined && alarm.atMs > crossedMs + 200) result.late += 1;
      } else {
        if (alarm !== undefined) result.falseAlarms += 1;
        const over = ended.get(name);
        if (over !== undefined) result.told += 1;
        if (over?.direction === 'in') result.wrongWay += 1;
      }
    }
    atTrolley += alarms.size;
    alarms.clear();
  }
  return { ...result, falseAlarms: result.falseAlarms + atTrolley };
}

function beamEvents(
  walkers: readonly Walker[],
  atMs: number,
): { kind: 'gpi'; port: number; high: boolean; atMs: number }[] {
  const isAt = (metres: number): boolean => walkers.some(({ book }) => Math.abs(book.x - metres) < 0.12);
  return [
    { kind: 'gpi', port: 1, high: isAt(-BEAM_METRES), atMs },
    { kind: 'gpi', port: 2, high: isAt(BEAM_METRES), atMs },
  ];
}

describe('passages two abreast, with a trolley parked a metre away', () => {
  test.each([
    ['a thousand with light barriers', true, 1000],
    ['four hundred by the radio alone', false, 400],
  ])('%s', (_name, hasBeams, passages) => {
    const result = play({ seed: 4, passages, hasBeams });
    expect(result.caught / result.secured).toBeGreaterThanOrEqual(0.95);
    expect(result.falseAlarms).toBeLessThanOrEqual(1);
    expect(result.late / result.secured).toBeLessThanOrEqual(0.1);
    expect(result.told / (passages - result.secured)).toBeGreaterThanOrEqual(0.9);
    expect(result.wrongWay / result.told).toBeLessThanOrEqual(hasBeams ? 0.01 : 0.1);
  });
});
