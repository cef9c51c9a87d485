/** Promise: a renewal is made by the library system or not at all; nobody leaves with one that it does not know. */
import { afterEach, expect, test } from '@jest/globals';
import { ItemLocks } from '#lending/queue/item-locks.ts';
import { offlineRules } from '#lending/queue/offline-rules.ts';
import { renew, type CirculationDeps } from '#lending/visit/circulate.ts';
import type { RunningIls } from '#sim/ils/ils.ts';
import { Closers, HandClock, openIls, openLedger, openSip2 } from '#test/lending/fakes/branch.ts';

const ADA = 'CARD-4711-ADA';
const DAY_MS = 86_400_000;
const wish = { item: 'B1', card: ADA, pin: '1234', station: 'kiosk-1' };

const closers = new Closers();
afterEach(() => closers.close());

async function branch(): Promise<{ clock: HandClock; ils: RunningIls; deps: CirculationDeps }> {
  const clock = new HandClock();
  const folder = await closers.folder();
  const ils = closers.add(await openIls(clock));
  const ledger = closers.add(openLedger(folder, clock));
  const port = closers.add(openSip2(ils.port, clock));
  const deps = {
    ils: port,
    ledger,
    clock,
    rules: offlineRules.parse({}),
    busy: new Set<string>(),
    locks: new ItemLocks(),
  };
  return { clock, ils, deps };
}

test('a loan is renewed from now on, and leaves nothing behind in the queue', async () => {
  const { clock, ils, deps } = await branch();
  ils.books.lend(ADA, 'B1', clock.nowMs());
  clock.pass(3 * DAY_MS);
  const done = await renew(wish, deps);
  expect(done).toMatchObject({ outcome: 'done', title: 'Title 1', isQueued: false, tag: 'none' });
  expect(ils.books.events.map(({ kind }) => kind)).toEqual(['lent', 'renewed']);
  expect(deps.ledger.openCount()).toBe(0);
});

test('what is not lent to this card is refused', async () => {
  const { ils, deps } = await branch();
  expect(await renew(wish, deps)).toMatchObject({ outcome: 'refused' });
  expect(ils.books.events).toEqual([]);
  expect(deps.ledger.openCount()).toBe(0);
});

test('without the library system it is for staff, not for later', async () => {
  const { ils, deps } = await branch();
  await ils.close();
  expect(await renew(wish, deps)).toEqual({ outcome: 'refused', code: 'staff-needed' });
  expect(deps.ledger.openCount()).toBe(0);
});
