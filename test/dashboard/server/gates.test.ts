/** Promise: what happened at a gate is on the screens of the staff within a pulse, by title, and nobody else sees it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { GateEvent } from '#contract/domain/fact.ts';
import type { GateEvents } from '#contract/wire/rest-gates.ts';
import { BOOKS, createWorld, demoPlan, type SignedIn, type World } from './world.ts';

const BOOK = BOOKS[0];
const path = '/libraries/demo/gates/events';
let world: World;
let ana: SignedIn;

function event(finding: GateEvent['finding'], more: Partial<GateEvent> = {}): { gate: GateEvent } {
  const item = BOOK?.barcode ?? '';
  return {
    gate: { finding, item, tag: 'epc:30AA', direction: 'out', rule: 'secured-tag', ilsStatus: 'available', ...more },
  };
}

beforeAll(async () => {
  const plan = demoPlan();
  const branch = plan.places.find(({ kind }) => kind === 'branch');
  const gate = { id: 'g-1', kind: 'gate' as const, parent: branch?.id ?? '', name: 'Main exit' };
  world = await createWorld({ plan: { ...plan, places: [...plan.places, gate] } });
  ana = await world.signIn('ana');
  const common = { kind: 'gate-event', subject: 'g-1' } as const;
  world.commit({
    facts: [
      { ...common, ...event('alarm') },
      { kind: 'item-moved', subject: 'other' },
      { ...common, ...event('left-without-loan', { item: null, direction: null }) },
      { ...common, ...event('alarm') },
    ],
  });
});
afterAll(() => world.close());

const read = async (query = ''): Promise<GateEvents> =>
  (await world.get(`${path}${query}`, ana).expect(200)).body as GateEvents;

test('newest first, with title and name of the gate, page by page', async () => {
  const { rows, next } = await read();
  expect(rows.map(({ n, finding }) => [n, finding])).toEqual([
    [4, 'alarm'],
    [3, 'left-without-loan'],
    [1, 'alarm'],
  ]);
  expect(rows[0]).toMatchObject({
    gate: 'g-1',
    gateName: 'Main exit',
    title: BOOK?.title,
    callNumber: BOOK?.callNumber,
  });
  expect(rows[1]).toMatchObject({ item: null, title: null, direction: null });
  expect(next).toBeNull();
  const first = await read('?limit=2');
  expect(first.next).toBe('3');
  expect((await read(`?limit=2&cursor=${first.next ?? ''}`)).rows.map(({ n }) => n)).toEqual([1]);
  expect((await read('?finding=alarm')).rows.map(({ n }) => n)).toEqual([4, 1]);
});

test('only staff, and a finding that is none is refused by name', async () => {
  await world.get(path, await world.signIn('zoe')).expect(403);
  const refused = await world.get(`${path}?finding=thief`, ana).expect(400);
  expect(JSON.stringify(refused.body)).toContain('finding');
});

test('an alarm is told to who watches', async () => {
  const probe = await world.connect(ana);
  const joined = await probe.join({ kind: 'gates', library: 'demo' });
  expect(joined.ok && joined.rows?.map(([key]) => key).sort()).toEqual(['1', '3', '4']);
  world.commit({ facts: [{ kind: 'gate-event', subject: 'g-1', ...event('alarmed-though-lent') }] });
  const { rows } = await probe.until((diff) => diff.rows.some(([key]) => key === '5'));
  expect(rows.find(([key]) => key === '5')?.[1]).toMatchObject({ finding: 'alarmed-though-lent', title: BOOK?.title });
});
