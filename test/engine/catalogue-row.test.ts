/** Promise: a copy that got a tag is found by it at once, without the catalogue being read again, and so after a restart. */
import { expect, test } from '@jest/globals';
import type { Item } from '#contract/domain/item.ts';
import { createEngine } from '#engine/engine.ts';
import { catalogueOf, JournalStory, LIBRARY, MemoryStore } from './journal-story.ts';
import { Laboratory } from './location/reads-laboratory.ts';

test('a tag that is put on a book is the book from then on; taken off again, it is not', () => {
  const lab = new Laboratory({ bays: 2, tiers: 2, tagsPerShelf: 2, seed: 3 });
  const whole = catalogueOf(lab);
  const [first] = whole;
  if (first === undefined) throw new Error('the laboratory has no book');
  const versions: Readonly<Record<number, readonly Item[]>> = {
    1: whole.map((item) => (item === first ? { ...item, tags: [] } : item)),
    2: whole,
  };
  const asked: number[] = [];
  const catalogue = (_library: string, version: number): readonly Item[] => {
    asked.push(version);
    return versions[version] ?? [];
  };
  const story = new JournalStory();
  story.add('input', lab.nowMs, { kind: 'plan', plan: lab.plan() });
  story.add('input', lab.nowMs, { kind: 'catalogue', version: 1 });
  story.run(lab, 90_000);
  const store = new MemoryStore();
  let engine = createEngine({ catalogue });
  let done = 0;
  const reduce = (): void => {
    for (const entry of story.entries.slice(done)) engine.reduce(entry);
    done = story.entries.length;
    store.commit(engine.takeChange());
  };
  reduce();
  expect(store.rows.has(`item ${first.barcode}`)).toBe(false);

  story.add('input', lab.nowMs, { kind: 'catalogue-row', version: 2, item: first });
  story.run(lab, 60_000);
  reduce();
  expect(store.item(first.barcode).condition).toBe('present');
  expect(asked).toEqual([1]);

  engine = createEngine({ catalogue });
  engine.restore(store.rowsOf);
  expect(asked).toEqual([1, 2]);
  // Taken off, and put on the book beside it.
  const [, second] = whole;
  if (second === undefined) throw new Error('the laboratory has one book only');
  story.add('input', lab.nowMs, { kind: 'catalogue-row', version: 3, item: { ...first, tags: [] } });
  const both = { ...second, tags: [...second.tags, ...first.tags] };
  story.add('input', lab.nowMs, { kind: 'catalogue-row', version: 4, item: both });
  story.run(lab, 30_000);
  reduce();
  expect(store.item(second.barcode).condition).toBe('present');
  expect(LIBRARY).toBe(first.library);
  expect(asked).toEqual([1, 2]);
});
