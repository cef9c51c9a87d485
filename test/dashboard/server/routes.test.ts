import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fact } from '#contract/domain/fact.ts';
import type { Devices, ItemDetail, Problem, SpaceDay, SpaceNow, Trail, WorkList } from '#contract/wire/rest.ts';
import {
  antenna,
  createWorld,
  demoPlan,
  eventually,
  itemAt,
  PASSWORD,
  type SignedIn,
  type World,
  zone,
} from './world.ts';

interface ItemRows {
  readonly rows: (ItemDetail & Record<string, unknown>)[];
  readonly next: string | null;
}

let world: World;
let ana: SignedIn;
let admin: SignedIn;

beforeAll(async () => {
  world = await createWorld();
  [ana, admin] = [await world.signIn('ana'), await world.signIn('demo-admin')];
  world.commit({
    items: [
      itemAt('0001', 's-1', { misshelved: true }),
      itemAt('0003', 's-4', { misshelved: true, sinceMs: Date.UTC(2026, 2, 2, 8) }),
      itemAt('9999', 's-1'),
    ],
    readPoints: [antenna('rp-1', 'live'), antenna('rp-4', 'dead')],
    zones: [zone(12)],
    facts: [
      { kind: 'item-arrived', subject: '0001', to: 's-2', confidence: 0.8 },
      { kind: 'item-moved', subject: '0001', from: 's-2', to: 's-1' },
      { kind: 'zone-level', subject: 'z-1', level: { people: 12, low: 12, high: 12 } },
    ],
  });
});
afterAll(() => world.close());

const body = async <T>(path: string, who = ana): Promise<T> => (await world.get(path, who).expect(200)).body as T;

describe('who may ask for what', () => {
  test.each(['items?q=a', 'items/0001', 'plan', 'space', 'devices', 'facts', 'work-list', 'places/s-1/items'])(
    '%s: nobody without a session, nobody of another library',
    async (path) => {
      await world.get(`/libraries/demo/${path}`).expect(401);
      const zoe = await world.signIn('zoe');
      const stranger = await world.get(`/libraries/demo/${path}`, zoe).expect(403);
      const missing = await world.get(`/libraries/no-such-library/${path}`, zoe).expect(403);
      expect(stranger.body).toEqual(missing.body);
    },
  );

  test('facilities see everything but the work list', async () => {
    const bo = await world.signIn('bo');
    for (const path of ['items?q=wuth', 'plan', 'space', 'devices'])
      await world.get(`/libraries/demo/${path}`, bo).expect(200);
    await world.get('/libraries/demo/work-list', bo).expect(403);
  });

  test.each(['devices/registered', 'catalogue', 'plan'])('only administrators change %s', async (path) => {
    const method = path === 'plan' ? 'put' : 'post';
    await world.send(method, `/libraries/demo/${path}`, ana).send({}).expect(403);
  });

  test('an unknown address is a problem document, in the API and beside it', async () => {
    for (const path of ['/nothing', '/libraries/demo/nothing']) {
      expect(((await world.get(path, ana).expect(404)).body as Problem).code).toBe('API_NOT_FOUND');
    }
  });
});

describe('finding items', () => {
  test('search joins the catalogue with where the item is', async () => {
    const { rows, next } = await body<ItemRows>('/libraries/demo/items?q=bronte');
    expect(next).toBeNull();
    expect(rows).toHaveLength(1);
    expect(rows[0]?.where).toEqual({
      condition: 'present',
      place: 's-1',
      since: '2026-03-02T09:00:00.000Z',
      lastSeen: '2026-03-02T10:00:00.000Z',
      confidence: 0.9,
      misshelved: true,
    });
  });

  test('fields that are not in the reply never leave: no library, tags or branch in a list', async () => {
    const { rows } = await body<ItemRows>('/libraries/demo/items?q=bronte');
    expect(Object.keys(rows[0] ?? {})).not.toEqual(expect.arrayContaining(['library']));
    expect(rows[0]).not.toHaveProperty('tags');
    expect(rows[0]).not.toHaveProperty('branch');
  });

  test('an item whose antennas are all deaf is withheld, and one never heard is unseen', async () => {
    expect((await body<ItemDetail>('/libraries/demo/items/0003')).where.condition).toBe('withheld');
    expect((await body<ItemDetail>('/libraries/demo/items/0002')).where.condition).toBe('unseen');
  });

  test('the home of an item follows from its call number until the engine has said so', async () => {
    expect((await body<ItemDetail>('/libraries/demo/items/0002')).home).toEqual(['s-2']);
  });

  test('pages by cursor', async () => {
    const first = await body<ItemRows>('/libraries/demo/items?q=0&limit=2');
    const second = await body<ItemRows>(`/libraries/demo/items?q=0&limit=2&cursor=${String(first.next)}`);
    expect([...first.rows, ...second.rows].map((row) => row.barcode).sort()).toEqual(['0001', '0002', '0003']);
    expect(second.next).toBeNull();
  });

  test.each(['items', 'items?q=', 'items?q=a&limit=0', 'items?q=a&limit=9999', 'items?q=a&cursor=x'])(
    '%s does not fit',
    async (path) => {
      const { errors } = (await world.get(`/libraries/demo/${path}`, ana).expect(400)).body as Problem;
      expect(errors?.[0]?.path).toMatch(/^query\./);
    },
  );

  test('the trail has the newest place first, and an unknown item none', async () => {
    const { rows } = await body<Trail>('/libraries/demo/items/0001/trail');
    expect(rows.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['item-moved', 's-2', 's-1'],
      ['item-arrived', null, 's-2'],
    ]);
    await world.get('/libraries/demo/items/nope/trail', ana).expect(404);
  });

  test('what stands at a place, an item outside the catalogue included', async () => {
    const { rows } = await body<ItemRows>('/libraries/demo/places/s-1/items');
    expect(rows.map((row) => [row.barcode, row.title])).toEqual([
      ['0001', 'Wuthering Heights'],
      ['9999', '9999'],
    ]);
    const page = await body<ItemRows>('/libraries/demo/places/s-1/items?limit=1');
    expect(page.next).toBe('0001');
    expect((await body<ItemRows>('/libraries/demo/places/s-1/items?limit=1&cursor=0001')).rows[0]?.barcode).toBe(
      '9999',
    );
    await world.get('/libraries/demo/places/nowhere/items', ana).expect(404);
  });
});

describe('tables as CSV', () => {
  test('have a header, quotes where needed and nothing a spreadsheet would run', async () => {
    const reply = await world.get('/libraries/demo/items?q=0&format=csv', ana).expect(200);
    expect(reply.headers['content-type']).toBe('text/csv; charset=utf-8');
    const lines = reply.text.split('\r\n');
    expect(lines[0]).toBe(
      'barcode,title,author,year,language,scheme,callNumber,collection,' +
        'where.condition,where.place,where.since,where.lastSeen,where.confidence,where.misshelved,home',
    );
    expect(reply.text).toContain("0002,'=cmd|calc,Mallory");
  });

  test('hold all pages, and begin with the mark Excel wants when asked', async () => {
    const reply = await world.get('/libraries/demo/items?q=0&limit=1&format=csv&bom=1', ana).expect(200);
    expect(reply.text.startsWith('\uFEFFbarcode')).toBe(true);
    expect(reply.text.trimEnd().split('\r\n')).toHaveLength(4);
  });

  test('of facts go on by number too', async () => {
    const reply = await world.get('/libraries/demo/facts?limit=1&format=csv', ana).expect(200);
    expect(reply.text.trimEnd().split('\r\n')).toHaveLength(4);
  });
});

describe('the work list', () => {
  test('is in walking order and knows where each item belongs', async () => {
    const list = await body<WorkList>('/libraries/demo/work-list');
    expect(list.rows.map((row) => [row.item.barcode, row.place])).toEqual([
      ['0001', 's-1'],
      ['0003', 's-4'],
    ]);
    expect(list.walkMetres).toBe(4);
    expect(list.rows[1]?.item.where.condition).toBe('withheld');
    expect((await body<WorkList>('/libraries/demo/work-list?floor=f-2')).rows).toEqual([]);
  });

  test('shows a line ticked off at once and hands it to the broker', async () => {
    await world
      .send('post', '/libraries/demo/work-list/tick-off', ana)
      .send({ item: '0003', place: 's-4' })
      .expect(204);
    const list = await body<WorkList>('/libraries/demo/work-list');
    expect(list.rows.map((row) => row.tickedOffAt !== null)).toEqual([false, true]);
    await world
      .send('post', '/libraries/demo/work-list/tick-off', ana)
      .send({ item: '9999', place: 's-1' })
      .expect(409);
    await world.send('post', '/libraries/demo/work-list/tick-off', ana).send({ item: '0003' }).expect(400);
  });
});

describe('space', () => {
  test('shows people, capacity and age', async () => {
    const { rows } = await body<SpaceNow>('/libraries/demo/space');
    expect(rows).toMatchObject([{ place: 'z-1', people: 12, capacity: 40, stale: false }]);
  });

  test('an unchanged level of hours ago is still right; one of an engine that stands still is stale', async () => {
    const own = await createWorld();
    try {
      const who = await own.signIn('bo');
      const isStale = async (): Promise<boolean | undefined> =>
        ((await own.get('/libraries/demo/space', who).expect(200)).body as SpaceNow).rows[0]?.stale;
      own.commit({ zones: [zone(3, Date.now() - 5 * 3_600_000)] });
      expect(await isStale()).toBe(false);
      own.commit({ asOfMs: Date.now() - 11_000 });
      expect(await isStale()).toBe(true);
    } finally {
      await own.close();
    }
  });

  test('a day is the day of the library: 23 hours when the clocks go forward', async () => {
    const day = await body<SpaceDay>('/libraries/demo/space/z-1/day?date=2026-03-29');
    expect([day.from, day.to]).toEqual(['2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z']);
    expect(day.rows).toHaveLength((23 * 3600) / day.stepSeconds);
    expect(new Set(day.rows.map((row) => row.people))).toEqual(new Set([null]));
  });

  test('refuses what is no date and no place', async () => {
    await world.get('/libraries/demo/space/z-1/day?date=yesterday', ana).expect(400);
    await world.get('/libraries/demo/space/nowhere/day', ana).expect(404);
  });
});

describe('facts', () => {
  test('come by number', async () => {
    const page = await body<{ rows: Fact[]; next: string | null }>('/libraries/demo/facts?after=1&limit=1');
    expect(page.rows.map((fact) => fact.n)).toEqual([2]);
    expect(page.next).toBe('2');
  });
});

describe('devices', () => {
  test('join registration, the last word of each gateway, and the antennas of the plan', async () => {
    const reader = {
      id: 'reader-1',
      driver: 'llrp',
      link: 'tcp://r',
      since: '2026-03-02T00:00:00.000Z',
      lastHeardAt: null,
    };
    const readers = [{ ...reader, state: 'live' as const }];
    const status = { state: 'online' as const, at: '2026-03-02T00:00:00.000Z', readers };
    world.broker.putHeard([{ library: 'demo', device: 'gw-1', lastHeardMs: 5000, isConnected: true, status }]);
    world.broker.putBeat(Date.now(), 1);
    const found = await body<Devices>('/libraries/demo/devices');
    expect(found.gateways[0]).toMatchObject({ id: 'gw-1', state: 'online', readers: [{ id: 'reader-1' }] });
    expect(found.gateways[0]?.readers[0]?.antennas.map((entry) => entry.state)).toEqual([
      'live',
      'unknown',
      'unknown',
      'dead',
      'unknown',
    ]);
    expect(found.sensors).toEqual([{ id: 'counter', lastHeardAt: null }]);
    expect(found.parts.map(({ part, state }) => [part, state])).toEqual([
      ['broker', 'ok'],
      ['engine', 'ok'],
      ['history', 'down'],
    ]);
    expect((await world.get('/libraries/demo/devices?format=csv', ana).expect(200)).text).toContain(
      'gw-1,online,reader-1',
    );
  });

  test('a broker that is silent for more than three seconds is down', async () => {
    world.broker.putBeat(Date.now() - 3500, 1);
    expect((await body<Devices>('/libraries/demo/devices')).parts[0]).toMatchObject({ part: 'broker', state: 'down' });
  });

  test('a new device gets a secret that is shown once', async () => {
    const path = '/libraries/demo/devices/registered';
    const added = await world.send('post', path, admin).send({ id: 'gw-2', kind: 'gateway' }).expect(200);
    expect(added.body).toMatchObject({
      id: 'gw-2',
      username: 'demo:gw-2',
      secret: expect.stringMatching(/^[\w-]{43}$/) as unknown,
    });
    await world.send('post', path, admin).send({ id: 'gw-2', kind: 'gateway' }).expect(409);
    await world.send('post', path, admin).send({ id: 'GW 2', kind: 'gateway' }).expect(400);
    const listed = await world.get(path, admin).expect(200);
    expect(JSON.stringify(listed.body)).not.toMatch(/secret/i);
    await world.send('delete', `${path}/gw-2`, admin).expect(204);
    await world.send('delete', `${path}/gw-2`, admin).expect(404);
  });
});

describe('the plan', () => {
  test('is replaced by one with a higher version and nothing else', async () => {
    const put = (plan: object): ReturnType<World['send']> =>
      world.send('put', '/libraries/demo/plan', admin).send(plan);
    await put(demoPlan(1)).expect(409);
    const broken = { ...demoPlan(2), aisles: [{ a: 'b-1', b: 'nowhere', metres: 1 }] };
    const { errors } = (await put(broken).expect(400)).body as Problem;
    expect(errors).toEqual([{ path: 'body.aisles.0.b', message: 'no place nowhere' }]);
    await put(demoPlan(2)).expect(204);
    expect((await body<{ version: number }>('/libraries/demo/plan')).version).toBe(2);
  });
});

describe('stores that are not there', () => {
  test('search still finds, the rest says what is missing, and nothing falls over', async () => {
    const bare = await createWorld({ hasState: false });
    try {
      const who = await bare.signIn('ana', PASSWORD);
      const { rows } = (await bare.get('/libraries/demo/items?q=bronte', who).expect(200)).body as ItemRows;
      expect(rows[0]?.where).toMatchObject({ condition: 'withheld', place: null });
      expect(((await bare.get('/libraries/demo/work-list', who).expect(503)).body as Problem).code).toBe(
        'STO_UNAVAILABLE',
      );
      const devices = (await bare.get('/libraries/demo/devices', who).expect(200)).body as Devices;
      expect(devices.parts.map((part) => part.state)).toEqual(['down', 'down', 'down']);
      bare.commit({});
      await eventually(async () => (await bare.get('/libraries/demo/work-list', who)).status === 200);
    } finally {
      await bare.close();
    }
  });
});
