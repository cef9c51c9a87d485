/** Promise: a terminal behind us notices nothing, lends by the rules while the library system is away, and nothing is lent twice. */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, jest, test } from '@jest/globals';
import { sip2Checksum } from '#contract/codec/sip2/checksum.ts';
import { lendingConfig, type LendingConfig } from '#lending/config.ts';
import { startLending, type RunningLending } from '#lending/main.ts';
import { createReplay } from '#lending/queue/replay.ts';
import { Registry } from 'prom-client';
import type { RunningIls } from '#sim/ils/ils.ts';
import { ACCOUNT, Closers, HandClock, KEY, openIls, sip2Config } from '#test/lending/fakes/branch.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';

jest.setTimeout(30_000);
const closers = new Closers();
afterEach(() => closers.close());
const DATE = '20261124    120000';
const ADA = 'CARD-4711-ADA';

/** A terminal as simple as they come: one message, one answer. */
class Kiosk {
  readonly #socket: Socket;
  #sequence = 0;
  constructor(socket: Socket) {
    this.#socket = socket;
  }
  async say(text: string): Promise<string> {
    this.#sequence = (this.#sequence + 1) % 10;
    const head = `${text}AY${this.#sequence}AZ`;
    this.#socket.write(`${head}${sip2Checksum(new TextEncoder().encode(head))}\r`);
    const [chunk] = (await once(this.#socket, 'data')) as [Buffer];
    return chunk.toString().trimEnd();
  }
  signIn(): Promise<string> {
    return this.say(`9300CN${ACCOUNT.user}|CO${ACCOUNT.password}|CPMAIN|`);
  }
  lend(item: string, card = ADA): Promise<string> {
    return this.say(`11NN${DATE}${' '.repeat(18)}AODEMO|AA${card}|AB${item}|AC|`);
  }
  close(): void {
    this.#socket.destroy();
  }
}

interface House {
  readonly ils: RunningIls;
  readonly lending: RunningLending;
  readonly clock: HandClock;
  readonly kiosk: () => Promise<Kiosk>;
}

async function house(offline: object = {}): Promise<House> {
  const clock = new HandClock();
  const folder = await closers.folder();
  const ils = closers.add(await openIls(clock));
  const config: LendingConfig = lendingConfig.parse({
    library: 'town',
    folder,
    key: KEY,
    ils: sip2Config(ils.port),
    offline: { holdsAgeHoursMax: 0, ...offline },
    unclearMs: 0,
    proxy: { port: 0, upstream: sip2Config(ils.port).server },
  });
  const lending = closers.add(await startLending(config, { log: silentLog, clock, metrics: new Registry() }));
  return {
    ils,
    lending,
    clock,
    async kiosk() {
      const socket = createConnection({ host: '127.0.0.1', port: lending.proxyPort ?? 0 });
      await once(socket, 'connect');
      return closers.add(new Kiosk(socket));
    },
  };
}

test('answers pass byte for byte, and the loan is learnt without the reader', async () => {
  const { ils, lending, kiosk } = await house();
  const direct = createConnection({ host: '127.0.0.1', port: ils.port });
  await once(direct, 'connect');
  const straight = closers.add(new Kiosk(direct));
  const through = await kiosk();
  expect(await through.signIn()).toBe(await straight.signIn());
  const asked = `17${DATE}AODEMO|ABB1|AC|`;
  expect(await through.say(asked)).toBe(await straight.say(asked));
  const patron = `63000${DATE}${' '.repeat(10)}AODEMO|AA${ADA}|AC|AD1234|`;
  expect(await through.say(patron)).toBe(await straight.say(patron));
  expect(await through.lend('B1')).toMatch(/^121NNY/);
  expect(ils.books.loanOf('B1')?.patronId).toBe(ADA);
  const inputs = lending.circulation.ledger.inputs(10).map(({ body }) => body);
  expect(inputs).toHaveLength(1);
  expect(JSON.parse(inputs[0] ?? '')).toMatchObject({ kind: 'ils', items: [{ barcode: 'B1', status: 'on-loan' }] });
  expect(await through.say(`09N${DATE}${DATE}APMAIN|AODEMO|ABB1|AC|`)).toMatch(/^101Y/);
  expect(lending.circulation.ledger.inputs(10).at(-1)?.body).toContain('"available"');
});

test('while the library system is away the rules answer, and everything is told when it is back', async () => {
  const { ils, lending, clock, kiosk } = await house({ loansPerPatronMax: 2 });
  const { ledger } = lending.circulation;
  const terminal = await kiosk();
  await terminal.signIn();
  await terminal.say(`63000${DATE}${' '.repeat(10)}AODEMO|AA${ADA}|AC|AD1234|`);
  ils.setAway(true);
  expect(await terminal.say('9900802.00')).toMatch(/^98YYYNNY/);
  expect(await terminal.lend('B1')).toMatch(/^121NUY.*AA.*AB/);
  // Its answer was lost on the way to the kiosk: the same loan, not another one.
  expect(await terminal.lend('B1')).toMatch(/^121/);
  expect(await terminal.lend('B2')).toMatch(/^121/);
  expect(await terminal.lend('B3')).toMatch(/^120NUN.*AFPlease see the desk\./);
  expect(await terminal.lend('B4', 'CARD-4712-BOB')).toMatch(/^120/);
  expect(await terminal.say(`17${DATE}AODEMO|ABB1|AC|`)).toMatch(/^18/);
  expect(await terminal.say(`29NN${DATE}${' '.repeat(18)}AODEMO|AA${ADA}|ABB1|AC|`)).toMatch(/^300/);
  expect(await terminal.say(`09N${DATE}${DATE}APMAIN|AODEMO|ABB2|AC|`)).toMatch(/^101Y/);
  expect(await terminal.say(`35${DATE}AODEMO|AA${ADA}|AC|`)).toMatch(/^36Y/);
  expect(await terminal.say(`63000${DATE}${' '.repeat(10)}AODEMO|AA${ADA}|AC|AD1234|`)).toMatch(/BLN\|CQN/);
  expect(ledger.openCount()).toBe(3);

  ils.setAway(false);
  const { circulation } = lending;
  const replay = createReplay({ ...circulation, log: silentLog, unclearMs: 0 });
  for (let round = 0; round < 100 && ledger.openCount() > 0; round += 1) {
    clock.pass(60_000);
    await replay.round();
  }
  expect(ledger.openCount()).toBe(0);
  expect(ils.books.events.map(({ kind, barcode }) => `${kind} ${barcode}`).sort()).toEqual([
    'lent B1',
    'lent B2',
    'returned B2',
  ]);
  expect(ils.books.loanOf('B1')?.renewalCount).toBe(0);
  // The line opens itself again, and what comes then goes to the library system.
  let told = '';
  for (let tries = 0; tries < 60 && !told.includes('AJTitle 1|'); tries += 1) {
    told = await terminal.say(`17${DATE}AODEMO|ABB1|AC|`);
  }
  expect(told).toContain('AJTitle 1|');
});

test('an answer that got lost: the loan is in the books once, whatever the terminal was told', async () => {
  const { ils, lending, clock, kiosk } = await house({ newSessions: true });
  const { ledger } = lending.circulation;
  const terminal = await kiosk();
  await terminal.signIn();
  ils.setFaults({ droppedAfterShare: 1 });
  expect(await terminal.lend('B1')).toMatch(/^121/);
  ils.setFaults({ droppedAfterShare: 0 });
  const replay = createReplay({ ...lending.circulation, log: silentLog, unclearMs: 0 });
  for (let round = 0; round < 100 && ledger.openCount() > 0; round += 1) {
    clock.pass(60_000);
    await replay.round();
  }
  expect(ils.books.events.map(({ kind }) => kind)).toEqual(['lent']);
});

test('a terminal that the library system has never let in is not served without it', async () => {
  const { ils, kiosk } = await house({ newSessions: true });
  ils.setAway(true);
  expect(await (await kiosk()).signIn()).toMatch(/^940/);
});
