/** The simulated reader against bytes written by hand from the standard; only what comes back goes through our decoder. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import type { ReaderEvent } from '#contract/codec/llrp/reader-events.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { startLlrpReader, type LlrpReader, type LlrpReaderOptions } from '#sim/readers/llrp/reader.ts';
import { newGen2Tag } from '#sim/readers/gen2-tag.ts';
import type { AntennaEar } from '#sim/radio/field.ts';

const EPC = '3414257BF4001D34A85A600D';
const GET_SUPPORTED_VERSION = '082E 0000000A 00000001';
const SET_VERSION_2 = '082F 0000000B 00000002 02';
/** Immediate start, null stop; antenna 1 for 60 ms, then antenna 2; report at the end of each AISpec. */
const ROSPEC_BODY = `00B1 0059 00000001 00 00
  00B2 0012 00B3 0005 01 00B6 0009 00 00000000
  00B7 0018 0001 0001 00B8 0009 01 0000003C 00BA 0007 0001 01
  00B7 0018 0001 0002 00B8 0009 01 0000003C 00BA 0007 0001 01
  00ED 000D 01 0000 00EE 0006 1580`;
const ADD_ROSPEC_V1 = `0414 00000063 00000010 ${ROSPEC_BODY}`;
const ENABLE_V1 = '0418 0000000E 00000011 00000001';
const DISABLE_V1 = '0419 0000000E 00000012 00000001';
const START_V1 = '0416 0000000E 00000013 00000001';
const STOP_V1 = '0417 0000000E 00000014 00000001';
const DELETE_ALL_V1 = '0415 0000000E 00000015 00000000';
const AISPEC_EVENTS_V1 = '0403 00000016 00000016 00 00F4 000B 00F5 0007 0006 80';
const ANTENNA_EVENTS_V1 = '0403 00000016 00000016 00 00F4 000B 00F5 0007 0008 80';
const KEEPALIVE_50_MS_V1 = '0403 00000014 00000017 00 00DC 0009 01 00000032';
const KEEPALIVE_ACK_V1 = '0448 0000000A 00000018';
const CLOSE_V1 = '040E 0000000A 00000019';
const GET_REPORT_V1 = '043C 0000000A 0000001A';
const CAPABILITIES_V1 = '0401 0000000B 0000001B 00';

class Client {
  readonly socket: Socket;
  readonly #framer = new LlrpFramer();
  readonly raw: Uint8Array[] = [];
  readonly messages: LlrpMessage[] = [];
  #taken = 0;
  isClosed = false;
  error: NodeJS.ErrnoException | undefined;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.on('data', (chunk) => {
      for (const bytes of this.#framer.feed(chunk).messages) {
        const message = decodeMessage(bytes);
        expect(message.ok).toBe(true);
        this.raw.push(bytes.slice());
        if (message.ok) this.messages.push(message.value);
      }
      this.#wake();
    });
    this.socket.on('error', (error) => (this.error = error));
    this.socket.on('close', () => {
      this.isClosed = true;
      this.#wake();
    });
  }

  send(...hex: readonly string[]): void {
    for (const text of hex) this.socket.write(fromHex(text) ?? new Uint8Array());
  }

  /** The next message not yet taken that fits. */
  async next<Kind extends LlrpMessage['kind']>(
    kind: Kind,
    fits: (message: Extract<LlrpMessage, { kind: Kind }>) => boolean = () => true,
  ): Promise<Extract<LlrpMessage, { kind: Kind }>> {
    for (;;) {
      while (this.#taken < this.messages.length) {
        const message = this.messages[this.#taken];
        this.#taken += 1;
        if (message?.kind === kind && fits(message as Extract<LlrpMessage, { kind: Kind }>)) {
          return message as Extract<LlrpMessage, { kind: Kind }>;
        }
      }
      if (this.isClosed) throw new Error(`closed while waiting for ${kind}`);
      await this.#change();
    }
  }

  async event<Kind extends ReaderEvent['kind']>(kind: Kind): Promise<Extract<ReaderEvent, { kind: Kind }>> {
    const { events } = await this.next('reader-event-notification', ({ events }) =>
      events.some((one) => one.kind === kind),
    );
    return events.find((one) => one.kind === kind) as Extract<ReaderEvent, { kind: Kind }>;
  }

  async closed(): Promise<void> {
    while (!this.isClosed) await this.#change();
  }

  async #change(): Promise<void> {
    await new Promise<void>((resolve) => (this.#wake = resolve));
  }
}

const readers: LlrpReader[] = [];
const clients: Client[] = [];

/** Antenna n hears item n once in every slice, at -50 - n dBm. */
function ear(port: number): AntennaEar | undefined {
  if (port > 4) return undefined;
  return {
    shelf: undefined as unknown as AntennaEar['shelf'],
    listen: (fromMs, lengthMs, onRead) => {
      onRead(port, -50 - port, fromMs + lengthMs / 2);
    },
  };
}

async function start(options: Partial<LlrpReaderOptions> = {}): Promise<LlrpReader> {
  const clock = { nowMs: () => Date.now(), uptimeMs: () => performance.now() };
  const epcOf = (item: number): string => EPC.slice(0, 22) + String(item).padStart(2, '0');
  const reader = await startLlrpReader({ id: 'r-1', antennas: 4, clock, ear, epcOf, ...options });
  readers.push(reader);
  return reader;
}

async function open(reader: LlrpReader): Promise<Client> {
  const client = new Client(reader.port);
  clients.push(client);
  await client.event('connection-attempt');
  return client;
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await Promise.all(readers.splice(0).map((reader) => reader.close()));
});

describe('opening', () => {
  test('the reader speaks first: one event, connection accepted, in the bytes of the standard', async () => {
    const client = await open(await start());
    // Version 1, type 63, 32 bytes; 246 { 128 UTC, 256 { 0 } }.
    expect(toHex(client.raw[0] ?? new Uint8Array())).toMatch(
      /^043F00000020[0-9A-F]{8}00F600160080000C[0-9A-F]{16}010000060000$/,
    );
  });

  test('a second client is told that there is one and closed; the first hears of it and stays', async () => {
    const reader = await start();
    const first = await open(reader);
    const second = new Client(reader.port);
    clients.push(second);
    expect(await second.event('connection-attempt')).toEqual({
      kind: 'connection-attempt',
      outcome: 'client-initiated-exists',
    });
    await second.closed();
    expect(await first.event('connection-attempt')).toMatchObject({ outcome: 'another-attempted' });
    first.send('041A 0000000A 00000001');
    expect((await first.next('get-rospecs-response')).rospecs).toEqual([]);
  });

  test('version: 1.1 is offered and taken; a 1.0.1 reader refuses the question', async () => {
    const client = await open(await start());
    client.send(GET_SUPPORTED_VERSION);
    await client.next('get-supported-version-response');
    expect(toHex(client.raw.at(-1) ?? new Uint8Array())).toBe('083800000014000000010102011F000800000000');
    client.send(SET_VERSION_2, '081A 0000000A 00000003');
    expect((await client.next('set-protocol-version-response')).status.code).toBe(0);
    expect((await client.next('get-rospecs-response')).version).toBe(2);

    const old = await open(await start({ highestVersion: 1 }));
    old.send(GET_SUPPORTED_VERSION);
    expect((await old.next('error-message')).status.code).toBe(110);
  });

  test('capabilities name the ports, a power table and RF modes', async () => {
    const client = await open(await start());
    client.send(CAPABILITIES_V1);
    const { general, regulatory } = await client.next('get-reader-capabilities-response');
    expect(general?.antennas).toBe(4);
    const levels = regulatory?.uhf?.powerLevels ?? [];
    expect(levels.map(({ powerDbm }) => powerDbm)).toEqual(
      [...levels.map(({ powerDbm }) => powerDbm)].sort((a, b) => a - b),
    );
    expect(levels.at(-1)).toEqual({ index: 41, powerDbm: 30 });
    expect(regulatory?.uhf?.rfModes.length).toBeGreaterThan(1);
  });

  test('CLOSE_CONNECTION is answered, then the reader closes', async () => {
    const client = await open(await start());
    client.send(CLOSE_V1);
    expect((await client.next('close-connection-response')).status.code).toBe(0);
    await client.closed();
    expect(client.error).toBeUndefined();
  });
});

describe('ROSpecs', () => {
  test('an enabled one starts at once and goes round its antennas; each dwell ends with reports, then its event', async () => {
    const client = await open(await start());
    client.send(AISPEC_EVENTS_V1, ADD_ROSPEC_V1, ENABLE_V1);
    expect((await client.next('add-rospec-response')).status.code).toBe(0);
    expect((await client.next('enable-rospec-response')).status.code).toBe(0);
    const ends: number[] = [];
    while (ends.length < 4) ends.push((await client.event('aispec-end')).specIndex);
    expect(ends).toEqual([1, 2, 1, 2]);
    const order = client.messages.flatMap((message) => {
      if (message.kind === 'ro-access-report') return message.tags.map(({ antennaId }) => `tag ${String(antennaId)}`);
      if (message.kind !== 'reader-event-notification') return [];
      return message.events.flatMap((one) => (one.kind === 'aispec-end' ? [`end ${String(one.specIndex)}`] : []));
    });
    expect(order.slice(0, 4)).toEqual(['tag 1', 'end 1', 'tag 2', 'end 2']);
  });

  test('a report holds what was asked for and nothing else', async () => {
    const client = await open(await start());
    const beforeUs = Date.now() * 1000;
    client.send(ADD_ROSPEC_V1, ENABLE_V1);
    const [tag] = (await client.next('ro-access-report')).tags;
    const fields = Object.entries(tag ?? {}).filter(([, value]) => value !== undefined);
    expect(Object.fromEntries(fields)).toEqual({
      epc: `${EPC.slice(0, 22)}01`,
      epcBits: 96,
      antennaId: 1,
      peakRssiDbm: -51,
      lastSeenUtcUs: expect.any(Number),
      seenCount: 1,
    });
    expect(tag?.lastSeenUtcUs).toBeGreaterThan(beforeUs);
    expect(tag?.lastSeenUtcUs).toBeLessThan(Date.now() * 1000);
  });

  test.each([
    ['START before ENABLE', [ADD_ROSPEC_V1, START_V1], 'start-rospec-response'],
    ['START of an active one', [ADD_ROSPEC_V1, ENABLE_V1, START_V1], 'start-rospec-response'],
    ['STOP of one that does not run', [ADD_ROSPEC_V1, STOP_V1], 'stop-rospec-response'],
    ['ENABLE of nothing', [ENABLE_V1], 'enable-rospec-response'],
    ['ADD twice', [ADD_ROSPEC_V1, DELETE_ALL_V1, ADD_ROSPEC_V1, ADD_ROSPEC_V1], 'add-rospec-response'],
  ] as const)('%s is refused', async (_name, requests, kind) => {
    const client = await open(await start());
    client.send(...requests);
    const refused = await client.next(kind, ({ status }) => status.code !== 0);
    expect(refused.status.code).toBe(101);
  });

  test('STOP, START, DISABLE and DELETE lead from state to state', async () => {
    const client = await open(await start());
    client.send(ADD_ROSPEC_V1, ENABLE_V1);
    const state = async (...requests: readonly string[]): Promise<string | undefined> => {
      client.send(...requests, '041A 0000000A 00000001');
      return (await client.next('get-rospecs-response')).rospecs[0]?.state;
    };
    expect(await state()).toBe('active');
    expect(await state(STOP_V1)).toBe('inactive');
    expect(await state(START_V1)).toBe('active');
    expect(await state(DISABLE_V1)).toBe('disabled');
    expect(await state(DELETE_ALL_V1)).toBeUndefined();
  });

  test('GET_REPORT brings what waits', async () => {
    const client = await open(await start());
    // The same ROSpec with report trigger 0 (none): trigger byte and both dwells of 60 s.
    const silent = ADD_ROSPEC_V1.replace('00ED 000D 01', '00ED 000D 00').replaceAll('0000003C', '0000EA60');
    client.send(silent, ENABLE_V1);
    await client.next('enable-rospec-response');
    const asking = setInterval(() => {
      client.send(GET_REPORT_V1);
    }, 50);
    const { tags } = await client.next('ro-access-report');
    clearInterval(asking);
    expect(tags[0]?.antennaId).toBe(1);
  });
});

describe('what is wrong', () => {
  test.each([
    ['a message nobody knows', '0555 0000000A 00000001', 109],
    ['a message that readers send', '043D 0000000A 00000001', 112],
    ['a message of the other version', '081A 0000000A 00000001', 110],
    ['a ROSpec that ends too early', '0414 00000010 00000001 00B1 0006 0000', 100],
  ])('%s gets an ERROR_MESSAGE, and the connection stays', async (_name, bytes, code) => {
    const client = await open(await start());
    client.send(bytes);
    expect((await client.next('error-message')).status.code).toBe(code);
    client.send('041A 0000000A 00000001');
    await client.next('get-rospecs-response');
  });

  test('a stream without LLRP ends the connection', async () => {
    const client = await open(await start());
    client.send('FFFFFFFFFFFFFFFFFFFF');
    await client.closed();
  });
});

describe('keepalives', () => {
  test('come by period as long as they are acknowledged', async () => {
    const client = await open(await start());
    client.send(KEEPALIVE_50_MS_V1);
    for (let n = 0; n < 6; n += 1) {
      await client.next('keepalive');
      client.send(KEEPALIVE_ACK_V1);
    }
    expect(client.isClosed).toBe(false);
  });

  test('a client that does not answer three of them is dropped', async () => {
    const client = await open(await start());
    client.send(KEEPALIVE_50_MS_V1);
    await client.closed();
    expect(client.messages.filter(({ kind }) => kind === 'keepalive')).toHaveLength(3);
  });
});

describe('faults', () => {
  test('unplugged: reset, refused, and at the same port again with nothing remembered', async () => {
    const reader = await start();
    const { port } = reader;
    const client = await open(reader);
    client.send(ADD_ROSPEC_V1);
    await client.next('add-rospec-response');
    await reader.unplug();
    await client.closed();
    expect(client.error?.code).toBe('ECONNRESET');
    const refused = connect(port, '127.0.0.1');
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    await reader.plug();
    expect(reader.port).toBe(port);
    const again = await open(reader);
    again.send('041A 0000000A 00000001');
    expect((await again.next('get-rospecs-response')).rospecs).toEqual([]);
  });

  test('hanging: the connection stays open, nothing comes, until it wakes', async () => {
    const reader = await start();
    const client = await open(reader);
    client.send(ADD_ROSPEC_V1, ENABLE_V1, KEEPALIVE_50_MS_V1);
    await client.next('ro-access-report');
    reader.hang();
    const before = client.messages.length;
    client.send('041A 0000000A 00000001');
    // Two scan rounds on a second reader are time enough for the hung one to have spoken.
    const witness = await open(await start());
    witness.send(AISPEC_EVENTS_V1, ADD_ROSPEC_V1, ENABLE_V1);
    for (let n = 0; n < 4; n += 1) await witness.event('aispec-end');
    expect(client.messages.length).toBeLessThanOrEqual(before + 1);
    expect(client.isClosed).toBe(false);
    reader.resume();
    await client.next('get-rospecs-response');
  });

  test('a lost antenna is told, and hears nothing until it is back', async () => {
    const reader = await start();
    const client = await open(reader);
    client.send(ANTENNA_EVENTS_V1, ADD_ROSPEC_V1, ENABLE_V1);
    await client.next('enable-rospec-response');
    reader.loseAntenna(1);
    expect(await client.event('antenna')).toEqual({ kind: 'antenna', antennaId: 1, connected: false });
    for (let n = 0; n < 3; n += 1) {
      const { tags } = await client.next('ro-access-report');
      if (n > 0) expect(tags.every(({ antennaId }) => antennaId === 2)).toBe(true);
    }
    reader.regainAntenna(1);
    expect(await client.event('antenna')).toMatchObject({ connected: true });
    await client.next('ro-access-report', ({ tags }) => tags.some(({ antennaId }) => antennaId === 1));
  });
});

describe('what readers differ in', () => {
  const TID = 'E2801160600002054E17C1D9';
  /** Once, on any tag: read six words of the TID as operation 7, with the report of the ROSpec. */
  const ADD_TID_SPEC_V1 = `0428 0000004C 00000030 00CF 0042 00000005 0000 01 00 00000000 00D0 0007 01 0001
    00D1 0026 0152 0013 0153 000F 60 0020 0010 FFFF 0010 3414 0155 000F 0007 00000000 80 0000 0006
    00EF 0005 00`;

  test('AccessSpecs: on a tag that fits, once, with the result in its report', async () => {
    const tag = newGen2Tag({ epc: EPC, tid: TID });
    const client = await open(await start({ tagOf: () => tag }));
    client.send(ADD_TID_SPEC_V1, '042A 0000000E 00000031 00000005');
    expect((await client.next('add-access-spec-response')).status.code).toBe(0);
    expect((await client.next('enable-access-spec-response')).status.code).toBe(0);
    client.send(ADD_ROSPEC_V1, ENABLE_V1);
    await client.next('enable-rospec-response');
    const { tags } = await client.next('ro-access-report', (message) =>
      message.tags.some(({ opResults }) => opResults !== undefined),
    );
    expect(tags.flatMap(({ opResults }) => opResults ?? [])).toEqual([
      { kind: 'read', result: 0, opSpecId: 7, words: TID },
    ]);
    client.send('042C 0000000A 00000032');
    expect((await client.next('get-access-specs-response')).accessSpecs).toEqual([]);
  });

  test('extensions of a maker: refused by others, and by its own until they are opened', async () => {
    const search = '03FF 000E 0000651A 00000017 0002';
    const withSearch = ADD_ROSPEC_V1.replace('00000063', '00000071')
      .replace('00B1 0059', '00B1 0067')
      .replace('00ED 000D 01 0000 00EE 0006 1580', `00ED 001B 01 0000 00EE 0006 1580 ${search}`);
    const other = await open(await start());
    other.send('07FF 00000013 00000001 0000651A 15 00000000', withSearch);
    expect((await other.next('error-message')).status.code).toBe(109);
    expect((await other.next('add-rospec-response')).status.parameterError?.parameterType).toBe(1023);
    const own = await open(await start({ model: { maker: 'impinj' } }));
    own.send(withSearch, '07FF 00000013 00000001 0000651A 15 00000000', withSearch);
    expect((await own.next('add-rospec-response')).status.code).not.toBe(0);
    await own.next('custom-message');
    // CUSTOM_MESSAGE 22 of the maker, with a status of success.
    expect(own.raw.some((bytes) => toHex(bytes) === '07FF00000017000000010000651A16011F000800000000')).toBe(true);
    expect((await own.next('add-rospec-response')).status.code).toBe(0);
  });

  test('a reader without a clock tells times since its start', async () => {
    const client = await open(await start({ model: { clock: 'uptime' } }));
    // 246 { 129 uptime, 256 { 0 } }.
    expect(toHex(client.raw[0] ?? new Uint8Array())).toMatch(/00F600160081000C0000000000[0-9A-F]{6}010000060000$/);
    client.send(ADD_ROSPEC_V1, ENABLE_V1);
    const { tags } = await client.next('ro-access-report');
    expect(tags[0]?.lastSeenUptimeUs).toBeLessThan(60_000_000);
    expect(tags[0]?.lastSeenUtcUs).toBeUndefined();
  });

  test('inputs tell of changes once they and their event are enabled', async () => {
    const reader = await start({ model: { gpis: 1 } });
    const client = await open(reader);
    reader.setGpi(1, true);
    client.send('0403 0000001E 00000016 00 00F4 000B 00F5 0007 0001 80 00E1 0008 0001 80 02');
    expect((await client.next('set-reader-config-response')).status.code).toBe(0);
    reader.setGpi(1, false);
    expect(await client.event('gpi')).toEqual({ kind: 'gpi', port: 1, high: false });
    client.send('0403 00000013 00000017 00 00E1 0008 0002 80 02');
    expect((await client.next('set-reader-config-response')).status.code).not.toBe(0);
  });
});
