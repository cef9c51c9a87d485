/** Strangers and broken devices at the port, while a good gateway goes on working beside them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { MqttClient } from 'mqtt';
import { batchOf } from '#test/broker/support/batches.ts';
import { connectPacket, packet, PINGREQ, publishPacket } from '#test/broker/support/mqtt-packets.ts';
import { openRaw, type RawClient } from '#test/broker/support/raw-client.ts';
import { GATEWAY, OTHER_GATEWAY, startWorld, until, type World } from '#test/broker/support/world.ts';

const CONNECT_TIMEOUT_MS = 400;
const SOCKETS_MAX = 150;

let world: World;
let good: MqttClient;
let seq = 0;
beforeAll(async () => {
  world = await startWorld({
    config: {
      limits: {
        connectTimeoutMs: CONNECT_TIMEOUT_MS,
        socketsPerAddressMax: SOCKETS_MAX,
        failuresPerAddressMax: 10_000,
        failuresPerNameMax: 1_000,
      },
    },
  });
  good = await world.connect(GATEWAY);
});
afterAll(() => world.close());

/** The good gateway still gets its batch acknowledged, and it is stored. */
async function expectWorkGoesOn(): Promise<void> {
  seq += 1;
  await good.publishAsync('shelfwise/v1/demo/gateways/gw-1/observations', JSON.stringify(batchOf(seq)), { qos: 1 });
  expect(world.entries().at(-1)?.seq).toBe(seq);
}

async function signedIn(): Promise<RawClient> {
  const raw = await openRaw(world.broker.port);
  const name = `demo:${OTHER_GATEWAY}`;
  raw.send(connectPacket({ clientId: name, username: name, password: world.secretOf(OTHER_GATEWAY) }));
  await until(() => raw.received().length >= 4);
  expect([...raw.received()]).toEqual([0x20, 2, 0, 0]);
  return raw;
}

describe('before sign-in', () => {
  test.each<readonly [string, string, Uint8Array]>([
    ['a CONNECT that announces 200 MB', 'connect-too-large', packet(0x10, [0, 4], 200_000_000)],
    ['an HTTP request', 'first-packet-not-connect', new TextEncoder().encode('GET / HTTP/1.1\r\nHost: x\r\n\r\n')],
    ['a publish', 'first-packet-not-connect', publishPacket('a/b', 'x')],
    ['a ping', 'first-packet-not-connect', PINGREQ],
  ])('%s ends the connection at once', async (_name, code, bytes) => {
    const refused = await world.metric('refusals_total', { code });
    const raw = await openRaw(world.broker.port);
    raw.send(bytes);
    await raw.closed;
    expect(await world.metric('refusals_total', { code })).toBe(refused + 1);
    await expectWorkGoesOn();
  });

  test('a CONNECT that comes byte by byte is cut off in time', async () => {
    const raw = await openRaw(world.broker.port);
    const bytes = connectPacket({ clientId: 'demo:gw-2', username: 'demo:gw-2', password: 'x'.repeat(200) });
    const openedMs = performance.now();
    let at = 0;
    const drip = setInterval(() => {
      raw.send(bytes.subarray(at, at + 1));
      at += 1;
    }, 20);
    await raw.closed;
    clearInterval(drip);
    expect(performance.now() - openedMs).toBeGreaterThanOrEqual(CONNECT_TIMEOUT_MS * 0.9);
    expect(at).toBeLessThan(bytes.length);
    await until(() => world.refusals().some(({ code }) => code === 'connect-timeout'));
  });

  test('a good CONNECT cut into single bytes is a good CONNECT, and what follows in the same chunk is not lost', async () => {
    const name = `demo:${OTHER_GATEWAY}`;
    const connect = connectPacket({ clientId: name, username: name, password: world.secretOf(OTHER_GATEWAY) });
    const raw = await openRaw(world.broker.port);
    for (const byte of connect.subarray(0, -1)) raw.send(Uint8Array.of(byte));
    raw.send(Uint8Array.from([...connect.subarray(-1), ...PINGREQ]));
    await until(() => raw.received().length >= 6);
    expect([...raw.received()]).toEqual([0x20, 2, 0, 0, 0xd0, 0]);
    raw.end();
  });

  test('more sockets from one address than allowed are closed, and places become free again', async () => {
    const idle = await Promise.all(Array.from({ length: SOCKETS_MAX + 20 }, () => openRaw(world.broker.port)));
    await until(() => idle.filter((raw) => raw.isClosed()).length >= 20);
    await expectWorkGoesOn();
    await Promise.all(idle.map((raw) => raw.closed));
    await until(async () => (await world.metric('sockets')) <= 2);
    await until(() => world.refusals().some(({ code }) => code === 'too-many-sockets'));
    (await signedIn()).end();
  });
});

describe('after sign-in', () => {
  test.each<readonly [string, string, Uint8Array]>([
    ['a payload of 10 MB', 'packet-too-large', packet(0x32, new Uint8Array(60_000), 10_000_000)],
    ['65,535 slashes', 'topic-refused', publishPacket('/'.repeat(65_535), '')],
    ['a hundred levels', 'topic-refused', publishPacket('a/'.repeat(100), '')],
    ['NUL in a topic', 'topic-refused', publishPacket(Uint8Array.of(0x61, 0), 'x')],
    ['a second CONNECT', 'connect-twice', connectPacket({ clientId: 'demo:gw-1' })],
    ['a reserved packet', 'packet-type-refused', packet(0xf0, [])],
    ['a length without end', 'packet-malformed', Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0xff)],
  ])('%s ends the connection, with the reason recorded', async (_name, code, bytes) => {
    const refused = await world.metric('refusals_total', { code });
    const raw = await signedIn();
    raw.send(bytes);
    await raw.closed;
    expect(await world.metric('refusals_total', { code })).toBe(refused + 1);
    await expectWorkGoesOn();
  });

  test('the record names who it was', async () => {
    const client = `demo:${OTHER_GATEWAY}`;
    await until(() => world.refusals().some((row) => row.code === 'packet-too-large' && row.client === client));
  });

  test('a connection that breaks is no refusal', async () => {
    const refused = await world.metric('refusals_total', { code: 'protocol-error' });
    const raw = await signedIn();
    for (let i = 0; i < 50; i += 1) raw.send(PINGREQ);
    raw.socket.resetAndDestroy();
    await raw.closed;
    await until(async () => (await world.metric('clients')) === 1);
    expect(await world.metric('refusals_total', { code: 'protocol-error' })).toBe(refused);
    await expectWorkGoesOn();
  });

  test('a topic that is no UTF-8, and subscriptions that make no sense, leave the broker alive', async () => {
    for (const bytes of [
      publishPacket(Uint8Array.of(0xff, 0xfe), 'x'),
      packet(0x82, [0, 1]),
      packet(0x82, [0, 1, 0, 0, 0]),
      packet(0x82, [0, 1, 0, 1, 0x23, 7]),
      packet(0x82, [0, 1, 0, 9, 0x61]),
      packet(0xa2, [0, 1]),
      packet(0x40, [0, 0]),
    ]) {
      const raw = await signedIn();
      raw.send(bytes);
      raw.send(PINGREQ);
      await until(() => raw.isClosed() || raw.received().length > 4);
      raw.end();
    }
    await expectWorkGoesOn();
  });

  test('law: mutated packets never end the process', async () => {
    const good = [
      publishPacket('shelfwise/v1/demo/gateways/gw-2/observations', JSON.stringify(batchOf(1))),
      publishPacket('shelfwise/v1/demo/gateways/gw-2/status', '{"state":"online"}', 0),
      packet(0x82, [0, 1, 0, 1, 0x23, 1, 0, 2, 0x2b, 0x2f, 0]),
      packet(0xa2, [0, 1, 0, 1, 0x23]),
      packet(0x40, [0, 1]),
      PINGREQ,
    ];
    const mutated = fc
      .tuple(
        fc.constantFrom(...good),
        fc.array(fc.tuple(fc.nat(400), fc.nat(255)), { maxLength: 3 }),
        fc.option(fc.nat(300), { nil: undefined }),
      )
      .map(([bytes, changes, length]) => {
        const copy = Uint8Array.from(bytes);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        return copy.subarray(0, length ?? copy.length);
      });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(mutated, { minLength: 1, maxLength: 5 }), async (isSignedIn, packets) => {
        const raw = isSignedIn ? await signedIn() : await openRaw(world.broker.port);
        for (const bytes of packets) raw.send(bytes);
        raw.socket.end();
        await raw.closed;
      }),
      { numRuns: 300 },
    );
    await expectWorkGoesOn();
  }, 30_000);

  test('mutated CONNECTs neither', async () => {
    const name = `demo:${OTHER_GATEWAY}`;
    const connect = connectPacket({ clientId: name, username: name, password: 'x' });
    const changes = fc.array(fc.tuple(fc.nat(connect.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(changes, async (edits) => {
        const copy = Uint8Array.from(connect);
        for (const [at, byte] of edits) copy[at] = byte;
        const raw = await openRaw(world.broker.port);
        raw.send(copy);
        raw.socket.end();
        await raw.closed;
      }),
      { numRuns: 300 },
    );
    await expectWorkGoesOn();
  }, 30_000);
});
