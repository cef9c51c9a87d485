/** The listener for terminals, met by clients as others write them, and the client over TLS. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { itemRequest } from '#contract/codec/sip2/requests.ts';
import { Sip2Client } from '#lending/sip2/client.ts';
import { listenSip2, type ListenerOptions, type RunningListener, type TerminalAnswer } from '#lending/sip2/listener.ts';
import { startIls } from '#sim/ils/ils.ts';

const DATE = '20261124    120000';
const NOW = Date.UTC(2026, 10, 24, 12);
const open: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** What a terminal reads: whole lines. */
class Terminal {
  readonly #socket: Socket;
  #text = '';
  #isOver = false;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk) => (this.#text += String(chunk)));
    this.#socket.on('error', () => undefined);
    this.#socket.on('close', () => (this.#isOver = true));
    open.push({ close: () => this.#socket.destroy() });
  }

  /** Sends text as it is, and gives the next answer; `closed` when the line ends first. */
  async says(text: string): Promise<string> {
    this.#socket.write(text, 'latin1');
    for (;;) {
      const end = /[\r\n]+/.exec(this.#text);
      if (end !== null) {
        const line = this.#text.slice(0, end.index);
        this.#text = this.#text.slice(end.index + end[0].length);
        if (line !== '') return line;
        continue;
      }
      if (this.#isOver) return 'closed';
      await Promise.race([once(this.#socket, 'data'), once(this.#socket, 'close')]);
    }
  }
}

interface Listening {
  readonly listener: RunningListener;
  readonly asked: string[];
  readonly refused: string[];
  readonly closedCount: () => number;
}

async function listening(
  changes: Partial<ListenerOptions> = {},
  answer: (text: string) => TerminalAnswer = () => ({
    code: '18',
    fixed: { circulationStatus: '03', securityMarker: '02', feeType: '01', transactionDate: DATE },
    fields: [['AB', 'B1']],
  }),
): Promise<Listening> {
  const asked: string[] = [];
  const refused: string[] = [];
  let closedCount = 0;
  const listener = await listenSip2({
    host: '127.0.0.1',
    port: 0,
    charset: 'ascii',
    sessionsMax: 2,
    idleMs: 5000,
    refused: (_address, reason) => refused.push(reason),
    open: () => ({
      answer({ bytes }) {
        const text = String.fromCharCode(...bytes);
        asked.push(text);
        return Promise.resolve(answer(text));
      },
      closed: () => (closedCount += 1),
    }),
    ...changes,
  });
  open.push(listener);
  return { listener, asked, refused, closedCount: () => closedCount };
}

describe('terminals of others', () => {
  test('in pieces, ended as they like, with error detection or without', async () => {
    const { listener, asked } = await listening();
    const terminal = new Terminal(listener.port);
    expect(await terminal.says(`17${DATE}AOx|ABB1|AC|\r`)).toBe(`18030201${DATE}ABB1|`);
    expect(await terminal.says(`17${DATE}AOx|ABB1|AC|\r\n`)).toBe(`18030201${DATE}ABB1|`);
    expect(await terminal.says(`\n17${DATE}AOx|ABB1|AC\n`)).toBe(`18030201${DATE}ABB1|`);
    expect(await terminal.says('1719980723    100000AOCertification Institute ID|ABItemBook|AY1AZEBEB\r')).toMatch(
      /AY1AZ/,
    );
    expect(await terminal.says('97AZFEF5\r')).toMatch(/AY1AZ/);
    expect(await terminal.says('1719980723    100000AOCertification Institute ID|ABItemBook|AY1AZEBEC\r')).toBe(
      '96AZFEF6',
    );
    expect(asked).toHaveLength(4);
  });

  test('bytes pass as they are, messages that SIP2 does not have too', async () => {
    const { listener } = await listening({}, (text) => {
      return text.startsWith('XX') ? { bytes: Uint8Array.of(0x59, 0xe9, 0x7c) } : undefined;
    });
    const terminal = new Terminal(listener.port);
    expect(await terminal.says('XXa|\r')).toBe('Y\u00e9|');
    expect(await terminal.says(`17${DATE}ABx|\r`)).toBe('closed');
  });

  test('is bounded: sessions, length, silence, addresses', async () => {
    const { listener, refused, closedCount } = await listening({ messageBytesMax: 100, idleMs: 60 });
    const [first, second] = [new Terminal(listener.port), new Terminal(listener.port)];
    await Promise.all([first.says(`17${DATE}ABx|\r`), second.says(`17${DATE}ABx|\r`)]);
    expect(await new Terminal(listener.port).says('99')).toBe('closed');
    expect(await first.says(`17${'x'.repeat(200)}`)).toBe('closed');
    expect(await second.says('')).toBe('closed');
    expect(refused).toEqual(['too many terminals', 'a message has at most 100 bytes', 'silent for too long']);
    while (closedCount() < 2) await new Promise((resolve) => setImmediate(resolve));
    const closed = await listening({ accepts: () => false });
    expect(await new Terminal(closed.listener.port).says('99')).toBe('closed');
  });
});

describe('the simulated library system, met directly', () => {
  async function terminalAt(accounts = [{ user: 'u', password: 'p', branch: 'MAIN' }]): Promise<Terminal> {
    const ils = await startIls({
      seed: 1,
      clock: { nowMs: () => NOW, uptimeMs: () => 0 },
      patrons: [{ id: 'P1', name: 'Ada', pin: '1234' }],
      items: [{ barcode: 'B1', title: 'Title', branch: 'MAIN' }],
      accounts,
    });
    open.push(ils);
    return new Terminal(ils.port);
  }

  test('by a client that writes its 99 with two digits and ends with CR LF', async () => {
    const terminal = await terminalAt();
    expect(await terminal.says('9300CNu|COp|CPMAIN|\r\n')).toBe('941');
    expect(await terminal.says('990401.00|AY1AZFC59\r\n')).toMatch(
      /^98YYYYNY100005.*BXYYYYYYYYYYYNYYYY\|.*AY1AZ[0-9A-F]{4}$/,
    );
    expect(await terminal.says(`63001${DATE}          AOx|AAP1|AC|AD1234|\r`)).toMatch(/^64 {14}001.*BLY\|CQY\|/);
    expect(await terminal.says(`63001${DATE}          AOx|AAP1|AC|AD9|\r`)).toMatch(/CQN\|/);
    expect(await terminal.says(`63001${DATE}          AOx|AAP9|AC|\r`)).toMatch(/^64YYYY {10}.*BLN\|CQN\|/);
    expect(await terminal.says(`17${DATE}AOx|ABB1|\r`)).toMatch(/^180302/);
    expect(await terminal.says(`11YN${DATE}${DATE}AOx|AAP1|ABB1|AC|\r`)).toMatch(
      /^121NNY.*AJTitle\|AH20261222 {4}120000\|/,
    );
    expect(await terminal.says(`11YN${DATE}${DATE}AOx|AAP1|ABB1|AC|\r`)).toMatch(/^121Y/);
    expect(await terminal.says(`09N${DATE}${DATE}APMAIN|AOx|ABB1|AC|\r`)).toMatch(/^101YNN/);
    expect(await terminal.says(`09N${DATE}${DATE}APMAIN|AOx|ABB1|AC|\r`)).toMatch(/^100Y.*AFItem not checked out\|/);
    expect(await terminal.says(`01N${DATE}AOx|ALlost|AAP1|AC|\r`)).toMatch(/^24YYYY/);
    expect(await terminal.says(`11YN${DATE}${DATE}AOx|AAP1|ABB1|AC|\r`)).toMatch(/^120NUN.*AFPatron Blocked\|/);
  });

  test('nothing before the login, and a wrong one ends the line', async () => {
    expect(await (await terminalAt()).says(`17${DATE}ABB1|\r`)).toBe('closed');
    const terminal = await terminalAt();
    expect(await terminal.says('9300CNu|COx|\r')).toBe('940');
    expect(await terminal.says('9300CNu|COp|\r')).toBe('closed');
    expect(await (await terminalAt([])).says(`17${DATE}ABB1|\r`)).toMatch(/^18/);
  });
});

test("TLS on both sides, with an authority of one's own", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-sip2-'));
  const out = [
    '-keyout',
    join(folder, 'key'),
    '-out',
    join(folder, 'pem'),
    '-subj',
    '/CN=ils',
    '-addext',
    'subjectAltName=DNS:ils.local',
  ];
  const how = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  execFileSync('openssl', [...how, ...out], { stdio: 'ignore' });
  const [cert, key] = [readFileSync(join(folder, 'pem'), 'utf8'), readFileSync(join(folder, 'key'), 'utf8')];
  await rm(folder, { recursive: true });
  const { listener } = await listening({ tls: { cert, key } }, (text) =>
    text.startsWith('99')
      ? { bytes: Uint8Array.from(`98YYYYNY100005${DATE}2.00AOx|`, (one) => one.charCodeAt(0)) }
      : { bytes: Uint8Array.from(`18030201${DATE}ABB1|AJT|`, (one) => one.charCodeAt(0)) },
  );
  const clientWith = (tls: { readonly ca?: string; readonly servername: string }): Sip2Client => {
    const times = { connectMs: 2000, answerMs: 1000, waitMs: 300, idleMs: 5000, firstPauseMs: 20, lastPauseMs: 50 };
    const address = { host: '127.0.0.1', port: listener.port, tls };
    const client = new Sip2Client(
      { ...address, ...times, charset: 'ascii', hasErrorDetection: false },
      { chance: () => 0 },
    );
    open.push(client);
    return client;
  };
  const asked = itemRequest({ date: DATE, institution: 'x', itemId: 'B1' });
  expect((await clientWith({ ca: cert, servername: 'ils.local' }).ask(asked)).kind).toBe('answered');
  expect((await clientWith({ ca: cert, servername: 'other.local' }).ask(asked)).kind).toBe('unsent');
  expect((await clientWith({ servername: 'ils.local' }).ask(asked)).kind).toBe('unsent');
});
