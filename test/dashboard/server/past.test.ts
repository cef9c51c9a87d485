import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PastFloor, PastItem, PastMoves } from '#contract/wire/rest-past.ts';
import { createWorld, type SignedIn, type World } from './world.ts';

let world: World;
let ana: SignedIn;

const at = (time: string): string => `2026-03-02T${time}.000Z`;

beforeAll(async () => {
  world = await createWorld();
  ana = await world.signIn('ana');
  world.commit({
    asOfMs: Date.parse(at('12:00:00')),
    facts: [
      { kind: 'antenna-state', subject: 'rp-1', state: 'live', at: at('08:00:00') },
      { kind: 'item-arrived', subject: '0001', to: 's-1', confidence: 0.8, at: at('08:00:10') },
      { kind: 'item-arrived', subject: '9999', to: 's-1', at: at('08:00:20') },
      { kind: 'item-moved', subject: '0001', from: 's-1', to: 's-2', confidence: 0.7, at: at('10:30:30') },
      { kind: 'item-misshelved', subject: '0001', from: null, to: 's-2', at: at('10:31:00') },
      { kind: 'antenna-state', subject: 'rp-1', state: 'dead', at: at('10:40:10') },
      { kind: 'item-departed', subject: '9999', from: 's-1', to: null, at: at('10:59:59') },
    ],
  });
});
afterAll(() => world.close());

async function ask<T>(path: string): Promise<T> {
  return (await world.get(`/libraries/demo/past/${path}`, ana).expect(200)).body as T;
}

const floorAt = (time: string): Promise<PastFloor> => ask(`floors/f-1?from=${at(time)}`);
const shelf = (floor: PastFloor, place: string): PastFloor['shelves'][number] | undefined =>
  floor.shelves.find((each) => each.place === place);

describe('a floor at an earlier time', () => {
  test('shows every shelf at the first minute, and what changed when until the last', async () => {
    const floor = await floorAt('10:00:40');
    expect(floor).toMatchObject({ from: at('10:00:00'), to: at('11:00:00'), asOf: at('12:00:00') });
    expect(floor.shelves).toHaveLength(6);
    expect(shelf(floor, 's-1')).toEqual({ place: 's-1', items: 2, wrong: 0, state: 'live' });
    expect(shelf(floor, 's-2')).toEqual({ place: 's-2', items: 0, wrong: 0, state: 'unknown' });
    expect(shelf(floor, 's-6')?.state).toBe('unequipped');
    expect(floor.changes).toEqual([
      { at: at('10:31:00'), place: 's-1', items: 1, wrong: 0, state: 'live' },
      { at: at('10:31:00'), place: 's-2', items: 1, wrong: 0, state: 'unknown' },
      { at: at('10:32:00'), place: 's-2', items: 1, wrong: 1, state: 'unknown' },
      { at: at('10:41:00'), place: 's-1', items: 1, wrong: 0, state: 'dead' },
      { at: at('11:00:00'), place: 's-1', items: 0, wrong: 0, state: 'dead' },
    ]);
  });

  test('says since when anything is known', async () => {
    const floor = await floorAt('07:30:00');
    expect(floor.knownFrom).toBe(at('08:00:00'));
    expect(shelf(floor, 's-1')).toMatchObject({ items: 0, state: 'unknown' });
  });

  test.each([
    ['floors/s-1?from=2026-03-02T10:00:00Z', 404],
    ['floors/no-floor?from=2026-03-02T10:00:00Z', 404],
    ['floors/f-1', 400],
    ['floors/f-1?from=yesterday', 400],
    ['floors/f-1?from=2026-03-02T10:00:00Z&minutes=241', 400],
    ['moves?from=2026-03-02T10:00:00Z&to=2026-03-02T15:00:00Z', 400],
    ['moves?from=2026-03-02T10:00:00Z&to=2026-03-02T11:00:00Z&cursor=x', 400],
    ['places/nowhere/items?at=2026-03-02T10:00:00Z', 404],
  ])('%s is refused', async (path, status) => {
    await world.get(`/libraries/demo/past/${path}`, ana).expect(status);
  });
});

describe('items of one shelf at an earlier time', () => {
  const itemsAt = async (place: string, time: string): Promise<PastItem[]> =>
    (await ask<{ rows: PastItem[] }>(`places/${place}/items?at=${at(time)}`)).rows;

  test('come with since when and until when they stood there', async () => {
    const [book, unknown] = await itemsAt('s-1', '10:00:00');
    expect(book).toMatchObject({
      barcode: '0001',
      title: 'Wuthering Heights',
      since: at('08:00:10'),
      until: at('10:30:30'),
      confidence: 0.8,
      misshelved: false,
    });
    expect(unknown).toMatchObject({ barcode: '9999', title: '9999', until: at('10:59:59') });
  });

  test('are those of the minute asked for, wrong ones marked', async () => {
    expect((await itemsAt('s-1', '10:31:00')).map((row) => row.barcode)).toEqual(['9999']);
    expect(await itemsAt('s-2', '10:31:00')).toMatchObject([{ barcode: '0001', misshelved: false, until: null }]);
    expect(await itemsAt('s-2', '10:32:00')).toMatchObject([{ barcode: '0001', misshelved: true }]);
    expect(await itemsAt('s-1', '11:00:00')).toEqual([]);
  });

  test('page by cursor and export as CSV', async () => {
    const first = await ask<{ rows: PastItem[]; next: string }>(`places/s-1/items?at=${at('10:00:00')}&limit=1`);
    expect(first.next).toBe('0001');
    const second = await ask<{ rows: PastItem[]; next: null }>(
      `places/s-1/items?at=${at('10:00:00')}&limit=1&cursor=${first.next}`,
    );
    expect([second.rows[0]?.barcode, second.next]).toEqual(['9999', null]);
    const csv = await world.get(`/libraries/demo/past/places/s-1/items?at=${at('10:00:00')}&format=csv`, ana);
    expect(csv.text.split('\r\n')[0]).toBe(
      'barcode,title,author,year,language,callNumber,since,until,confidence,misshelved',
    );
  });
});

describe('moves', () => {
  const hour = `from=${at('10:00:00')}&to=${at('11:00:00')}`;

  test('are in order of their own time, of one floor if asked', async () => {
    const { rows, next } = await ask<PastMoves>(`moves?${hour}`);
    expect(rows.map(({ kind, barcode, from, to }) => [kind, barcode, from, to])).toEqual([
      ['item-moved', '0001', 's-1', 's-2'],
      ['item-departed', '9999', 's-1', null],
    ]);
    expect(next).toBeNull();
    expect((await ask<PastMoves>(`moves?${hour}&floor=f-1`)).rows).toEqual(rows);
    expect((await ask<PastMoves>(`moves?${hour}&floor=f-2`)).rows).toEqual([]);
  });

  test('page by cursor without a gap', async () => {
    const first = await ask<PastMoves>(`moves?${hour}&limit=1`);
    const second = await ask<PastMoves>(`moves?${hour}&limit=1&cursor=${String(first.next)}`);
    expect([...first.rows, ...second.rows].map((row) => row.barcode)).toEqual(['0001', '9999']);
  });
});

test('the past is as closed to strangers as the present', async () => {
  const zoe = await world.signIn('zoe');
  for (const path of [`floors/f-1?from=${at('10:00:00')}`, `places/s-1/items?at=${at('10:00:00')}`]) {
    await world.get(`/libraries/demo/past/${path}`).expect(401);
    await world.get(`/libraries/demo/past/${path}`, zoe).expect(403);
  }
});
