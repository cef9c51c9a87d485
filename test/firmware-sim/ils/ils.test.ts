/** The simulated library system: its rules, its chance that repeats, its truth over HTTP. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { createRandom } from '#sim/random/random.ts';
import { IlsBooks } from '#sim/ils/books.ts';
import { demoPatrons } from '#sim/ils/demo-ils.ts';
import { drawFate, NO_FAULTS } from '#sim/ils/faults.ts';
import { DEMO_RULES, startIls, type RunningIls } from '#sim/ils/ils.ts';
import { ilsReply } from '#sim/ils/truth-paths.ts';

const NOW = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const PATRONS = [
  { id: 'P1', name: 'Ada' },
  { id: 'P2', name: 'Bob', feesCents: 2500 },
  { id: 'P3', name: 'Cem' },
];
const ITEMS = [
  { barcode: 'B1', title: 'One', branch: 'MAIN' },
  { barcode: 'B2', title: 'Two', branch: 'WEST', rule: 'short' },
  { barcode: 'B3', title: 'Three', branch: 'MAIN', isNotForLoan: true },
];

describe('the rules', () => {
  const books = (): IlsBooks => new IlsBooks(PATRONS, ITEMS, { ...DEMO_RULES, loansMax: 1 });

  test('limits, renewals, reference copies, debts', () => {
    const own = books();
    expect(own.lend('P1', 'B3', NOW)).toMatchObject({ isOk: false });
    expect(own.lend('P2', 'B1', NOW)).toEqual({ isOk: false, why: 'Patron Blocked' });
    expect(own.lend('p1', 'b2', NOW)).toMatchObject({
      isOk: true,
      isRenewal: false,
      loan: { dueMs: NOW + 7 * DAY_MS },
    });
    expect(own.lend('P1', 'B2', NOW)).toMatchObject({ isOk: false, why: 'NO_MORE_RENEWALS: 1' });
    expect(own.lend('P1', 'B1', NOW)).toMatchObject({ isOk: false, why: 'TOO_MANY: 1' });
    expect(own.renew('P3', 'B2', NOW)).toMatchObject({ isOk: false });
    expect(own.pay('P2', 2000, NOW, 't')).toBe(true);
    expect(own.pay('P2', 2000, NOW, 't')).toBe(true);
    expect(own.lend('P2', 'B1', NOW)).toMatchObject({ isOk: true });
  });

  test('holds stop loans and renewals of others, and say where an item goes', () => {
    const own = books();
    own.lend('P1', 'B1', NOW);
    expect([own.placeHold('P3', 'B1', 'WEST'), own.placeHold('P3', 'B1', 'WEST')]).toEqual([true, false]);
    expect(own.renew('P1', 'B1', NOW)).toMatchObject({ isOk: false });
    expect(own.takeBack('B1', 'MAIN', NOW)).toMatchObject({
      isOk: true,
      alert: '02',
      destination: 'WEST',
      patronId: 'P1',
    });
    expect(own.lend('P1', 'B1', NOW)).toMatchObject({ isOk: false });
    expect(own.lend('P3', 'B1', NOW)).toMatchObject({ isOk: true });
    expect(own.holdsOn('B1')).toEqual([]);
    expect(own.takeBack('B2', 'MAIN', NOW)).toMatchObject({ isOk: false, alert: '04', destination: 'WEST' });
    expect(own.takeBack('nothing', 'MAIN', NOW)).toMatchObject({ isOk: false, alert: '99' });
  });
});

test('faults: 95 of 100 answers within the time, shares as set, the same for the same seed', () => {
  const faults = { ...NO_FAULTS, answerP95Ms: 3000, lostAnswerShare: 0.02 };
  const draw = (): readonly ReturnType<typeof drawFate>[] => {
    const random = createRandom(5);
    return Array.from({ length: 20_000 }, () => drawFate(faults, random));
  };
  const fates = draw();
  const share = (is: (fate: ReturnType<typeof drawFate>) => boolean): number => fates.filter(is).length / fates.length;
  expect(share(({ delayMs }) => delayMs <= 3000)).toBeCloseTo(0.95, 2);
  expect(share(({ kind }) => kind === 'lost')).toBeCloseTo(0.02, 2);
  expect(share(({ kind }) => kind === 'well' || kind === 'lost')).toBe(1);
  expect(draw()).toEqual(fates);
});

test('the readers of the demo: some owe, the first may always borrow', () => {
  const patrons = demoPatrons(1);
  expect(patrons[0]).toMatchObject({ id: '29100001', pin: '0001' });
  expect(patrons[0]?.feesCents).toBeUndefined();
  const owing = patrons.filter(({ feesCents }) => feesCents !== undefined).length;
  expect(owing / patrons.length).toBeGreaterThan(0.02);
  expect(owing / patrons.length).toBeLessThan(0.09);
});

describe('truth and levers over HTTP', () => {
  let ils: RunningIls | undefined;
  afterEach(() => ils?.close());

  test('loans, events, faults; anything else is nothing', async () => {
    const own = await startIls({
      seed: 1,
      clock: { nowMs: () => NOW, uptimeMs: () => 0 },
      patrons: PATRONS,
      items: ITEMS,
    });
    ils = own;
    const ask = (method: string, path: string): unknown => ilsReply(own, method, new URL(path, 'http://sim'));
    own.books.lend('P1', 'B1', NOW);
    expect(ask('GET', '/truth/ils')).toEqual({ loans: 1, events: 1, lines: 0, done: {} });
    expect(ask('GET', '/truth/ils/loans')).toMatchObject({
      loans: [{ barcode: 'B1', patronId: 'P1', renewalCount: 0 }],
    });
    expect(ask('GET', `/truth/ils/events?since=${String(NOW + 1)}`)).toEqual({ events: [] });
    expect(ask('GET', '/truth/ils/events')).toMatchObject({ events: [{ kind: 'lent', atMs: NOW }] });
    expect(ask('POST', '/ils/away')).toEqual({ action: 'away' });
    expect(ask('POST', '/ils/faults?answerP95Ms=3000&lostAnswerShare=-1')).toEqual({ action: 'faults' });
    expect(ask('POST', '/ils/explode')).toBeUndefined();
    expect(ask('GET', '/truth/ils/patrons')).toBeUndefined();
  });
});
