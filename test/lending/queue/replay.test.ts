/** Promise: what happened without the library system is told to it later, in order, once, and only where it is not known yet. */
import { afterEach, expect, jest, test } from '@jest/globals';
import { ItemLocks } from '#lending/queue/item-locks.ts';
import { createReplay, type Replay } from '#lending/queue/replay.ts';
import { UNKNOWN, type IlsPort } from '#lending/ils/port.ts';
import type { Ledger } from '#lending/queue/ledger.ts';
import type { RunningIls } from '#sim/ils/ils.ts';
import { Closers, HandClock, KEY, openIls, openLedger, openSip2 } from '#test/lending/fakes/branch.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';

jest.setTimeout(20_000);

const closers = new Closers();
afterEach(() => closers.close());
const ADA = 'CARD-4711-ADA';
const BOB = 'CARD-4712-BOB';

interface Branch {
  readonly clock: HandClock;
  readonly folder: string;
  readonly ledger: Ledger;
  readonly books: RunningIls['books'];
  readonly ils: RunningIls;
  readonly replay: Replay;
}

async function branch(): Promise<Branch> {
  const clock = new HandClock();
  const folder = await closers.folder();
  const ils = closers.add(await openIls(clock));
  const ledger = closers.add(openLedger(folder, clock));
  const port = closers.add(openSip2(ils.port, clock));
  const replay = createReplay({ ledger, ils: port, clock, log: silentLog, locks: new ItemLocks(), unclearMs: 1000 });
  return { clock, folder, ledger, books: ils.books, ils, replay };
}

function happen(ledger: Ledger, kind: 'loan' | 'return', item: string, atMs: number, card?: string): string {
  const id = ledger.begin({ kind, item, station: 'kiosk-1', atMs, card });
  ledger.queue(id, { dueAtMs: atMs + 1e9, secure: false });
  return id;
}

const inputsOf = (ledger: Ledger): Record<string, unknown>[] =>
  ledger.inputs(100).map(({ body }) => JSON.parse(body) as Record<string, unknown>);
const tasksOf = (ledger: Ledger): unknown[] => inputsOf(ledger).filter(({ kind }) => kind === 'lending-task');
const kindsOf = (books: RunningIls['books']): string[] =>
  books.events.map(({ kind, barcode, patronId }) => `${kind} ${barcode} ${patronId}`);

test('a copy that was lent, returned and lent again at two kiosks comes in the order in which it happened', async () => {
  const { clock, ledger, books, replay } = await branch();
  const nowMs = clock.nowMs();
  happen(ledger, 'loan', 'B1', nowMs - 1000, BOB);
  happen(ledger, 'loan', 'B1', nowMs - 9000, ADA);
  happen(ledger, 'return', 'B1', nowMs - 5000);
  expect(await replay.round()).toBe(true);
  expect(kindsOf(books)).toEqual([`lent B1 ${ADA}`, `returned B1 ${ADA}`, `lent B1 ${BOB}`]);
  expect(ledger.openCount()).toBe(0);
  expect(await replay.round()).toBe(true);
  expect(books.events).toHaveLength(3);
  expect(tasksOf(ledger)).toEqual([]);
});

test('what the library system knows already is not sent again', async () => {
  const { clock, ledger, books, ils, replay } = await branch();
  books.lend(ADA, 'B2', clock.nowMs() - 60_000);
  happen(ledger, 'loan', 'B2', clock.nowMs() - 61_000, ADA);
  happen(ledger, 'return', 'B3', clock.nowMs() - 61_000);
  await replay.round();
  expect(ledger.openCount()).toBe(0);
  expect(ils.doneCounts.get('11')).toBeUndefined();
  expect(ils.doneCounts.get('09')).toBeUndefined();
  expect(books.loanOf('B2')?.renewalCount).toBe(0);
});

test('a copy that somebody else has stays theirs, and staff get a task that names nobody', async () => {
  const { clock, ledger, books, replay } = await branch();
  books.lend(BOB, 'B4', clock.nowMs());
  const id = happen(ledger, 'loan', 'B4', clock.nowMs() - 60_000, ADA);
  await replay.round();
  expect(books.loanOf('B4')?.patronId).toBe(BOB);
  const at = new Date(clock.nowMs() - 60_000).toISOString();
  const task = { kind: 'lending-task', id, item: 'B4', code: 'lent-to-another', step: 'loan', station: 'kiosk-1', at };
  expect(tasksOf(ledger)).toEqual([task]);
});

test('a refusal afterwards is a task; so is a card that can no longer be decrypted', async () => {
  const { clock, folder, ledger, books, ils, replay } = await branch();
  happen(ledger, 'loan', 'B5', clock.nowMs(), 'CARD-4713-EVE');
  await replay.round();
  expect(tasksOf(ledger)).toMatchObject([{ item: 'B5', code: 'loan-refused' }]);
  happen(ledger, 'loan', 'B6', clock.nowMs(), ADA);
  ledger.close();
  const other = closers.add(openLedger(folder, clock, KEY.replaceAll('0', 'f')));
  const port = closers.add(openSip2(ils.port, clock));
  await createReplay({ ledger: other, ils: port, clock, log: silentLog, locks: new ItemLocks(), unclearMs: 0 }).round();
  expect(tasksOf(other)).toMatchObject([{ item: 'B5' }, { item: 'B6', code: 'patron-lost' }]);
  expect(books.loans).toEqual([]);
});

test('something newer that the library system confirmed here is not undone', async () => {
  const { clock, ledger, books, replay } = await branch();
  happen(ledger, 'loan', 'B7', clock.nowMs() - 60_000, ADA);
  ledger.learn([{ barcode: 'B7', status: 'available', atMs: clock.nowMs() - 1000, dueAtMs: null }]);
  await replay.round();
  expect(books.events).toEqual([]);
  expect(tasksOf(ledger)).toMatchObject([{ item: 'B7', code: 'overtaken' }]);
});

test('a lost answer is looked for before the loan is sent again; while the system is away all of it waits', async () => {
  const { clock, ledger, books, ils } = await branch();
  const port = closers.add(openSip2(ils.port, clock));
  const deaf: IlsPort = { ...port, loan: async (request) => port.loan(request).then(() => UNKNOWN) };
  const replay = createReplay({ ledger, ils: deaf, clock, log: silentLog, locks: new ItemLocks(), unclearMs: 0 });
  happen(ledger, 'loan', 'B8', clock.nowMs(), ADA);
  await replay.round();
  expect(ledger.open()).toMatchObject([{ state: 'queued', tries: 1 }]);
  ils.setAway(true);
  clock.pass(3_600_000);
  expect(await replay.round()).toBe(false);
  expect(ledger.openCount()).toBe(1);
  ils.setAway(false);
  for (let round = 0; round < 50 && ledger.openCount() > 0; round += 1) {
    clock.pass(3_600_000);
    await replay.round();
  }
  expect(ledger.openCount()).toBe(0);
  expect(kindsOf(books)).toEqual([`lent B8 ${ADA}`]);
});

test('a loan that was cut off before anybody was told is undone, or kept where the library system has it', async () => {
  const { clock, ledger, books, replay } = await branch();
  const lost = ledger.begin({ kind: 'loan', item: 'B9', station: 'kiosk-1', card: ADA, atMs: clock.nowMs() });
  ledger.markSent(lost);
  const made = ledger.begin({ kind: 'loan', item: 'B10', station: 'kiosk-1', card: ADA, atMs: clock.nowMs() });
  ledger.markSent(made);
  books.lend(ADA, 'B10', clock.nowMs());
  await replay.round();
  expect(ledger.openCount()).toBe(2);
  clock.pass(1000);
  await replay.round();
  expect(ledger.get(lost)?.state).toBe('undone');
  expect(ledger.get(made)?.state).toBe('confirmed');
  expect(kindsOf(books)).toEqual([`lent B10 ${ADA}`]);
});
