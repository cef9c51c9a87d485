import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { batchOf } from '#test/broker/support/batches.ts';
import { mosquitto } from '#test/broker/support/mosquitto.ts';
import { closing, GATEWAY, OTHER_GATEWAY, SENSOR, startWorld, until, type World } from '#test/broker/support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const OWN = 'shelfwise/v1/demo/gateways/gw-1';
const BATCH = JSON.stringify(batchOf(1));

describe('what a gateway may not publish: the connection ends and nothing is stored', () => {
  test.each<readonly [string, string, { qos: 0 | 1 | 2; retain?: boolean }, string]>([
    ["another gateway's observations", 'shelfwise/v1/demo/gateways/gw-2/observations', { qos: 1 }, 'topic-forbidden'],
    [
      'the same gateway of another library',
      'shelfwise/v1/other/gateways/gw-1/observations',
      { qos: 1 },
      'topic-forbidden',
    ],
    ['its own commands', `${OWN}/commands`, { qos: 1 }, 'topic-forbidden'],
    ['its own notices', `${OWN}/notices`, { qos: 0 }, 'topic-forbidden'],
    ['live facts', 'shelfwise/v1/demo/live/items/1', { qos: 1 }, 'topic-forbidden'],
    ["a sensor's topic", `shelfwise/v1/demo/devices/${SENSOR}/up`, { qos: 1 }, 'topic-forbidden'],
    ['$SYS', '$SYS/x/new/clients', { qos: 0 }, 'topic-forbidden'],
    ['a path trick', `${OWN}/../gw-2/observations`, { qos: 1 }, 'topic-forbidden'],
    ['observations at QoS 0', `${OWN}/observations`, { qos: 0 }, 'qos-refused'],
    ['observations at QoS 2', `${OWN}/observations`, { qos: 2 }, 'qos-refused'],
    ['retained observations', `${OWN}/observations`, { qos: 1, retain: true }, 'retain-refused'],
  ])('%s', async (_name, topic, options, code) => {
    const before = world.entries().length;
    const refused = await world.metric('refusals_total', { code });
    const client = await world.connect(GATEWAY);
    const closed = closing(client);
    client.publish(topic, BATCH, options, () => undefined);
    await closed;
    expect(await world.metric('refusals_total', { code })).toBe(refused + 1);
    expect(world.entries()).toHaveLength(before);
  });

  test.each([
    ['at QoS 2', `shelfwise/v1/demo/devices/${SENSOR}/up`, { qos: 2 as const }],
    ['retained', `shelfwise/v1/demo/devices/${SENSOR}/up`, { qos: 1 as const, retain: true }],
    ['for another device', 'shelfwise/v1/demo/devices/door-2/up', { qos: 1 as const }],
    ['as a gateway', `shelfwise/v1/demo/gateways/${SENSOR}/status`, { qos: 1 as const }],
  ])('nor a sensor %s', async (_name, topic, options) => {
    const before = world.entries().length;
    const client = await world.connect(SENSOR);
    const closed = closing(client);
    client.publish(topic, 'x', options, () => undefined);
    await closed;
    expect(world.entries()).toHaveLength(before);
  });

  test('the gateway is told why before the connection ends', async () => {
    const client = await world.connect(OTHER_GATEWAY);
    await client.subscribeAsync('shelfwise/v1/demo/gateways/gw-2/notices');
    const told = new Promise<string>((resolve) => {
      client.once('message', (_topic, payload) => {
        resolve(payload.toString());
      });
    });
    client.publish('shelfwise/v1/demo/gateways/gw-1/observations', BATCH, { qos: 1 }, () => undefined);
    expect(JSON.parse(await told)).toMatchObject({ code: 'topic-forbidden' });
  });
});

describe('what a gateway may read', () => {
  test('its own three topics, each by its literal name', async () => {
    const client = await world.connect(GATEWAY);
    for (const channel of ['config', 'commands', 'notices']) {
      const [granted] = await client.subscribeAsync(`${OWN}/${channel}`, { qos: 1 });
      expect(granted?.qos).toBe(1);
    }
    await client.endAsync();
  });

  const FORBIDDEN = [
    '#',
    '+/#',
    '+/+/+/+/+/+',
    '$SYS/#',
    '$SYS/+/new/clients',
    '$share/g/#',
    `$share/g/${OWN}/commands`,
    'shelfwise/v1/demo/gateways/gw-1/#',
    'shelfwise/v1/demo/gateways/+/commands',
    'shelfwise/v1/demo/a/../b/#',
    'shelfwise/v1/demo/gateways/gw-2/commands',
    `${OWN}/observations`,
    `${OWN}/status`,
    `${OWN}/commands/`,
    'shelfwise/v1/demo/live/items/+',
    '__proto__',
  ];

  test('and nothing else, whatever the filter looks like', async () => {
    const { output } = await mosquitto('mosquitto_sub', [
      ...['-p', String(world.broker.port), '-i', 'demo:gw-1', '-u', 'demo:gw-1', '-P', world.secretOf(GATEWAY)],
      ...['-q', '1', '-d', '-W', '1', ...FORBIDDEN.flatMap((filter) => ['-t', filter])],
    ]);
    const granted = /Subscribed \(mid: 1\): (.*)/.exec(output)?.[1]?.split(', ');
    expect(granted).toEqual(FORBIDDEN.map(() => '128'));
    await until(() => FORBIDDEN.every((filter) => world.refusals().some(({ topic }) => topic === filter)));
  });

  test('a refused filter keeps the connection and the other filters of the packet', async () => {
    const client = await world.connect(GATEWAY);
    const granted = await client
      .subscribeAsync({ '#': { qos: 1 }, [`${OWN}/commands`]: { qos: 1 } })
      .catch((error: unknown) => error);
    expect(granted).toBeInstanceOf(Error);
    await client.publishAsync(`${OWN}/status`, JSON.stringify({ state: 'online', at: new Date().toISOString() }), {
      qos: 1,
    });
    expect(client.connected).toBe(true);
    await client.endAsync();
  });

  test('a sensor reads nothing, its own topic included', async () => {
    const client = await world.connect(SENSOR);
    await expect(client.subscribeAsync(`shelfwise/v1/demo/devices/${SENSOR}/up`)).rejects.toThrow();
    expect(client.connected).toBe(true);
    await client.endAsync();
  });
});
