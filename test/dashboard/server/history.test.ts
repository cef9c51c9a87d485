import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { SpaceDay } from '#contract/wire/rest.ts';
import { openEmbeddedHistory } from '#store/history/embedded-history.ts';
import { createWorld, type World } from './world.ts';

let world: World | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

const NOON = '2026-03-02T11:02:00.000Z';

async function peopleAtNoon(): Promise<number | null | undefined> {
  if (world === undefined) throw new Error('no world');
  const who = await world.signIn('ana');
  const reply = await world.get('/libraries/demo/space/z-1/day?date=2026-03-02', who).expect(200);
  return (reply.body as SpaceDay).rows.find((row) => row.at === '2026-03-02T11:00:00.000Z')?.people;
}

describe('a day of a zone', () => {
  test('comes from the history', async () => {
    world = await createWorld();
    const history = openEmbeddedHistory({ folder: join(world.folder, 'history') });
    const tags = { library: 'demo', branch: 'main', floor: 'f-1', zone: 'z-1', subject: 'z-1', kind: 'people' };
    const atMs = Date.parse(NOON);
    await history.write([{ measurement: 'level', ...tags, atMs, eventId: 'fact:demo:1', fields: { people: 17 } }]);
    await history.close();
    expect(await peopleAtNoon()).toBe(17);
  });

  test('comes from the fact log while the history does not answer', async () => {
    world = await createWorld({
      config: { history: { kind: 'influxdb', url: 'http://127.0.0.1:9', database: 'none' } },
    });
    const level = { people: 23, low: 20, high: 26 };
    world.commit({ facts: [{ kind: 'zone-level', subject: 'z-1', at: NOON, level }] });
    expect(await peopleAtNoon()).toBe(23);
  });

  test('is refused as not available when neither is there', async () => {
    world = await createWorld({
      hasState: false,
      config: { history: { kind: 'influxdb', url: 'http://127.0.0.1:9', database: 'none' } },
    });
    const who = await world.signIn('ana');
    await world.get('/libraries/demo/space/z-1/day?date=2026-03-02', who).expect(503);
  });
});
