import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Fact } from '#contract/domain/fact.ts';
import type { Explanation } from '#contract/wire/rest-explanation.ts';
import { createWorld, type SignedIn, type World } from './world.ts';

let world: World;
let ana: SignedIn;

const at = (time: string): string => `2026-03-02T${time}.000Z`;
const evidence = (rule: string, ...places: readonly string[]): Fact['evidence'] => ({
  rule,
  competitors: places.map((place, i) => ({ place, weight: 0.8 - i * 0.7, events: [`gw-1:epoch:${String(i)}:0`] })),
});

beforeAll(async () => {
  world = await createWorld();
  ana = await world.signIn('ana');
  world.commit({
    facts: [
      {
        kind: 'item-arrived',
        subject: '0001',
        to: 's-1',
        at: at('08:00:00'),
        evidence: evidence('first-heard', 's-1'),
      },
      { kind: 'item-misshelved', subject: '0001', to: 's-1', at: at('08:05:00') },
      {
        kind: 'item-moved',
        subject: '0001',
        from: 's-1',
        to: 's-2',
        confidence: 0.8,
        at: at('10:00:00'),
        evidence: evidence('better-place', 's-2', 's-1'),
      },
      {
        kind: 'item-departed',
        subject: '0001',
        from: 's-2',
        to: null,
        at: at('12:00:00'),
        evidence: evidence('lost-everywhere', 's-2'),
      },
    ],
  });
});
afterAll(() => world.close());

const explain = async (query = '', item = '0001'): Promise<Explanation> =>
  (await world.get(`/libraries/demo/items/${item}/explanation${query}`, ana).expect(200)).body as Explanation;

test('names rule, competitors and the reports behind them, at an earlier time', async () => {
  expect(await explain(`?at=${at('11:00:00')}`)).toMatchObject({
    place: 's-2',
    misshelved: false,
    knownFrom: at('08:00:00'),
    decision: { kind: 'item-moved', rule: 'better-place', from: 's-1', to: 's-2', confidence: 0.8, at: at('10:00:00') },
    competitors: [
      { place: 's-2', isChosen: true, events: ['gw-1:epoch:0:0'] },
      { place: 's-1', isChosen: false, events: ['gw-1:epoch:1:0'] },
    ],
  });
});

test('knows of a wrong shelf only while the item stood there, and of nothing before the first fact', async () => {
  expect(await explain(`?at=${at('08:05:00')}`)).toMatchObject({ place: 's-1', misshelved: false });
  expect(await explain(`?at=${at('08:06:00')}`)).toMatchObject({ place: 's-1', misshelved: true });
  expect(await explain(`?at=${at('07:00:00')}`)).toMatchObject({ place: null, decision: null, rows: [] });
});

test('now is the last decision; an item never heard has none', async () => {
  const now = await explain();
  expect(now).toMatchObject({ at: null, place: null, decision: { rule: 'lost-everywhere' } });
  expect(now.rows.map((row) => row.kind)).toEqual(['item-departed', 'item-moved', 'item-misshelved', 'item-arrived']);
  expect((await explain('', '0002')).decision).toBeNull();
});

test('refuses strangers, unknown items and what is no time', async () => {
  const zoe = await world.signIn('zoe');
  await world.get('/libraries/demo/items/0001/explanation', zoe).expect(403);
  await world.get('/libraries/demo/items/none/explanation', ana).expect(404);
  await world.get('/libraries/demo/items/0001/explanation?at=soon', ana).expect(400);
});
