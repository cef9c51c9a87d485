/** The SIP2 client against the simulated library system, with everything that goes wrong on a line. */
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { readItem, readLoan, readPatron, readPlain, readReturn } from '#contract/codec/sip2/answers.ts';
import {
  checkinRequest,
  checkoutRequest,
  endSessionRequest,
  feePaidRequest,
  holdRequest,
  itemRequest,
  patronRequest,
  renewAllRequest,
  renewRequest,
} from '#contract/codec/sip2/requests.ts';
import type { Sip2Message } from '#contract/codec/sip2/message.ts';
import { Sip2Client, type Sip2ClientOptions, type Sip2ClientState, type Sip2Outcome } from '#lending/sip2/client.ts';
import { until } from '#test/gateway/fakes/world.ts';
import { startIls, type IlsOptions, type RunningIls } from '#sim/ils/ils.ts';

jest.setTimeout(20_000);

const NOW = Date.UTC(2026, 10, 24, 12);
const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function ilsWith(changes: Partial<IlsOptions> = {}): Promise<RunningIls> {
  const items = Array.from({ length: 40 }, (_, at) => ({
    barcode: `B${String(at)}`,
    title: `Títle ${String(at)}`,
    branch: 'MAIN',
  }));
  const ils = await startIls({
    seed: 1,
    clock: { nowMs: () => NOW, uptimeMs: () => 0 },
    patrons: [
      { id: 'P1', name: 'Ada', pin: '1234' },
      { id: 'P2', name: 'Bob', isBlocked: true },
      { id: 'P3', name: 'Cem' },
    ],
    items,
    accounts: [{ user: 'kiosk', password: 'secret', branch: 'MAIN' }],
    ...changes,
  });
  open.push(ils);
  return ils;
}

interface Connected {
  readonly client: Sip2Client;
  readonly states: Sip2ClientState[];
}

function clientOf(ils: { readonly port: number }, changes: Partial<Sip2ClientOptions> = {}): Connected {
  const states: Sip2ClientState[] = [];
  const client = new Sip2Client(
    {
      host: '127.0.0.1',
      port: ils.port,
      charset: 'utf-8',
      hasErrorDetection: true,
      login: { user: 'kiosk', password: 'secret', location: 'MAIN' },
      connectMs: 2000,
      answerMs: 1000,
      waitMs: 3000,
      idleMs: 60_000,
      firstPauseMs: 5,
      lastPauseMs: 50,
      ...changes,
    },
    { chance: () => 0.5, changed: (state) => states.push(state) },
  );
  open.push(client);
  return { client, states };
}

const asking = { date: '20261124    120000', institution: 'DEMO' };
const loan = (patronId: string, itemId: string): ReturnType<typeof checkoutRequest> =>
  checkoutRequest({ ...asking, patronId, itemId });

function answered(outcome: Sip2Outcome): Sip2Message {
  if (outcome.kind !== 'answered') throw new Error(`${outcome.kind}: ${outcome.reason}`);
  return outcome.message;
}

describe('a day at the kiosk', () => {
  test('sign in, look up, lend, renew, return, pay, end', async () => {
    const ils = await ilsWith();
    const { client } = clientOf(ils);
    const patron = { ...asking, patronId: 'P1', pin: '1234' };
    const who = readPatron(answered(await client.ask(patronRequest({ ...patron, list: 'charged' }))));
    expect(who).toMatchObject({ isKnown: true, isPinRight: true, flags: [], name: 'Ada' });
    expect(client.state).toMatchObject({ kind: 'ready', status: { isOnline: true, timeoutMs: 10_000 } });

    const item = readItem(answered(await client.ask(itemRequest({ ...asking, itemId: 'B1' }))));
    expect(item).toMatchObject({ status: 'available', isKnown: true, title: 'Títle 1' });
    const lent = readLoan(answered(await client.ask(loan('P1', 'B1'))));
    expect(lent).toMatchObject({ isOk: true, isRenewal: false, mayDesensitize: true, due: { month: 12, day: 22 } });
    expect(readItem(answered(await client.ask(itemRequest({ ...asking, itemId: 'B1' }))))).toMatchObject({
      status: 'charged',
    });
    const renewed = readLoan(answered(await client.ask(renewRequest({ ...patron, itemId: 'B1' }))));
    expect(renewed).toMatchObject({ isOk: true, isRenewal: true });
    expect(readPlain(answered(await client.ask(renewAllRequest(patron)))).isOk).toBe(true);
    await client.ask(holdRequest({ ...asking, patronId: 'P3', itemId: 'B1', mode: '+', pickup: 'WEST' }));
    const back = readReturn(answered(await client.ask(checkinRequest({ ...asking, itemId: 'B1', location: 'MAIN' }))));
    expect(back).toMatchObject({
      isOk: true,
      mustResensitize: true,
      alertType: '02',
      destination: 'WEST',
      holdPatronId: 'P3',
    });
    const payment = feePaidRequest({ ...patron, amount: '3.50', currency: 'EUR', transactionId: 't1' });
    expect(readPlain(answered(await client.ask(payment))).isOk).toBe(true);
    expect(readPlain(answered(await client.ask(payment))).isOk).toBe(true);
    expect(readPlain(answered(await client.ask(endSessionRequest(patron)))).isOk).toBe(true);
    expect(ils.books.events.map(({ kind }) => kind)).toEqual(['lent', 'renewed', 'renewed', 'returned', 'paid']);
  });

  test('refusals come as answers', async () => {
    const ils = await ilsWith();
    const { client } = clientOf(ils);
    expect(readLoan(answered(await client.ask(loan('P2', 'B1'))))).toMatchObject({
      isOk: false,
      screen: ['Patron Blocked'],
    });
    expect(readLoan(answered(await client.ask(loan('P1', 'X'))))).toMatchObject({
      isOk: false,
      screen: ['Invalid Item'],
    });
    expect(readItem(answered(await client.ask(itemRequest({ ...asking, itemId: 'X' })))).isKnown).toBe(false);
    expect(await client.ask(loan('P1', 'B1|AAP3'))).toMatchObject({ kind: 'unsent', reason: /fields\.2/ });
    expect(ils.books.events).toEqual([]);
  });

  test('as Koha: what is only told closes loans of others, and is refused for returns', async () => {
    const ils = await ilsWith();
    const { client } = clientOf(ils);
    await client.ask(loan('P1', 'B1'));
    const told = checkoutRequest({ ...asking, patronId: 'P2', itemId: 'B1', isNoBlock: true, noBlockDue: asking.date });
    expect(readLoan(answered(await client.ask(told))).isOk).toBe(true);
    expect(readLoan(answered(await client.ask(told)))).toMatchObject({ isOk: true, isRenewal: true });
    const back = checkinRequest({ ...asking, itemId: 'B1', location: 'MAIN', isNoBlock: true });
    expect(readReturn(answered(await client.ask(back))).isOk).toBe(false);
    expect(ils.books.events.map(({ kind, patronId, atMs }) => [kind, patronId, atMs])).toEqual([
      ['lent', 'P1', NOW],
      ['closed-by-other', 'P1', NOW],
      ['lent', 'P2', NOW],
      ['renewed', 'P2', NOW],
    ]);
  });
});

describe('a bad line', () => {
  test('lost, damaged and doubled answers: every loan once, and none is guessed', async () => {
    const ils = await ilsWith({
      seed: 7,
      faults: { lostAnswerShare: 0.1, wrongChecksumShare: 0.15, doubleAnswerShare: 0.15, answerP95Ms: 6 },
    });
    const { client } = clientOf(ils, { answerMs: 40 });
    for (let at = 0; at < 40; at += 1) {
      const outcome = await client.ask(loan('P3', `B${String(at)}`));
      const isLent = ils.books.loanOf(`B${String(at)}`) !== undefined;
      if (outcome.kind === 'answered')
        expect(readLoan(outcome.message)).toMatchObject({ itemId: `B${String(at)}`, isOk: isLent });
      else expect(outcome.kind).toBe('unknown');
      if (at % 10 === 9) for (const { barcode } of ils.books.loans) ils.books.takeBack(barcode, 'MAIN', NOW);
    }
    expect(ils.books.events.filter(({ kind }) => kind === 'lent')).toHaveLength(40);
    expect(ils.books.events.filter(({ kind }) => kind === 'renewed')).toHaveLength(0);
  });

  test('dropped lines: a loan is unknown or done, never done twice; a look-up is asked again', async () => {
    const ils = await ilsWith({ seed: 3, faults: { droppedAfterShare: 0.15, droppedBeforeShare: 0.15 } });
    const { client } = clientOf(ils);
    const kinds = new Set<string>();
    for (let at = 0; at < 25; at += 1) {
      const outcome = await client.ask(loan('P3', `B${String(at)}`));
      kinds.add(outcome.kind);
      expect(['answered', 'unknown']).toContain(outcome.kind);
    }
    ils.setFaults({ droppedAfterShare: 0, droppedBeforeShare: 0 });
    expect(kinds.size).toBe(2);
    expect(ils.books.events.filter(({ kind }) => kind !== 'lent')).toEqual([]);
    expect(answered(await client.ask(itemRequest({ ...asking, itemId: 'B1' }))).code).toBe('18');
  });

  test('a hung system: a loan is unknown in bounded time, a request behind it unsent', async () => {
    const ils = await ilsWith();
    const { client } = clientOf(ils, { answerMs: 20, waitMs: 200 });
    await client.ask(itemRequest({ ...asking, itemId: 'B1' }));
    ils.setHanging(true);
    const [lent, behind] = await Promise.all([client.ask(loan('P1', 'B1')), client.ask(loan('P1', 'B2'))]);
    expect(lent.kind).toBe('unknown');
    expect(behind.kind).toBe('unsent');
    expect(ils.doneCounts.get('11')).toBe(1);
  });

  test('idle lines that are dropped are opened again before somebody asks; away is unsent', async () => {
    const ils = await ilsWith({ faults: { idleMs: 30 } });
    const { client, states } = clientOf(ils, { waitMs: 300 });
    for (let at = 0; at < 5; at += 1) {
      expect((await client.ask(itemRequest({ ...asking, itemId: 'B1' }))).kind).toBe('answered');
      const lostCount = states.length;
      await until(() => states.length > lostCount);
    }
    expect(states.filter(({ kind }) => kind === 'ready').length).toBeGreaterThan(2);
    ils.setAway(true);
    await until(() => client.state.kind !== 'ready');
    expect(await client.ask(loan('P1', 'B1'))).toMatchObject({ kind: 'unsent' });
    ils.setAway(false);
    expect((await client.ask(loan('P1', 'B1'))).kind).toBe('answered');
  });

  test('99 keeps an idle line alive', async () => {
    const ils = await ilsWith({ faults: { idleMs: 60 } });
    const { client, states } = clientOf(ils, { idleMs: 10 });
    await client.ask(itemRequest({ ...asking, itemId: 'B1' }));
    await until(() => (ils.doneCounts.get('99') ?? 0) >= 8);
    expect(states.every(({ kind }) => kind === 'ready')).toBe(true);
  });

  test('a wrong password is said, and tried again slowly', async () => {
    const ils = await ilsWith();
    const { client, states } = clientOf(ils, { login: { user: 'kiosk', password: 'no' }, waitMs: 100 });
    expect(await client.ask(loan('P1', 'B1'))).toMatchObject({ kind: 'unsent', reason: /refuses user or password/ });
    expect(states[0]).toMatchObject({ kind: 'refused' });
  });
});
