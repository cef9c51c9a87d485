import { afterEach, describe, expect, test } from '@jest/globals';
import { RadioControl, refusalIn } from '#gateway/drivers/zebra/control.ts';
import { zebraDriver } from '#gateway/drivers/zebra/driver.ts';
import { startZebraReader, type ZebraOptions, type ZebraReader, type ZebraTag } from '#sim/readers/zebra/reader.ts';
import { cyclesOf, drive, namesOf, readsOf, type Drive, type DriveOptions } from '#test/gateway/fakes/drive.ts';
import { MosquittoBroker } from '#test/gateway/fakes/mosquitto-broker.ts';
import { until } from '#test/gateway/fakes/world.ts';

const TAGS: readonly ZebraTag[] = [
  { epc: '30340000000000000000000A', antenna: 1, rssiDbm: -37 },
  { epc: '30340000000000000000000B', antenna: 2, rssiDbm: -53 },
];
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function reader(options: Partial<ZebraOptions> = {}): Promise<ZebraReader> {
  const started = await startZebraReader({
    id: 'z1',
    antennas: [1, 2],
    tags: () => TAGS,
    on: { kind: 'tcp' },
    roundMs: 20,
    heartbeatMs: 50,
    ...options,
  });
  cleanups.push(() => started.close());
  return started;
}

async function read(options: DriveOptions): Promise<Drive> {
  const run = await drive(zebraDriver, { ...options, settings: { silenceMs: 600, ...options.settings } });
  cleanups.push(() => run.stop());
  return run;
}

describe('a Zebra reader over TCP, its messages touching each other', () => {
  test('tags with antenna, power and count; alive, and no cycle that nobody asked for', async () => {
    const zebra = await reader();
    const run = await read({ link: zebra.link });
    await until(() => readsOf(run.events).length > 20);
    expect(readsOf(run.events)[1]).toMatchObject({
      antenna: 2,
      count: 1,
      rssiDbm: -53,
      ids: { epc: '30340000000000000000000B' },
    });
    expect(run.events.some(({ kind }) => kind === 'alive')).toBe(true);
    expect(cyclesOf(run.events)).toEqual([]);
    expect(namesOf(run.events)).toEqual([]);
    await run.stop();
    expect(await run.ended).toBeUndefined();
  });

  test('cycles by time while the radio is active, where that is set', async () => {
    const zebra = await reader();
    const run = await read({ link: zebra.link, settings: { cycleMs: 100 } });
    await until(() => cyclesOf(run.events).length > 2);
    expect(cyclesOf(run.events)[0]?.antennas).toEqual([1, 2]);
  });

  test('messages that never came are told by their numbers', async () => {
    const zebra = await reader({ tags: () => TAGS.slice(0, 1) });
    const run = await read({ link: zebra.link });
    await until(() => readsOf(run.events).length > 2);
    zebra.lose(3);
    await until(() => namesOf(run.events).includes('events-lost'));
    expect(run.events).toContainEqual(
      expect.objectContaining({ name: 'events-lost', detail: expect.stringMatching(/^3 messages/) as unknown }),
    );
  });

  test('an antenna that is pulled out is told once, and once when it is back', async () => {
    const zebra = await reader();
    const run = await read({ link: zebra.link });
    await until(() => readsOf(run.events).length > 2);
    zebra.unplugged.add(2);
    await until(() => run.events.some(({ kind }) => kind === 'antenna'));
    zebra.unplugged.delete(2);
    await until(() => run.events.filter(({ kind }) => kind === 'antenna').length === 2);
    expect(run.events.filter((event) => event.kind === 'antenna')).toMatchObject([
      { antenna: 2, up: false },
      { antenna: 2, up: true },
    ]);
  });

  test('SIMPLE leaves the antenna out: one antenna is no question, two are', async () => {
    const zebra = await reader({ mode: 'SIMPLE' });
    const single = await read({ link: zebra.link, antennas: [7] });
    await until(() => readsOf(single.events).length > 2);
    expect(readsOf(single.events)[0]).toMatchObject({ antenna: 7 });
    expect(readsOf(single.events)[0]).not.toHaveProperty('rssiDbm');
    const double = await read({ link: zebra.link });
    await until(() => namesOf(double.events).includes('no-antenna'));
    expect(readsOf(double.events)).toEqual([]);
  });

  test('dead: the cable pulled within a message, the power cut', async () => {
    const zebra = await reader();
    const run = await read({ link: zebra.link });
    await until(() => readsOf(run.events).length > 2);
    zebra.sendRaw('{"type":"SIMPLE","data":{"idHex":"30');
    await until(() => namesOf(run.events).includes('undecodable'));
    zebra.sendRaw('{"type":"SIMPLE","data":{"idHex":"30');
    zebra.hang();
    expect(await run.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    zebra.resume();
    const second = await read({ link: zebra.link });
    await until(() => readsOf(second.events).length > 2);
    await zebra.unplug();
    expect(await second.ended).toMatchObject({ code: 'DRV_LINK_LOST' });
  });
});

describe('two Zebra readers over a foreign broker', () => {
  test('never mix, and are dead one by one', async () => {
    const broker = await new MosquittoBroker().start();
    cleanups.push(() => broker.close());
    const { username, password } = broker;
    const target = { kind: 'mqtt', broker: broker.address, username, password } as const;
    const one = await reader({ id: 'a', tags: () => TAGS.slice(0, 1), on: { ...target, topic: 'zebra/a' } });
    const two = await reader({ id: 'b', tags: () => TAGS.slice(1), on: { ...target, topic: 'zebra/b' } });
    const first = await read({ link: one.link, credentials: broker });
    const second = await read({ link: two.link, credentials: broker });
    await until(() => readsOf(first.events).length > 20 && readsOf(second.events).length > 20);
    expect(new Set(readsOf(first.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[0]?.epc]));
    expect(new Set(readsOf(second.events).map(({ ids }) => ids.epc))).toEqual(new Set([TAGS[1]?.epc]));
    expect([...namesOf(first.events), ...namesOf(second.events)]).toEqual([]);
    one.hang();
    expect(await first.ended).toMatchObject({ code: 'DRV_READER_SILENT' });
    const before = readsOf(second.events).length;
    await until(() => readsOf(second.events).length > before);
  });
});

describe('a Zebra reader that is told when to scan', () => {
  test('is started when it is read and stopped when nobody reads it', async () => {
    const broker = await new MosquittoBroker().start();
    cleanups.push(() => broker.close());
    const { username, password } = broker;
    const control = { requests: 'zebra/a/cmd', responses: 'zebra/a/answers' };
    const zebra = await reader({
      on: { kind: 'mqtt', broker: broker.address, username, password, topic: 'zebra/a', control },
    });
    expect(zebra.isActive).toBe(false);
    const run = await read({ link: zebra.link, credentials: broker, settings: { controls: true } });
    await until(() => readsOf(run.events).length > 2);
    await run.stop();
    await until(() => !zebra.isActive);
    const again = await read({ link: zebra.link, credentials: broker, settings: { controls: true } });
    await until(() => readsOf(again.events).length > 2);
    expect([...namesOf(run.events), ...namesOf(again.events)]).toEqual([]);
  });

  test('a link without a way to send says so', async () => {
    const broker = await new MosquittoBroker().start();
    cleanups.push(() => broker.close());
    const link = `${broker.address}?topic=zebra/a`;
    await expect(read({ link, credentials: broker, settings: { controls: true } })).rejects.toMatchObject({
      code: 'DRV_LINK_LOST',
      message: expect.stringContaining('add send=TOPIC') as unknown,
    });
  });

  test('what it refuses is told', () => {
    expect(refusalIn({ command: 'start', command_id: '1', response: 'success', payload: {} })).toBeNull();
    expect(refusalIn({ command: 'start', command_id: '1', response: 'failure', payload: { code: 9 } })).toBe(
      'start: failure {"code":9}',
    );
    expect(refusalIn({ type: 'SIMPLE', data: {} })).toBeUndefined();
  });

  test('is started again at a heartbeat that calls the radio inactive, not at every one', async () => {
    const sent: string[] = [];
    let uptimeMs = 0;
    const link = {
      name: 'test',
      bytes: nothing(),
      close: () => Promise.resolve(),
      send: (bytes: Uint8Array) => {
        sent.push(new TextDecoder().decode(bytes));
        return Promise.resolve();
      },
    };
    const control = new RadioControl(link, () => uptimeMs);
    await control.start();
    await control.startAgain();
    uptimeMs = 10_000;
    await control.startAgain();
    await control.stop();
    expect(sent).toEqual([
      '{"command":"start","command_id":"1","payload":{"doNotPersistState":true}}',
      '{"command":"start","command_id":"2","payload":{"doNotPersistState":true}}',
      '{"command":"stop","command_id":"3","payload":{}}',
    ]);
  });
});

async function* nothing(): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* [];
}
