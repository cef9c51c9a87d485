/** What leaves the edge while somebody carries a wand along shelves. */
import { expect, test } from '@jest/globals';
import type { ReadEvent } from '#gateway/drivers/reader-event.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import { WandSweep } from '#gateway/wand/wand-sweep.ts';

const START = Date.UTC(2026, 2, 2, 9);
const at = (ms: number): Moment => ({ wallMs: START + ms, uptimeMs: ms });
const read = (epc: string, ms: number, rssiDbm?: number): ReadEvent => ({
  kind: 'read',
  antenna: 1,
  count: 1,
  firstMs: START + ms,
  lastMs: START + ms,
  ids: { epc },
  ...(rssiDbm !== undefined && { rssiDbm }),
});
const newWand = (): WandSweep =>
  new WandSweep({
    reader: 'wand-1',
    antennas: [{ antenna: 1, readPoint: 'rp-wand' }],
    shelfTags: ['5E1F'],
    silenceMs: 30_000,
  });

test('the first read leaves at once, the rest as one sighting, timed by its power, behind the shelf tag', () => {
  const wand = newWand();
  const [shelf] = wand.take([read('5E1F0001', 0, -50)], at(0));
  expect(shelf?.position).toMatchObject({ shelfTag: 'epc:5E1F0001', order: 1 });
  expect(wand.take([read('3000AAAA', 100, -60)], at(100))).toMatchObject([
    { phase: 'new', reads: 1, id: { epc: '3000AAAA' }, position: { shelfTag: 'epc:5E1F0001', order: 2 } },
  ]);
  wand.take([read('3000AAAA', 200, -60)], at(200));
  wand.take([read('3000AAAA', 300, -40)], at(300));
  expect(wand.tick(at(500))).toEqual([]);
  const [passed] = wand.tick(at(710));
  expect(passed).toMatchObject({ phase: 'update', reads: 2, rssi: { n: 2, maxDbm: -40 } });
  // A hundred times the power: the strong read decides.
  expect(Date.parse(passed?.position?.at ?? '') - START).toBe(299);
  expect(wand.tick(at(5000))).toEqual([]);
});

test('silence begins another sweep; so does a command, and both tell what was pending', () => {
  const wand = newWand();
  wand.take([read('3000AAAA', 0)], at(0));
  const first = wand.session;
  wand.take([read('3000AAAA', 20_000)], at(20_000));
  expect(wand.session).toBe(first);
  const [pending, again] = wand.take([read('3000AAAA', 60_000)], at(60_000));
  expect([pending?.position?.session, again?.phase]).toEqual([first, 'new']);
  expect(wand.session).not.toBe(first);
  wand.take([read('3000AAAA', 60_100)], at(60_100));
  const { ended, session, last } = wand.start(at(60_200));
  expect([ended === again?.position?.session, last.length, session === ended]).toEqual([true, 1, false]);
});

test('a sweep that was asked for is the one that the first read belongs to, however long nothing was read before', () => {
  const wand = newWand();
  const { session } = wand.start(at(600_000));
  const [first] = wand.take([read('3000AAAA', 620_000)], at(620_000));
  expect(first?.position?.session).toBe(session);
  wand.take([read('3000AAAA', 660_000)], at(660_000));
  expect(wand.session).not.toBe(session);
});

test('a tag that is looked for is told of eight times a second, for the time that was asked for', () => {
  const wand = newWand();
  wand.find(['epc:3000AAAA'], 2000, at(0));
  const told: number[] = [];
  for (let ms = 0; ms < 4000; ms += 20) {
    for (const { find } of wand.take([read('3000AAAA', ms, -50)], at(ms))) if (find === true) told.push(ms);
  }
  expect(told.length).toBeGreaterThanOrEqual(13);
  expect(Math.max(...told.slice(1).map((ms, i) => ms - (told[i] ?? 0)))).toBeLessThanOrEqual(200);
  expect(told.at(-1)).toBeLessThanOrEqual(2020);
});

test('of shelf tags heard together the loudest says where it is; a quieter one takes over once that is out of hearing', () => {
  const wand = newWand();
  const shelfAt = (ms: number): string | undefined =>
    wand.take([read(`3000${String(ms).padStart(4, '0')}`, ms, -60)], at(ms))[0]?.position?.shelfTag;
  wand.take([read('5E1F0001', 0, -45)], at(0));
  wand.take([read('5E1F0002', 50, -55)], at(50));
  expect(shelfAt(100)).toBe('epc:5E1F0001');
  wand.take([read('5E1F0002', 900, -50)], at(900));
  expect(shelfAt(950)).toBe('epc:5E1F0002');
  wand.take([read('5E1F0003', 5000, -70)], at(5000));
  expect(shelfAt(5050)).toBe('epc:5E1F0003');
  wand.take([read('5E1F0001', 5100)], at(5100));
  expect(shelfAt(5150)).toBe('epc:5E1F0001');
});
