import { describe, expect, it } from '@jest/globals';
import { sweepFindingKind } from '#contract/domain/sweep.ts';
import type { SweepFindingView } from '#contract/wire/rest-sweeps.ts';
import { wordsOf } from '#dashboard/web/handheld/finding-words.ts';
import { localeFile } from '#test/dashboard/web/words/locale-files.ts';

const book = { barcode: '1', title: 'Ulysses', callNumber: 'PR6019' };
const words = (kind: string, more: Partial<SweepFindingView> = {}): ReturnType<typeof wordsOf> =>
  wordsOf({ kind: kind as SweepFindingView['kind'], after: null, home: [], ...more });

describe('a finding in words', () => {
  it('says behind which book, or that it is the first', () => {
    expect(words('move', { after: book })).toMatchObject({ arrow: 'behind', errand: 'findingDo.behind' });
    expect(words('move')).toMatchObject({ arrow: 'front', errand: 'findingDo.front' });
  });

  it('sends nobody to a shelf that is not known', () => {
    expect(words('wrong-shelf', { home: ['s'] })).toMatchObject({ arrow: 'another', errand: 'findingDo.another' });
    expect(words('wrong-shelf')).toMatchObject({ arrow: null, errand: 'findingDo.homeless' });
  });

  it('has words for every kind, and for one it does not know', () => {
    const english = localeFile('en');
    for (const kind of sweepFindingKind.options) {
      expect(english).toHaveProperty([words(kind).errand]);
      expect(english).toHaveProperty([`findingKind.${kind}`]);
    }
    expect(words('of-tomorrow').errand).toBe('findingDo.look');
  });
});
