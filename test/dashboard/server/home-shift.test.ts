/** Promise: a question of the engine is shown, and its answer makes the plan and tells the engine. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { HomeShift } from '#contract/domain/home-shift.ts';
import type { Plan } from '#contract/domain/plan.ts';
import { input } from '#contract/wire/input.ts';
import type { HomeShifts } from '#contract/wire/rest-home-shift.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { createWorld, type SignedIn, type World } from './world.ts';

const sinceMs = Date.UTC(2026, 2, 2, 9);
const first: HomeShift = {
  id: 's-2~2~2',
  shelves: ['s-2', 's-3'],
  standOn: ['s-4', 's-5'],
  offset: 2,
  items: 60,
  shifted: 55,
};
const second: HomeShift = { ...first, id: 's-1~1~5', shelves: ['s-1'], standOn: ['s-6'], offset: 5 };
const rowOf = (shift: HomeShift, planVersion = 1) => ({ library: 'demo', shift, sinceMs, planVersion });
const asked = (shift: HomeShift, planVersion?: number) => ({
  library: 'demo',
  id: shift.id,
  row: rowOf(shift, planVersion),
});

let world: World;
let ana: SignedIn;
const path = '/libraries/demo/home-shifts';
const answer = (shift: HomeShift, word: string): ReturnType<World['send']> =>
  world.send('post', `${path}/${encodeURIComponent(shift.id)}`, ana).send({ answer: word });
const ids = async (): Promise<string[]> =>
  ((await world.get(path, ana).expect(200)).body as HomeShifts).rows.map(({ id }) => id);
const planNow = async (): Promise<Plan> => (await world.get('/libraries/demo/plan', ana).expect(200)).body as Plan;
const answers = (): unknown[] => {
  const registry = openRegistryReader(join(world.folder, 'registry.db'));
  const queued = registry.inputsAfter(0, 100).filter(({ library }) => library === 'demo');
  registry.close();
  return queued.flatMap(({ input: body }) => {
    const one = input.parse(body);
    if (one.kind === 'plan') return [`plan ${String(one.plan.version)}`];
    return one.kind === 'accept-home-shift' || one.kind === 'reject-home-shift' ? [`${one.kind} ${one.shift.id}`] : [];
  });
};

beforeAll(async () => {
  world = await createWorld();
  ana = await world.signIn('ana');
  world.commit({ homeShifts: [asked(first), asked(second)] });
});
afterAll(() => world.close());

test('questions come in walking order, to staff alone', async () => {
  const reply = (await world.get(path, ana).expect(200)).body as HomeShifts;
  expect(reply.rows).toEqual([second, first].map((shift) => ({ ...shift, since: new Date(sinceMs).toISOString() })));
  await world.get(path, await world.signIn('bo')).expect(403);
  await world.get(path, await world.signIn('zoe')).expect(403);
});

test('no goes to the engine and leaves the plan as it is', async () => {
  await answer(second, 'perhaps').expect(400);
  await answer(second, 'reject').expect(204);
  expect((await planNow()).version).toBe(1);
  world.commit({ homeShifts: [{ library: 'demo', id: second.id, row: null }] });
  expect(await ids()).toEqual([first.id]);
  await answer(second, 'reject').expect(409);
});

test('yes makes the next plan, and tells the engine who came first', async () => {
  const before = await planNow();
  await answer(first, 'accept').expect(204);
  const after = await planNow();
  const rangesOf = (plan: Plan, id: string): unknown => {
    const place = plan.places.find((one) => one.id === id);
    return [...(place?.range === undefined ? [] : [place.range]), ...(place?.ranges ?? [])];
  };
  expect(after.version).toBe(2);
  expect(rangesOf(after, 's-2')).toEqual([]);
  expect(rangesOf(after, 's-4')).toEqual([...(rangesOf(before, 's-4') as []), ...(rangesOf(before, 's-2') as [])]);
  expect(answers()).toEqual(['plan 1', `reject-home-shift ${second.id}`, `accept-home-shift ${first.id}`, 'plan 2']);
});

test('a question of another plan is not answered twice', async () => {
  await answer(first, 'accept').expect(409);
  expect((await planNow()).version).toBe(2);
});

test('its line on the work list is no thing to tick off', async () => {
  const row = {
    library: 'demo',
    kind: 'home-shift',
    subject: first.id,
    item: null,
    place: 's-4',
    sinceMs,
    confidence: 0.92,
    reason: { rule: 'run-moved', shelves: 2 },
    tickedOffMs: null,
    outcome: null,
  } as const;
  world.commit({ work: [{ library: 'demo', kind: row.kind, subject: row.subject, row }] });
  const { rows } = (await world.get('/libraries/demo/work', ana).expect(200)).body as { rows: unknown[] };
  expect(rows).toEqual([expect.objectContaining({ kind: 'home-shift', subject: first.id, place: 's-4' })]);
  const body = { kind: 'home-shift', subject: first.id, outcome: 'done' };
  await world.send('post', '/libraries/demo/work/tick-off', ana).send(body).expect(400);
});
