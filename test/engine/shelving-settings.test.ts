/** Promise: when the library says how it shelves, every home follows at once, and after a restart too. */
import { expect, test } from '@jest/globals';
import { shelvingSettings } from '#contract/domain/shelving-settings.ts';
import { createEngine } from '#engine/engine.ts';
import { catalogueOf, JournalStory, MemoryStore } from './journal-story.ts';
import { Laboratory } from './location/reads-laboratory.ts';

test('a section without a number becomes a home', () => {
  const lab = new Laboratory({ bays: 1, tiers: 2, tagsPerShelf: 2, seed: 5 });
  const items = catalogueOf(lab).map((item) => ({ ...item, scheme: 'ddc' as const, callNumber: 'FIC HUG' }));
  const range = { scheme: 'ddc', from: 'FIC A', to: 'FIC M' };
  const plan = lab.plan();
  const places = plan.places.map((place) => (place.kind === 'shelf' ? { ...place, range } : place));
  const shelves = places.filter(({ kind }) => kind === 'shelf').map(({ id }) => id);
  const story = new JournalStory();
  const store = new MemoryStore();
  let engine = createEngine({ catalogue: () => items });
  let done = 0;
  const homes = (): readonly string[] => {
    for (const entry of story.entries.slice(done)) engine.reduce(entry);
    done = story.entries.length;
    store.commit(engine.takeChange());
    return store.item('B00000').home;
  };

  story.add('input', lab.nowMs, { kind: 'plan', plan: { ...plan, places } });
  story.add('input', lab.nowMs, { kind: 'catalogue', version: 1 });
  story.run(lab, 90_000);
  expect(homes()).toEqual([]);
  const settings = shelvingSettings.parse({ ddcSections: ['FIC'] });
  story.add('input', lab.nowMs, { kind: 'shelving-settings', settings });
  expect(homes()).toEqual(shelves);

  engine = createEngine({ catalogue: () => items });
  engine.restore(store.rowsOf);
  story.add('input', lab.nowMs, { kind: 'catalogue-row', version: 2, item: { ...items[0], title: 'Another' } });
  expect(homes()).toEqual(shelves);
});
