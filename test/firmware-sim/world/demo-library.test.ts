import { describe, expect, test } from '@jest/globals';
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import { item as itemSchema } from '#contract/domain/item.ts';
import { indexPlan } from '#contract/domain/plan-index.ts';
import { plan as planSchema } from '#contract/domain/plan.ts';
import { parseTitles } from '#sim/catalogue/load-titles.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import { barcodeOf, epcOf, uidOf } from '#sim/world/tag-numbers.ts';

const demo = buildDemoLibrary({ library: 'demo', seed: 1 });
const shelfAt = (item: number): string => demo.shelves[demo.homes[item] ?? -1]?.id ?? '';

describe('the demo library', () => {
  test('the plan and every item fit the contract', () => {
    expect(planSchema.safeParse(demo.plan).success).toBe(true);
    const faults = demo.items.filter((entry) => !itemSchema.safeParse(entry).success);
    expect(faults).toEqual([]);
    expect(indexPlan(demo.plan).rangeFaults).toEqual([]);
  });

  test('20,000 items on 720 shelves, 5,000 of them on 180 smart ones', () => {
    const smart = demo.shelves.filter(({ antenna }) => antenna !== undefined);
    expect(demo.items).toHaveLength(20_000);
    expect(demo.shelves).toHaveLength(720);
    expect(smart).toHaveLength(180);
    expect(demo.homes.filter((home) => demo.shelves[home]?.antenna !== undefined)).toHaveLength(5000);
  });

  test('twelve UHF readers of fifteen antennas, no port used twice', () => {
    const ports = demo.shelves.flatMap(({ antenna }) => antenna ?? []);
    expect(new Set(ports.map(({ reader }) => reader)).size).toBe(12);
    expect(new Set(ports.map(({ reader, antenna }) => `${reader}/${String(antenna)}`)).size).toBe(180);
    for (const { antenna } of ports) expect(antenna).toBeLessThanOrEqual(15);
  });

  test('every item stands at home, and the shelves are in call-number order', () => {
    const strays = demo.items.flatMap((_, item) => (demo.isHome(item, shelfAt(item)) ? [] : [item]));
    expect(strays).toEqual([]);
    for (const collection of ['chinese', 'general', 'research']) {
      const keys = demo.items
        .filter((entry) => entry.collection === collection)
        .map(({ scheme, callNumber }) => shelfKey(scheme, callNumber));
      const texts = keys.map((key) => (key.ok ? key.value : 'unreadable'));
      expect(texts).toEqual([...texts].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
    }
  });

  test('barcodes and tags are unique; a few items have none', () => {
    expect(new Set(demo.items.map(({ barcode }) => barcode)).size).toBe(20_000);
    const tags = demo.items.flatMap((entry) => entry.tags);
    expect(new Set(tags).size).toBe(tags.length);
    const untagged = demo.items.filter((entry) => entry.tags.length === 0).length;
    expect(untagged).toBeGreaterThan(40);
    expect(untagged).toBeLessThan(200);
  });

  test('the same seed builds the same library, another seed another one', () => {
    const again = buildDemoLibrary({ library: 'demo', seed: 1 });
    expect(again.plan).toEqual(demo.plan);
    expect(again.items).toEqual(demo.items);
    expect(buildDemoLibrary({ library: 'demo', seed: 2 }).items).not.toEqual(demo.items);
  });

  test('every place but the site can be walked to from the main door', () => {
    const next = new Map<string, string[]>();
    for (const { a, b } of demo.plan.aisles) {
      next.set(a, [...(next.get(a) ?? []), b]);
      next.set(b, [...(next.get(b) ?? []), a]);
    }
    const seen = new Set(['door-main']);
    for (const at of seen) for (const to of next.get(at) ?? []) seen.add(to);
    const walkable = demo.plan.places.filter(({ kind }) => ['range', 'bay', 'desk', 'line', 'trolley'].includes(kind));
    expect(walkable.filter(({ id }) => !seen.has(id)).map(({ id }) => id)).toEqual([]);
  });
});

describe('numbers on an item', () => {
  // The check digit of a 14-digit library barcode: 3 2112 00000001 -> doubled digits from the left 6,2,2,1,4,0,... = 17.
  test('barcode with its check digit', () => {
    expect(barcodeOf(1)).toBe('32112000000013');
  });

  test('EPC is GIAI-96: header 34, partition 5, prefix 0614141, the barcode as asset reference', () => {
    const bits = BigInt(`0x${epcOf('32112000000013')}`)
      .toString(2)
      .padStart(96, '0');
    expect(bits.slice(0, 8)).toBe('00110100');
    expect(bits.slice(8, 14)).toBe('000101');
    expect(Number.parseInt(bits.slice(14, 38), 2)).toBe(614_141);
    expect(BigInt(`0b${bits.slice(38)}`)).toBe(32_112_000_000_013n);
  });

  test('UID is one of ISO 15693', () => {
    expect(uidOf(1)).toMatch(/^E00401[0-9A-F]{10}$/);
  });
});

describe('title lists', () => {
  test('columns are found by their heading; rows without a call number are left out', () => {
    const titles = parseTitles(
      'title\tauthor\tyear\tclc\tlanguage\n论语\t孔子\t1958\tB222.2/10\tzh-Hans\nx\ty\t1\t\ten\n',
    );
    expect(titles).toEqual([
      { title: '论语', author: '孔子', year: 1958, language: 'zh-Hans', callNumbers: { clc: 'B222.2/10' } },
    ]);
  });
});
