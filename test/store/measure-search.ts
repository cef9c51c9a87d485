/**
 * Import and search over a large catalogue: `tsx test/store/measure-search.ts [items]`. Titles are drawn from a skewed
 * vocabulary, a fifth of them Chinese, so that common words are as common as in a real library.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from '#contract/domain/item.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';

const ITEMS = Number(process.argv[2] ?? 500_000);
const ROUNDS = 20;
const COMMON = [
  'the',
  'of',
  'and',
  'history',
  'introduction',
  'to',
  'international',
  'a',
  'in',
  'theory',
  'modern',
  'art',
];
const SYLLABLES = [
  'ka',
  'lo',
  'mi',
  'ter',
  'son',
  'berg',
  'an',
  'ri',
  'do',
  'vel',
  'stra',
  'um',
  'ne',
  'pro',
  'con',
  'in',
];
const HAN =
  '中国图书馆学概论历史文化经济发展研究现代科技教育社会人民政治思想语言艺术哲学数学物理化学生物医学工程电子计算机网络管理';

let seed = 1;
function chance(below: number): number {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
  return Math.floor((seed / 4_294_967_296) * below);
}
/** Small numbers far more often than large ones. */
const skewed = (below: number): number => Math.floor(below * (chance(1000) / 1000) ** 3);
const pick = (from: readonly string[]): string => from[skewed(from.length)] ?? '';
const word = (): string =>
  chance(3) === 0
    ? pick(COMMON)
    : Array.from({ length: 2 + chance(3) }, () => SYLLABLES[chance(SYLLABLES.length)]).join('');
const han = (): string => Array.from({ length: 4 + chance(8) }, () => HAN[skewed(HAN.length)]).join('');

function* catalogue(): Iterable<Item> {
  for (let n = 0; n < ITEMS; n += 1) {
    const isChinese = chance(5) === 0;
    yield {
      library: 'demo',
      barcode: String(30_000_000 + n),
      title: isChinese ? han() : Array.from({ length: 3 + chance(6) }, word).join(' '),
      author: isChinese ? han().slice(0, 3) : `${word()}, ${word()}`,
      year: 1900 + chance(125),
      language: isChinese ? 'zh' : 'en',
      scheme: 'lcc',
      callNumber: `QA${chance(1000)}.${chance(100)} .${SYLLABLES[chance(16)]?.[0] ?? 'x'}${chance(1000)}`,
      branch: 'main',
      collection: 'general',
      tags: [`epc:3034${String(n).padStart(20, '0')}`],
    };
  }
}

const folder = mkdtempSync(join(tmpdir(), 'shelfwise-measure-'));
const path = join(folder, 'registry.db');
const registry = openRegistryWriter(path);
let started = performance.now();
await registry.importCatalogue('demo', catalogue());
const seconds = (performance.now() - started) / 1000;
process.stdout.write(`${ITEMS} items in ${seconds.toFixed(0)} s, ${Math.round(statSync(path).size / 1e6)} MB\n`);

const all: number[] = [];
const questions = [
  'history of',
  'the',
  'in',
  'a',
  'inter',
  'stra',
  'kalo mi',
  'con',
  '中国',
  '中',
  '图书馆',
  '文化 经济',
  '算',
  '30012',
  'qa76',
  'zzzz',
  'modern theory art',
  'the of and',
];
for (const question of questions) {
  const times: number[] = [];
  let hits = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    started = performance.now();
    hits = registry.search('demo', question, { offset: 0, limit: 20 }).length;
    times.push(performance.now() - started);
  }
  all.push(...times);
  times.sort((a, b) => a - b);
  process.stdout.write(
    `${question}: ${hits} hits, median ${(times[ROUNDS / 2] ?? 0).toFixed(1)} ms, worst ${(times.at(-1) ?? 0).toFixed(1)} ms\n`,
  );
}
all.sort((a, b) => a - b);
process.stdout.write(`p95 over all: ${(all[Math.floor(all.length * 0.95)] ?? 0).toFixed(1)} ms\n`);
registry.close();
rmSync(folder, { recursive: true });
