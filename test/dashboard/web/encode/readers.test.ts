import { describe, expect, it } from '@jest/globals';
import type { Place } from '#contract/domain/plan.ts';
import { chooseReader, hindranceOf, readerChoices, type EncodingReader } from '#dashboard/web/encode/readers.ts';

const reader = (id: string, more: Partial<EncodingReader> = {}): EncodingReader => ({
  reader: id,
  gateway: 'gw-1',
  driver: '3m',
  state: 'live',
  isScanning: true,
  isOnline: true,
  can: ['hf-access'],
  profileVersion: 0,
  ...more,
});
const places: Record<string, Place['kind']> = { 'a-shelf': 'shelf', pad: 'desk', pad2: 'desk' };
const placeOf = (id: string): Place | undefined => {
  const kind = places[id];
  return kind && { id, kind, parent: null, name: id };
};
const choose = (rows: readonly EncodingReader[], ...wishes: (string | null)[]): string | undefined =>
  chooseReader(readerChoices(rows, placeOf), wishes)?.reader.reader;

describe('the reader of a desk', () => {
  it('is the wished one, else a desk that works, never a shelf by itself', () => {
    const rows = [reader('a-shelf'), reader('pad', { state: 'dead' }), reader('pad2')];
    expect(readerChoices(rows, placeOf).map((choice) => choice.reader.reader)).toEqual(['pad', 'pad2', 'a-shelf']);
    expect(choose(rows, 'a-shelf', 'pad')).toBe('a-shelf');
    expect(choose(rows, 'gone', 'pad')).toBe('pad');
    expect(choose(rows, null)).toBe('pad2');
    expect(choose([reader('a-shelf'), reader('a-shelf')])).toBeUndefined();
    expect(choose([reader('a-shelf')])).toBe('a-shelf');
  });

  it('says why it cannot write', () => {
    const why = (more: Partial<EncodingReader>): string | null => hindranceOf(reader('pad', more));
    expect([
      why({}),
      why({ isOnline: false, state: 'dead' }),
      why({ state: 'dead' }),
      why({ state: 'connecting' }),
      why({ isScanning: false }),
    ]).toEqual([null, 'offline', 'dead', 'connecting', 'resting']);
  });
});
