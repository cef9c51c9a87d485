import { afterEach, describe, expect, test } from '@jest/globals';
import { fromHex } from '#contract/hex.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { llrpDriver } from '#gateway/drivers/llrp/driver.ts';
import { nearestPowerIndex } from '#gateway/drivers/llrp/rospec-plan.ts';
import { llrpSettings } from '#gateway/drivers/llrp/settings.ts';
import { FakeLlrpReader, type FakeReaderOptions } from '#test/gateway/fakes/llrp-reader.ts';
import { clock, silentLog, until } from '#test/gateway/fakes/world.ts';

interface Run {
  readonly reader: FakeLlrpReader;
  readonly events: ReaderEvent[];
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<void>;
}

const runs: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const run of runs.splice(0)) await run.stop();
});

async function prepare(
  options: FakeReaderOptions,
  settings: object = {},
): Promise<{
  reader: FakeLlrpReader;
  abort: AbortController;
  open: () => ReturnType<ReturnType<typeof llrpDriver.create>['open']>;
}> {
  const reader = await new FakeLlrpReader(options).start();
  const abort = new AbortController();
  const driver = llrpDriver.create(llrpSettings.parse({ dwellMs: 100, ...settings }), {
    clock,
    log: silentLog,
    openLink: reader.peer.openLink,
    antennas: [1, 2, 3],
  });
  runs.push({
    stop: async () => {
      abort.abort();
      await reader.peer.close();
    },
  });
  return { reader, abort, open: () => driver.open(abort.signal) };
}

async function run(options: FakeReaderOptions = {}, settings: object = {}): Promise<Run> {
  const { reader, abort, open } = await prepare(options, settings);
  const opened = await open();
  const events: ReaderEvent[] = [];
  const ended = (async () => {
    try {
      for await (const batch of opened.events) events.push(...batch);
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  return { reader, events, ended, stop };
}

function of<Kind extends ReaderEvent['kind']>(
  events: readonly ReaderEvent[],
  kind: Kind,
): Extract<ReaderEvent, { kind: Kind }>[] {
  return events.filter((event): event is Extract<ReaderEvent, { kind: Kind }> => event.kind === kind);
}

describe('opening', () => {
  test('waits for the greeting, then goes step by step in LLRP 1.1, and says good-bye', async () => {
    const { reader, stop, ended } = await run();
    expect(reader.receivedBeforeGreeting).toBe(0);
    await until(() => reader.kinds().includes('enable-events-and-reports'));
    expect(reader.kinds()).toEqual([
      'get-supported-version',
      'set-protocol-version',
      'get-reader-capabilities',
      'get-rospecs',
      'set-reader-config',
      'delete-rospec',
      'add-rospec',
      'enable-rospec',
      'get-reader-config',
      'enable-events-and-reports',
    ]);
    expect(reader.received.map(({ version }) => version)).toEqual(Array(10).fill(2));
    await stop();
    expect(await ended).toBeUndefined();
    expect(reader.kinds().at(-1)).toBe('close-connection');
  });

  test('one AISpec for each antenna, with the dwell and the nearest power of the reader', async () => {
    const { reader } = await run({}, { powerDbm: 24 });
    const add = reader.received.find((message) => message.kind === 'add-rospec');
    expect(add?.rospec.specs).toHaveLength(3);
    expect(add?.rospec.specs[1]).toMatchObject({
      kind: 'aispec',
      antennaIds: [2],
      stop: { kind: 'duration', durationMs: 100 },
      inventories: [{ antennas: [{ antennaId: 2, transmitter: { powerIndex: 10, channelIndex: 1, hopTableId: 0 } }] }],
    });
    expect(add?.rospec.boundary).toEqual({ start: { kind: 'immediate' }, stop: { kind: 'null' } });
  });

  test('a 1.0.1 reader: the error to the question for the version is no obstacle', async () => {
    const { reader, events } = await run({ isOld: true });
    expect(reader.kinds()).not.toContain('set-protocol-version');
    expect(reader.received.slice(1).every(({ version }) => version === 1)).toBe(true);
    reader.report({ epc: 'E28011700000020F3D5F0001', antennaId: 1, peakRssiDbm: -51, seenCount: 4 });
    await until(() => of(events, 'read').length === 1);
  });

  test.each([
    ['client-initiated-exists', 'another program is connected'],
    ['reader-initiated-exists', 'opened itself'],
    ['failed', 'restart'],
  ] as const)('refused with %s: named', async (outcome, words) => {
    const { open, reader } = await prepare({ outcome });
    await expect(open()).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining(words) as unknown,
    });
    expect(reader.received).toEqual([]);
  });

  test('a port that does not greet', async () => {
    const { open } = await prepare({ greets: false }, { responseTimeoutMs: 60 });
    await expect(open()).rejects.toMatchObject({ code: 'DRV_READER_SILENT' });
  });

  test("a step without an answer, and a step refused in the reader's words", async () => {
    const silent = await prepare({ ignores: 'add-rospec' }, { responseTimeoutMs: 400 });
    await expect(silent.open()).rejects.toMatchObject({
      code: 'DRV_READER_SILENT',
      message: expect.stringContaining('add-rospec') as unknown,
    });
    const refusing = await prepare({ refuses: 'add-rospec' });
    await expect(refusing.open()).rejects.toMatchObject({
      code: 'DRV_READER_REFUSED',
      message: expect.stringContaining('add-rospec with status 300 (not today)') as unknown,
    });
  });

  test('a reader that refuses the configuration is asked for less, four times, before we give up', async () => {
    const { open, reader } = await prepare({ refuses: 'set-reader-config' });
    await expect(open()).rejects.toMatchObject({ code: 'DRV_READER_REFUSED' });
    expect(reader.kinds().filter((kind) => kind === 'set-reader-config')).toHaveLength(4);
  });

  test.each(['get-reader-capabilities', 'set-reader-config', 'delete-rospec', 'add-rospec', 'enable-rospec'] as const)(
    'an ERROR_MESSAGE to %s ends the opening, with the step and the words',
    async (errs) => {
      const { open } = await prepare({ errs });
      await expect(open()).rejects.toMatchObject({
        code: 'DRV_READER_REFUSED',
        message: expect.stringContaining(`${errs} with status 112 (not now)`) as unknown,
      });
    },
  );

  test.each(['get-supported-version', 'get-rospecs', 'get-reader-config'] as const)(
    'an ERROR_MESSAGE to %s is no obstacle',
    async (errs) => {
      const { reader, events } = await run({ errs });
      reader.report({ epc: 'AA', antennaId: 1 });
      await until(() => of(events, 'read').length === 1);
    },
  );

  test('hundreds of reports while it is being told what to do: none is lost, and no answer waits behind them', async () => {
    const { events } = await run({ reportsFirst: 700 });
    await until(() => of(events, 'read').length === 700);
  });

  test('a reader that is at our plan is left at it, and asked for what it kept', async () => {
    const first = await run();
    const planned = first.reader.received.flatMap((message) => (message.kind === 'add-rospec' ? [message.rospec] : []));
    const [plan] = planned;
    if (plan === undefined) throw new Error('no plan was sent');
    const same = await run({ busyWith: { ...plan, state: 'active' } });
    await until(() => same.reader.kinds().includes('get-report'));
    expect(same.reader.kinds()).not.toContain('delete-rospec');
    expect(same.reader.kinds()).not.toContain('add-rospec');
    expect(same.reader.kinds().slice(-2)).toEqual(['enable-events-and-reports', 'get-report']);
    const other = await run({ busyWith: { ...plan, state: 'active' } }, { dwellMs: 120 });
    await until(() => other.reader.kinds().includes('add-rospec'));
  });

  test('a reader that takes no configuration while it is at work gives what it has and is stopped for it', async () => {
    const { reader, events } = await run({
      isStubborn: true,
      busyWith: {
        id: 9,
        priority: 0,
        state: 'active',
        boundary: { start: { kind: 'immediate' }, stop: { kind: 'null' } },
        specs: [],
      },
    });
    await until(() => reader.kinds().includes('enable-events-and-reports'));
    const kinds = reader.kinds();
    const stopAt = kinds.indexOf('delete-rospec');
    expect(kinds.slice(stopAt - 2, stopAt + 2)).toEqual([
      'enable-events-and-reports',
      'get-report',
      'delete-rospec',
      'set-reader-config',
    ]);
    reader.report({ epc: 'AA', antennaId: 1 });
    await until(() => of(events, 'read').length === 1);
  });

  test('an antenna the reader does not have', async () => {
    const { open } = await prepare({ antennas: 2 });
    await expect(open()).rejects.toMatchObject({
      message: expect.stringContaining('has 2 antennas, but antenna 3') as unknown,
    });
  });

  test('nobody listens there', async () => {
    const { open, reader } = await prepare({});
    await reader.peer.close();
    await expect(open()).rejects.toMatchObject({
      code: 'DRV_LINK_LOST',
      message: expect.stringContaining('check power, cable') as unknown,
    });
  });
});

describe('reading', () => {
  test.each([1, 3, 7, undefined])(
    'reports in pieces of %s bytes, between responses, keep their order',
    async (pieceBytes) => {
      const { reader, events } = await run({ ...(pieceBytes !== undefined && { pieceBytes }) });
      for (let n = 0; n < 5; n += 1) {
        reader.report({
          epc: `30${String(n)}0`,
          antennaId: 2,
          peakRssiDbm: -60 - n,
          seenCount: 2,
          lastSeenUtcUs: Date.now() * 1000,
        });
        reader.notify({ kind: 'aispec-end', rospecId: 1, specIndex: 2 });
      }
      await until(() => of(events, 'cycle').length === 5);
      expect(of(events, 'read').map(({ ids, rssiDbm, count }) => [ids.epc, rssiDbm, count])).toEqual(
        [0, 1, 2, 3, 4].map((n) => [`30${String(n)}0`, -60 - n, 2]),
      );
      expect(of(events, 'cycle').map(({ antennas }) => antennas)).toEqual(Array(5).fill([2]));
    },
  );

  test('a report written by hand: EPC-96, antenna 3, -57 dBm, seen 5 times', async () => {
    const { reader, events } = await run({ isOld: true });
    //  RO_ACCESS_REPORT v1, 38 bytes | TagReportData 28 | EPC-96 | antenna 3 | RSSI -57 | count 5 | PC 3000 -> 37 in all
    const body = '8D E28011700000020F3D5F0001 81 0003 86 C7 88 0005 8C 3000';
    const data = fromHex(body) ?? new Uint8Array();
    const message = new Uint8Array([
      ...hex('04 3D'),
      0,
      0,
      0,
      14 + data.length,
      0,
      0,
      0,
      9,
      0x00,
      0xf0,
      0,
      4 + data.length,
      ...data,
    ]);
    reader.sendRaw(message);
    await until(() => of(events, 'read').length === 1);
    expect(of(events, 'read')[0]).toMatchObject({
      antenna: 3,
      count: 5,
      rssiDbm: -57,
      ids: { epc: 'E28011700000020F3D5F0001', pc: '3000' },
    });
  });

  test('fields that the reader leaves out are those of the report before', async () => {
    const { reader, events } = await run();
    reader.report(
      { epc: 'AA', antennaId: 2, peakRssiDbm: -44, seenCount: 3 },
      { epc: 'BB' },
      { epc: 'CC', antennaId: 1 },
      { epc: 'DD' },
    );
    await until(() => of(events, 'read').length === 4);
    expect(of(events, 'read').map(({ antenna, rssiDbm, count }) => [antenna, rssiDbm, count])).toEqual([
      [2, -44, 3],
      [2, -44, 3],
      [1, -44, 3],
      [1, -44, 3],
    ]);
  });

  test('a reader whose clock is an hour ahead: times are ours, the offset is told', async () => {
    const { reader, events } = await run();
    const ahead = (Date.now() + 3_600_000) * 1000;
    for (let n = 0; n < 40; n += 1) {
      reader.send({
        kind: 'reader-event-notification',
        utcUs: ahead,
        events: [{ kind: 'aispec-end', rospecId: 1, specIndex: 1 }],
        custom: [],
      });
    }
    reader.report({ epc: 'AA', antennaId: 1, firstSeenUtcUs: ahead - 50_000, lastSeenUtcUs: ahead });
    await until(() => of(events, 'read').length === 1);
    expect(Math.abs((of(events, 'read')[0]?.lastMs ?? 0) - Date.now())).toBeLessThan(2000);
    expect(of(events, 'clock-offset').at(-1)?.offsetMs).toBeGreaterThan(3_590_000);
  });

  test('a reader that knows only its uptime', async () => {
    const { reader, events } = await run();
    for (let n = 0; n < 40; n += 1) {
      reader.send({
        kind: 'reader-event-notification',
        uptimeUs: 5_000_000,
        events: [{ kind: 'aispec-end', rospecId: 1, specIndex: 1 }],
        custom: [],
      });
    }
    reader.report({ epc: 'AA', antennaId: 1, lastSeenUptimeUs: 4_900_000 });
    await until(() => of(events, 'read').length === 1);
    const ageMs = Date.now() - (of(events, 'read')[0]?.lastMs ?? 0);
    expect(ageMs).toBeGreaterThanOrEqual(90);
    expect(ageMs).toBeLessThan(2000);
  });

  test('keepalives are answered with their own number; antennas, GPI and exceptions are told', async () => {
    const { reader, events } = await run();
    reader.send({ kind: 'keepalive' }, 4711);
    await until(() => reader.kinds().includes('keepalive-ack'));
    expect(reader.received.find(({ kind }) => kind === 'keepalive-ack')?.messageId).toBe(4711);
    expect(of(events, 'antenna')).toEqual([expect.objectContaining({ antenna: 3, up: false })]);
    reader.notify(
      { kind: 'antenna', antennaId: 3, connected: true },
      { kind: 'gpi', port: 1, high: true },
      { kind: 'exception', message: 'too hot' },
    );
    await until(() => of(events, 'vendor').length === 1);
    expect(of(events, 'antenna').at(-1)).toMatchObject({ antenna: 3, up: true });
    expect(of(events, 'gpi')).toEqual([expect.objectContaining({ port: 1, high: true })]);
    expect(of(events, 'vendor')[0]).toMatchObject({ name: 'reader-exception', detail: 'too hot' });
  });

  test('a reader that tells of no AISpec end: cycles by the schedule, and it says so once', async () => {
    const { reader, events } = await run({}, { dwellMs: 20 });
    const alive = setInterval(() => {
      reader.send({ kind: 'keepalive' });
    }, 100);
    await until(() => of(events, 'cycle').length >= 3);
    clearInterval(alive);
    expect(of(events, 'cycle')[0]?.antennas).toEqual([1, 2, 3]);
    expect(of(events, 'vendor').filter(({ name }) => name === 'cycles-inferred')).toHaveLength(1);
  });

  test('a ROSpec that ends is started again', async () => {
    const { reader } = await run();
    reader.notify({ kind: 'rospec', event: 'ended', rospecId: 1, preemptingRospecId: 0 });
    await until(() => reader.kinds().includes('start-rospec'));
  });

  test('a report that cannot be read is told and skipped', async () => {
    const { reader, events } = await run({ isOld: true });
    reader.sendRaw(new Uint8Array([0x04, 0x3d, 0, 0, 0, 15, 0, 0, 0, 1, 0x00, 0xf0, 0, 5, 0xff]));
    reader.report({ epc: 'AA', antennaId: 1 });
    await until(() => of(events, 'read').length === 1);
    expect(of(events, 'vendor').map(({ name }) => name)).toEqual(['llrp-undecodable']);
  });
});

describe('the end', () => {
  test('a reader that falls silent without closing is dead after two keepalives', async () => {
    const { ended } = await run({}, { keepaliveMs: 60 });
    expect(await ended).toMatchObject({ code: 'DRV_READER_SILENT' });
  });

  test('a link that breaks, a reader that closes, a stream that is not LLRP', async () => {
    const broken = await run();
    broken.reader.peer.sockets[0]?.destroy();
    expect(await broken.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
    const closing = await run();
    closing.reader.notify({ kind: 'connection-close' });
    expect(await closing.ended).toMatchObject({
      code: 'DRV_LINK_LOST',
      message: expect.stringContaining('closes') as unknown,
    });
    const noise = await run();
    noise.reader.sendRaw(new TextEncoder().encode('HTTP/1.1 400 Bad Request\r\n\r\n'));
    expect(await noise.ended).toMatchObject({
      code: 'DRV_LINK_LOST',
      message: expect.stringContaining('not LLRP') as unknown,
    });
  });
});

test('power: the nearest step, the lower of two, nothing without a table', () => {
  const uhf = {
    powerLevels: [
      { index: 3, powerDbm: 30 },
      { index: 1, powerDbm: 10 },
      { index: 2, powerDbm: 20 },
    ],
    isHopping: true,
    hopTables: [],
    rfModes: [],
  };
  expect([0, 14, 15, 16, 99].map((dbm) => nearestPowerIndex(dbm, uhf))).toEqual([1, 1, 1, 2, 3]);
  expect(nearestPowerIndex(20, undefined)).toBeUndefined();
});

function hex(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array();
}
