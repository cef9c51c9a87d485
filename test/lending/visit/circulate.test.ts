/** Promise: the loan stands whatever becomes of its tag, a lost answer is looked for, and nothing is lent past the library's rules. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { UNKNOWN, type IlsPort } from '#lending/ils/port.ts';
import { ItemLocks } from '#lending/queue/item-locks.ts';
import { offlineRules } from '#lending/queue/offline-rules.ts';
import { lend, renew, takeBack, type CirculationDeps } from '#lending/visit/circulate.ts';
import type { RunningIls } from '#sim/ils/ils.ts';
import { Closers, HandClock, openIls, openLedger, openSip2 } from '#test/lending/fakes/branch.ts';

jest.setTimeout(20_000);
const closers = new Closers();
afterEach(() => closers.close());
const READER = { card: 'CARD-4711-ADA', pin: '1234', isSessionKnown: true };
const on = (item: string) => ({ item, station: 'kiosk-1', pad: 'pad-1', tag: 'uid:E004010000000001' });

async function kiosk(rules: object = {}): Promise<{ deps: CirculationDeps; ils: RunningIls; marks: boolean[] }> {
  const clock = new HandClock();
  const ils = closers.add(await openIls(clock));
  const ledger = closers.add(openLedger(await closers.folder(), clock));
  const marks: boolean[] = [];
  const pads = {
    setSecurity: (_pad: string, _tag: string, secured: boolean) => {
      marks.push(secured);
      return Promise.resolve({ outcome: 'done', result: {} } as const);
    },
  };
  const port = closers.add(openSip2(ils.port, clock));
  const offline = offlineRules.parse({ holdsAgeHoursMax: 0, ...rules });
  return {
    deps: { ils: port, ledger, clock, rules: offline, pads, busy: new Set(), locks: new ItemLocks() },
    ils,
    marks,
  };
}

test('lent, renewed, returned: the books, the tag and the inputs agree', async () => {
  const { deps, ils, marks } = await kiosk();
  expect(await lend({ ...on('B1'), ...READER }, deps)).toMatchObject({
    outcome: 'done',
    title: 'Title 1',
    tag: 'verified',
  });
  expect(await renew({ item: 'B1', station: 'kiosk-1', ...READER }, deps)).toMatchObject({
    outcome: 'done',
    tag: 'none',
  });
  expect(await takeBack(on('B1'), deps)).toMatchObject({ outcome: 'done', tag: 'verified', route: { to: 'shelf' } });
  expect(ils.books.events.map(({ kind }) => kind)).toEqual(['lent', 'renewed', 'returned']);
  expect(marks).toEqual([false, true]);
  expect(await lend({ ...on('B2'), card: 'CARD-4713-EVE', isSessionKnown: true }, deps)).toMatchObject({
    outcome: 'refused',
  });
  expect(deps.ledger.open()).toEqual([]);
});

test('a lost answer is looked for, and the loan is not made twice', async () => {
  const { deps, ils } = await kiosk();
  const deaf: IlsPort = { ...deps.ils, loan: async (request) => deps.ils.loan(request).then(() => UNKNOWN) };
  expect(await lend({ ...on('B1'), ...READER }, { ...deps, ils: deaf })).toMatchObject({
    outcome: 'done',
    isQueued: false,
  });
  expect(ils.doneCounts.get('11')).toBe(1);
});

test('a tag that cannot be set: the loan stands, and staff get a task', async () => {
  const { deps, ils } = await kiosk();
  const pads = { setSecurity: () => Promise.resolve({ outcome: 'failed', code: 'no-tag' } as const) };
  expect(await lend({ ...on('B1'), ...READER }, { ...deps, pads })).toMatchObject({ outcome: 'done', tag: 'task' });
  expect(ils.books.loanOf('B1')).toBeDefined();
  expect(deps.ledger.inputs(9).at(-1)?.body).toContain('"security-not-set"');
});

test('without the library system: its limits, types of usage and holds hold', async () => {
  const { deps, ils } = await kiosk({ loansPerPatronMax: 1 });
  deps.ledger.setHolds(['B9'], deps.clock.nowMs());
  ils.setAway(true);
  const asked = (item: string, more: object = {}) => lend({ ...on(item), ...READER, ...more }, deps);
  expect(await asked('B9')).toEqual({ outcome: 'refused', code: 'item-on-hold' });
  expect(await asked('B8', { usage: { usage: 1, sub: 3 } })).toEqual({ outcome: 'refused', code: 'staff-needed' });
  expect(await asked('B8', { usage: { usage: 2 } })).toEqual({ outcome: 'refused', code: 'item-not-for-loan' });
  expect(await asked('B8', { isSessionKnown: false })).toEqual({ outcome: 'refused', code: 'staff-needed' });
  expect(await asked('B1')).toMatchObject({ outcome: 'done', isQueued: true, tag: 'verified' });
  expect(await asked('B2')).toEqual({ outcome: 'refused', code: 'loan-limit' });
  expect(await takeBack({ ...on('B3'), usage: { usage: 1, sub: 4 } }, deps)).toMatchObject({ outcome: 'refused' });
});
