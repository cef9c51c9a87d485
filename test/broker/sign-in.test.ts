import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connectPacket } from '#test/broker/support/mqtt-packets.ts';
import { mosquitto } from '#test/broker/support/mosquitto.ts';
import { openRaw } from '#test/broker/support/raw-client.ts';
import {
  closing,
  connectTo,
  DISABLED,
  GATEWAY,
  OTHER_GATEWAY,
  SENSOR,
  sha256Hex,
  startWorld,
  until,
  type World,
} from '#test/broker/support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld({ config: { limits: { failuresPerNameMax: 1_000, failuresPerAddressMax: 1_000 } } });
});
afterAll(() => world.close());

const NAME = 'demo:gw-1';
const statusTopic = 'shelfwise/v1/demo/gateways/gw-1/status';

describe('who gets in', () => {
  test('a device with its secret', async () => {
    const client = await world.connect(GATEWAY);
    expect(client.connected).toBe(true);
    await client.endAsync();
  });

  test('Mosquitto with the right secret, and not with a wrong one', async () => {
    const args = ['-p', String(world.broker.port), '-i', NAME, '-u', NAME, '-t', statusTopic, '-q', '1'];
    const status = JSON.stringify({ state: 'online', at: new Date().toISOString() });
    const good = await mosquitto('mosquitto_pub', [...args, '-P', world.secretOf(GATEWAY), '-m', status]);
    expect(good).toEqual({ exitCode: 0, output: '' });
    const bad = await mosquitto('mosquitto_pub', [...args, '-P', 'guess', '-m', status]);
    expect(bad.exitCode).not.toBe(0);
    expect(bad.output).toContain('bad user name or password');
  });
});

describe('who does not', () => {
  const right = (): string => world.secretOf(GATEWAY);
  test.each<readonly [string, string, () => Parameters<typeof connectTo>[1]]>([
    ['a wrong secret', 'Bad username or password', () => ({ username: NAME, clientId: NAME, password: 'guess' })],
    ['an empty secret', 'Bad username or password', () => ({ username: NAME, clientId: NAME, password: '' })],
    [
      'the hash instead of the secret',
      'Bad username or password',
      () => ({ username: NAME, clientId: NAME, password: sha256Hex(right()) }),
    ],
    [
      'an unknown device',
      'Bad username or password',
      () => ({ username: 'demo:nobody', clientId: 'demo:nobody', password: right() }),
    ],
    [
      'another library',
      'Bad username or password',
      () => ({ username: 'other:gw-1', clientId: 'other:gw-1', password: right() }),
    ],
    ['no name at all', 'Bad username or password', () => ({ clientId: NAME })],
    [
      'a wildcard as a name',
      'Bad username or password',
      () => ({ username: 'demo:+', clientId: 'demo:+', password: right() }),
    ],
    [
      'a prototype key as a name',
      'Bad username or password',
      () => ({ username: '__proto__', clientId: '__proto__', password: right() }),
    ],
    [
      'a prototype key as a device',
      'Bad username or password',
      () => ({ username: 'demo:constructor', clientId: 'constructor', password: right() }),
    ],
    [
      'the session of another device',
      'Identifier rejected',
      () => ({ username: NAME, clientId: 'demo:gw-2', password: right() }),
    ],
    [
      'a client id of its own choice',
      'Identifier rejected',
      () => ({ username: NAME, clientId: 'gw-1', password: right() }),
    ],
    [
      'a disabled device',
      'Not authorized',
      () => ({ username: `demo:${DISABLED}`, clientId: `demo:${DISABLED}`, password: world.secretOf(DISABLED) }),
    ],
    [
      'a will on a foreign topic',
      'Not authorized',
      () => ({
        username: NAME,
        clientId: NAME,
        password: right(),
        will: { topic: 'shelfwise/v1/demo/gateways/gw-2/status', payload: Buffer.from('x'), qos: 1, retain: true },
      }),
    ],
    [
      'a will among the observations',
      'Not authorized',
      () => ({
        username: NAME,
        clientId: NAME,
        password: right(),
        will: {
          topic: 'shelfwise/v1/demo/gateways/gw-1/observations',
          payload: Buffer.from('x'),
          qos: 1,
          retain: false,
        },
      }),
    ],
    [
      'a will at QoS 2',
      'Not authorized',
      () => ({
        username: NAME,
        clientId: NAME,
        password: right(),
        will: { topic: statusTopic, payload: Buffer.from('x'), qos: 2, retain: true },
      }),
    ],
    [
      'a will of a sensor',
      'Not authorized',
      () => ({
        username: `demo:${SENSOR}`,
        clientId: `demo:${SENSOR}`,
        password: world.secretOf(SENSOR),
        will: { topic: `shelfwise/v1/demo/devices/${SENSOR}/up`, payload: Buffer.from('x'), qos: 0, retain: false },
      }),
    ],
  ])('%s: %s', async (_name, answer, options) => {
    await expect(connectTo(world.broker.port, options())).rejects.toThrow(answer);
  });

  test('the old session stays when another tries its name', async () => {
    const client = await world.connect(OTHER_GATEWAY);
    await expect(
      connectTo(world.broker.port, { username: NAME, clientId: 'demo:gw-2', password: right() }),
    ).rejects.toThrow('Identifier rejected');
    expect(client.connected).toBe(true);
    await client.endAsync();
  });

  test('MQTT 5 is told so', async () => {
    await expect(world.connect(GATEWAY, { protocolVersion: 5 })).rejects.toThrow(/protocol version/i);
  });

  test('every refusal is recorded with its reason, and no secret is in log or records', async () => {
    const codes = ['secret-wrong', 'name-unknown', 'client-id-refused', 'device-disabled', 'will-refused'];
    await until(() => codes.every((code) => world.refusals().some((refusal) => refusal.code === code)));
    const written = world.logLines() + JSON.stringify(world.refusals());
    expect(written).not.toContain(right());
    expect(written).not.toContain('guess');
    expect(await world.metric('refusals_total', { code: 'secret-wrong' })).toBeGreaterThanOrEqual(3);
  });
});

describe('sessions', () => {
  test('the same device takes its session over: the old connection ends', async () => {
    const old = await world.connect(GATEWAY);
    const ended = closing(old);
    const fresh = await world.connect(GATEWAY);
    await ended;
    expect(fresh.connected).toBe(true);
    await fresh.endAsync();
  });

  test('no session is kept, whatever the client asks for', async () => {
    const raw = await openRaw(world.broker.port);
    raw.send(connectPacket({ clientId: NAME, username: NAME, password: right(), isClean: false }));
    await until(() => raw.received().length >= 4);
    expect([...raw.received()]).toEqual([0x20, 2, 0, 0]);
    raw.end();
  });

  const right = (): string => world.secretOf(GATEWAY);

  test('a device that is disabled is disconnected within seconds, and so is one with another secret', async () => {
    for (const change of [{ isEnabled: false }, { secretSha256: sha256Hex('another') }]) {
      const client = await world.connect(OTHER_GATEWAY);
      const ended = closing(client);
      const row = world.registry.device('demo', OTHER_GATEWAY);
      if (row === undefined) throw new Error('not registered');
      world.registry.putDevice({ ...row, ...change });
      await ended;
      world.registry.putDevice(row);
    }
    await until(() => world.refusals().some(({ code }) => code === 'device-revoked'));
  });
});

describe('guessing', () => {
  test('after five wrong secrets even the right one waits, from that address', async () => {
    const strict = await startWorld();
    const wrong = { username: NAME, clientId: NAME, password: 'guess' };
    for (let i = 0; i < 5; i += 1) await expect(connectTo(strict.broker.port, wrong)).rejects.toThrow('Bad username');
    await expect(strict.connect(GATEWAY)).rejects.toThrow('Bad username');
    await until(() => strict.refusals().some(({ code }) => code === 'sign-in-locked'));
    const other = await strict.connect(OTHER_GATEWAY);
    expect(other.connected).toBe(true);
    await strict.close();
  });
});
