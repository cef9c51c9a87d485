import { afterEach, describe, expect, test } from '@jest/globals';
import type { Diff, JoinAnswer, Room, ShelfRow } from '#contract/wire/live.ts';
import type { Item } from '#contract/domain/item.ts';
import {
  antenna,
  book,
  createWorld,
  demoPlan,
  itemAt,
  type LiveProbe,
  type World,
  type WorldOptions,
  zone,
} from '#test/dashboard/server/world.ts';

const FLOOR: Room = { kind: 'floor', library: 'demo', floor: 'f-1' };
const worlds: World[] = [];

async function open(options: WorldOptions = {}): Promise<World> {
  const world = await createWorld(options);
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

type Good = Extract<JoinAnswer, { ok: true }>;

async function enter(probe: LiveProbe, room: Room, since?: { epoch: string; seq: number }): Promise<Good> {
  const answer = await probe.join(room, since);
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.detail}`);
  return answer;
}

const has = (key: string) => (diff: Diff) => diff.rows.some(([name]) => name === key);

describe('a floor', () => {
  test('begins with every shelf, then tells what changes, numbered without a gap', async () => {
    const world = await open();
    world.commit({ items: [itemAt('0001', 's-1')], readPoints: [antenna('rp-1', 'live')] });
    const probe = await world.connect(await world.signIn('ana'));
    const answer = await enter(probe, FLOOR);
    const rows = new Map(answer.rows as [string, ShelfRow][]);
    expect([...rows.keys()].sort()).toEqual(['s-1', 's-2', 's-3', 's-4', 's-5', 's-6']);
    expect(rows.get('s-1')).toMatchObject({ items: 1, wrong: 0, state: 'live' });
    expect(rows.get('s-6')).toMatchObject({ state: 'unequipped', lastHeardAt: null });

    world.commit({
      items: [itemAt('0001', 's-2', { misshelved: true })],
      facts: [{ kind: 'item-moved', subject: '0001', from: 's-1', to: 's-2' }],
    });
    const diff = await probe.until(has('s-2'));
    expect(new Map(diff.rows as [string, ShelfRow][]).get('s-2')).toMatchObject({ items: 1, wrong: 1 });
    expect(new Map(diff.rows as [string, ShelfRow][]).get('s-1')).toMatchObject({ items: 0, wrong: 0 });

    world.commit({
      readPoints: [antenna('rp-3', 'dead')],
      facts: [{ kind: 'antenna-state', subject: 'rp-3', state: 'dead' }],
    });
    const dead = await probe.until(has('s-3'));
    expect(new Map(dead.rows as [string, ShelfRow][]).get('s-3')).toMatchObject({ state: 'dead' });
    expect(probe.diffs.map((each) => each.seq)).toEqual(probe.diffs.map((_, i) => answer.seq + 1 + i));
  });

  test('goes on telling the time while nothing happens, and the time of the engine stands still', async () => {
    const world = await open();
    world.commit({ asOfMs: Date.UTC(2026, 2, 2) });
    const probe = await world.connect(await world.signIn('ana'));
    const answer = await enter(probe, FLOOR);
    const first = await probe.until((diff) => diff.rows.length === 0);
    const second = await probe.until((diff) => diff.rows.length === 0 && diff.seq > first.seq);
    expect(Date.parse(second.at)).toBeGreaterThan(Date.parse(first.at));
    expect([answer.asOf, first.asOf, second.asOf]).toEqual(Array(3).fill('2026-03-02T00:00:00.000Z'));
    expect(second.epoch).toBe(answer.epoch);
  });

  test('whoever was away gets exactly what was missed; another epoch or an old number gets everything', async () => {
    const world = await open();
    const who = await world.signIn('ana');
    const [stays, leaves] = [await world.connect(who), await world.connect(who)];
    await enter(stays, FLOOR);
    const before = await enter(leaves, FLOOR);
    leaves.socket.disconnect();
    world.commit({ items: [itemAt('0001', 's-5')], facts: [{ kind: 'item-arrived', subject: '0001', to: 's-5' }] });
    await stays.until(has('s-5'));

    const back = await world.connect(who);
    const caughtUp = await enter(back, FLOOR, { epoch: before.epoch, seq: before.seq });
    expect(caughtUp.rows).toBeUndefined();
    expect(caughtUp.diffs?.map((diff) => diff.seq)).toEqual(caughtUp.diffs?.map((_, i) => before.seq + 1 + i));
    expect(caughtUp.diffs?.some(has('s-5'))).toBe(true);
    const current = await enter(back, FLOOR, { epoch: before.epoch, seq: caughtUp.seq + 5 });
    expect(current.rows).toHaveLength(6);
    expect((await enter(back, FLOOR, { epoch: 'another', seq: before.seq })).rows).toHaveLength(6);
  });

  test('an empty room computes nothing and still knows, for the next one, what was missed', async () => {
    const world = await open();
    const who = await world.signIn('ana');
    const first = await world.connect(who);
    const before = await enter(first, FLOOR);
    first.socket.emit('leave', { room: FLOOR });
    world.commit({ items: [itemAt('0001', 's-5')], facts: [{ kind: 'item-arrived', subject: '0001', to: 's-5' }] });
    const after = await enter(await world.connect(who), FLOOR, { epoch: before.epoch, seq: before.seq });
    expect(after.diffs).toHaveLength(1);
    expect(after.diffs?.[0]?.rows).toEqual([['s-5', { items: 1, wrong: 0, state: 'unscheduled', lastHeardAt: null }]]);
  });

  test('a new plan is told as well: shelves that are gone are taken away', async () => {
    const world = await open();
    const probe = await world.connect(await world.signIn('ana'));
    await enter(probe, FLOOR);
    const smaller = demoPlan(2);
    const places = smaller.places.filter((place) => place.id !== 's-6');
    const admin = await world.signIn('demo-admin');
    await world
      .send('put', '/libraries/demo/plan', admin)
      .send({ ...smaller, places })
      .expect(204);
    expect((await probe.until(has('s-6'))).rows).toContainEqual(['s-6', null]);
  });
});

describe('the other rooms', () => {
  test('space, work list, devices and one item tell when something changes there', async () => {
    const world = await open();
    const who = await world.signIn('ana');
    const probe = await world.connect(who);
    await enter(probe, { kind: 'space', library: 'demo' });
    await enter(probe, { kind: 'work-list', library: 'demo' });
    await enter(probe, { kind: 'devices', library: 'demo' });
    const item = await enter(probe, { kind: 'item', library: 'demo', item: '0001' });
    expect(item.rows).toEqual([['0001', expect.objectContaining({ condition: 'unseen' })]]);

    world.commit({
      items: [itemAt('0001', 's-3', { misshelved: true })],
      zones: [zone(31)],
      facts: [
        { kind: 'item-misshelved', subject: '0001', to: 's-3' },
        { kind: 'zone-level', subject: 'z-1', level: { people: 31, low: 31, high: 31 } },
      ],
    });
    world.broker.putHeard([
      { library: 'demo', device: 'gw-1', lastHeardMs: Date.now(), isConnected: true, status: null },
    ]);
    const [space, list, devices, where] = await Promise.all(
      [has('z-1'), has('work-list'), has('devices'), has('0001')].map((test) => probe.until(test)),
    );
    expect(space?.rows).toEqual([['z-1', expect.objectContaining({ people: 31, stale: false })]]);
    expect(list?.room).toBe('lib:demo:work-list');
    expect(devices?.room).toBe('lib:demo:devices');
    expect(where?.rows).toEqual([['0001', expect.objectContaining({ place: 's-3', misshelved: true })]]);

    const before = probe.diffs.length;
    await world
      .send('post', '/libraries/demo/work-list/tick-off', who)
      .send({ item: '0001', place: 's-3' })
      .expect(204);
    await probe.until((diff) => probe.diffs.indexOf(diff) >= before && has('work-list')(diff));
  });
});

describe('rights', () => {
  test('nobody without a session, no page of another site', async () => {
    const world = await open();
    await expect(world.connect(undefined)).rejects.toThrow();
    const { cookie, csrf } = await world.signIn('ana');
    await expect(world.connect({ cookie: `${cookie}x`, csrf })).rejects.toThrow();
  });

  test('a room is refused for another library, another role, no such floor, or a request that does not fit', async () => {
    const world = await open();
    const probe = await world.connect(await world.signIn('bo'));
    const codeOf = async (room: unknown): Promise<string> => {
      const answer = await probe.join(room as Room);
      return answer.ok ? 'ok' : answer.code;
    };
    expect(await codeOf({ ...FLOOR, library: 'other' })).toBe('LIV_FORBIDDEN');
    expect(await codeOf({ kind: 'work-list', library: 'demo' })).toBe('LIV_FORBIDDEN');
    expect(await codeOf({ ...FLOOR, floor: 'nowhere' })).toBe('LIV_NOT_FOUND');
    expect(await codeOf({ ...FLOOR, floor: 's-1' })).toBe('LIV_NOT_FOUND');
    expect(await codeOf({ kind: 'space', library: 'demo', more: 1 })).toBe('LIV_BAD_REQUEST');
    expect(await codeOf(null)).toBe('LIV_BAD_REQUEST');
    expect(await codeOf(FLOOR)).toBe('ok');
  });

  test('one connection may be in twenty rooms', async () => {
    const items = Array.from({ length: 21 }, (_, i) => ({ ...itemOf(i) }));
    const world = await open({ items });
    const probe = await world.connect(await world.signIn('ana'));
    const answers: JoinAnswer[] = [];
    for (const { barcode } of items) answers.push(await probe.join({ kind: 'item', library: 'demo', item: barcode }));
    expect(answers.map((answer) => answer.ok)).toEqual([...Array<boolean>(20).fill(true), false]);
    expect(answers.at(-1)).toMatchObject({ code: 'LIV_TOO_MANY' });
  });

  test('signing out, or losing the account, ends the connection', async () => {
    const world = await open();
    const [ana, bo] = [await world.signIn('ana'), await world.signIn('bo')];
    const [hers, his] = [await world.connect(ana), await world.connect(bo)];
    await world.send('delete', '/session', ana).expect(204);
    expect(await hers.gone()).toBe('io server disconnect');
    expect(his.socket.connected).toBe(true);
    await world.send('delete', '/users/bo', await world.signIn('demo-admin')).expect(204);
    expect(await his.gone()).toBe('io server disconnect');
  });
});

describe('a screen that stopped reading', () => {
  test('is set aside, delays nobody, and is right again once it reads on', async () => {
    const world = await open();
    const who = await world.signIn('ana');
    const quick = await world.connect(who);
    await enter(quick, FLOOR);
    const frozen = await connectByPolling(world.dashboard.url, who.cookie);
    const start = await frozen.join(FLOOR);
    const isSetAside = async (): Promise<boolean> =>
      /live_set_aside_total [1-9]/.test(await (await fetch(`${world.dashboard.url}/metrics`)).text());

    const delaysMs: number[] = [];
    const change = async (round: number): Promise<void> => {
      const place = `s-${(round % 6) + 1}`;
      const beganMs = performance.now();
      world.commit({
        items: [itemAt(`x-${round}`, place)],
        facts: [{ kind: 'item-arrived', subject: `x-${round}`, to: place }],
      });
      await quick.until(({ rows }) =>
        rows.some(([key, row]) => key === place && (row as ShelfRow).items > Math.floor(round / 6)),
      );
      delaysMs.push(performance.now() - beganMs);
      quick.diffs.length = 0;
    };
    let round = 0;
    for (; !(await isSetAside()); round += 1) await change(round);
    for (const last = round + 3; round < last; round += 1) await change(round);
    expect(delaysMs.sort((a, b) => a - b)[Math.floor(delaysMs.length / 2)]).toBeLessThan(200);

    // What waited for it is bounded, and without a gap; then the gap shows, and asking again heals it.
    const waited = await frozen.read();
    const known = contiguous(start.seq, waited);
    expect(known).toBe(start.seq + waited.length);
    expect(waited.length).toBeLessThanOrEqual(22);
    const [gap] = await frozen.read();
    expect(gap?.seq).toBeGreaterThan(known + 1);
    const healed = await frozen.join(FLOOR, { epoch: start.epoch, seq: known });
    expect(healed.diffs?.length).toBe(healed.seq - known);
    const rows = new Map(healed.diffs?.flatMap((diff) => diff.rows) as [string, ShelfRow][]);
    const place = `s-${((round - 1) % 6) + 1}`;
    expect(rows.get(place)?.items).toBe(Math.floor((round - 1) / 6) + 1);
  }, 30_000);
});

function contiguous(from: number, diffs: readonly Diff[]): number {
  return diffs.reduce((seq, diff) => (diff.seq === seq + 1 ? diff.seq : seq), from);
}

interface PollingScreen {
  join(room: Room, since?: { epoch: string; seq: number }): Promise<Good>;
  /** Diffs of one poll that brings any. */
  read(): Promise<Diff[]>;
}

/** A screen over long polling, by hand: it gets only what it asks for, so that it can stop without a full TCP window. */
async function connectByPolling(url: string, cookie: string): Promise<PollingScreen> {
  const path = `${url}/socket.io/?EIO=4&transport=polling`;
  const poll = async (sid = ''): Promise<string[]> =>
    (await (await fetch(`${path}${sid}`, { headers: { cookie } })).text()).split('\u001e');
  const [open] = await poll();
  const sid = `&sid=${(JSON.parse(String(open).slice(1)) as { sid: string }).sid}`;
  const say = (text: string): Promise<Response> =>
    fetch(`${path}${sid}`, { method: 'POST', body: text, headers: { cookie } });
  await say('40');
  await poll(sid);
  const seen: string[] = [];
  const take = async (prefix: string): Promise<unknown[]> => {
    for (;;) {
      const found = seen.filter((packet) => packet.startsWith(prefix));
      seen.splice(0, seen.length, ...seen.filter((packet) => !packet.startsWith(prefix)));
      if (found.length > 0) return found.map((packet) => (JSON.parse(packet.slice(prefix.length)) as unknown[]).at(-1));
      seen.push(...(await poll(sid)));
    }
  };
  let asked = 0;
  return {
    async join(room, since) {
      asked += 1;
      await say(`42${asked}${JSON.stringify(['join', since === undefined ? { room } : { room, since }])}`);
      const [answer] = await take(`43${asked}`);
      return answer as Good;
    },
    read: async () => (await take('42')) as Diff[],
  };
}

function itemOf(i: number): Item {
  return book(`i-${i}`);
}
