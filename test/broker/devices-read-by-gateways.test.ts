import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { GATEWAY, SENSOR, startWorld, until, type World } from '#test/broker/support/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const UP = `shelfwise/v1/demo/devices/${SENSOR}/up`;

describe('a reader behind our broker', () => {
  test("its library's gateway gets what it publishes, the journal has every message of it", async () => {
    const before = world.entries().length;
    const gateway = await world.connect(GATEWAY);
    const got: string[] = [];
    gateway.on('message', (topic, payload) => {
      if (topic === UP) got.push(payload.toString());
    });
    await gateway.subscribeAsync(UP, { qos: 1 });
    const reader = await world.connect(SENSOR);
    for (let n = 0; n < 100; n += 1) await reader.publishAsync(UP, `{"n":${String(n)}}`, { qos: 1 });
    expect(world.entries().length - before).toBe(100);
    await until(() => got.length === 100);
    expect(got).toEqual(Array.from({ length: 100 }, (_, n) => `{"n":${String(n)}}`));

    await gateway.unsubscribeAsync(UP);
    await reader.publishAsync(UP, '{"n":"after"}', { qos: 1 });
    await gateway.subscribeAsync(UP, { qos: 1 });
    await reader.publishAsync(UP, '{"n":"again"}', { qos: 1 });
    await until(() => got.length > 100);
    expect(got.slice(100)).toEqual(['{"n":"again"}']);

    await gateway.endAsync();
    await reader.publishAsync(UP, '{"n":"alone"}', { qos: 1 });
    expect(world.entries().length - before).toBe(103);
    await reader.endAsync();
  });

  test.each([
    ['a device of another library', 'shelfwise/v1/other/devices/door-1/up'],
    ['all devices', 'shelfwise/v1/demo/devices/+/up'],
    ['everything', '#'],
    ['another channel of a device', `shelfwise/v1/demo/devices/${SENSOR}/down`],
  ])('no gateway reads %s', async (_name, filter) => {
    const gateway = await world.connect(GATEWAY);
    await expect(gateway.subscribeAsync(filter, { qos: 1 })).rejects.toThrow();
    await gateway.endAsync(true);
  });
});
