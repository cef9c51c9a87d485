import { describe, expect, it } from '@jest/globals';
import type { FoundTag } from '#contract/wire/commands.ts';
import { cautionOf, gapMs, setOf, targetOf, type Pad } from '#dashboard/web/encode/pad.ts';

const tag = (name: string, itemId?: string): FoundTag => ({
  tag: `uid:${name}`,
  standing: itemId === undefined ? 'blank' : 'item',
  ...(itemId !== undefined && { content: { format: 'iso28560-3', confidence: 1, itemId } }),
  security: { state: 'unknown' },
});
const pad = (tags: readonly FoundTag[], more: Partial<Pad> = {}): Pad => ({
  tags: [...tags],
  patronCards: 0,
  unread: 0,
  ...more,
});
const [A, B] = [tag('A'), tag('B', '30001')];
const nothing = { chosen: null, done: [] };

describe('the tag that is meant', () => {
  it('is the only one there, or the one that was pointed at', () => {
    expect(targetOf(pad([A]), nothing)).toEqual({ kind: 'tag', tag: A });
    expect(targetOf(pad([A, B]), nothing)).toEqual({ kind: 'several' });
    expect(targetOf(pad([A, B]), { chosen: 'uid:B', done: [] })).toEqual({ kind: 'tag', tag: B });
    expect(targetOf(pad([A]), { chosen: 'uid:B', done: [] })).toEqual({ kind: 'tag', tag: A });
  });

  it('is none of those that were written for the same set', () => {
    expect(targetOf(pad([A, B]), { chosen: 'uid:A', done: ['uid:A'] })).toEqual({ kind: 'tag', tag: B });
    expect(targetOf(pad([A]), { chosen: null, done: ['uid:A'] })).toEqual({ kind: 'empty' });
  });

  it('is not guessed beside a tag that could not be read; a patron card is in nobody’s way', () => {
    expect(targetOf(pad([A], { unread: 1 }), nothing)).toEqual({ kind: 'unread' });
    expect(targetOf(pad([A], { patronCards: 1 }), nothing)).toEqual({ kind: 'tag', tag: A });
    expect(targetOf(null, nothing)).toEqual({ kind: 'unknown' });
  });
});

describe('before a write', () => {
  it('only a blank tag and one of the same item need no word', () => {
    expect(cautionOf(A, '30001')).toBeNull();
    expect(cautionOf(B, '30001')).toBeNull();
    expect(cautionOf(B, '30002')).toBe('other-item');
    expect(cautionOf({ ...A, standing: 'other' }, '30001')).toBe('unreadable');
  });
});

describe('a set', () => {
  it('is told only where there is one', () => {
    const content = { format: 'x', confidence: 1, itemId: '1' };
    expect(setOf({ ...content, part: 2, parts: 3 })).toEqual({ part: 2, parts: 3 });
    expect([setOf(content), setOf({ ...content, part: 0, parts: 0 }), setOf(undefined)]).toEqual([null, null, null]);
  });
});

describe('looking at the reader', () => {
  it('gets rarer when nothing happens, and ends when nobody is there', () => {
    const gaps = [0, 59_999, 60_000, 599_999, 600_000].map(gapMs);
    expect(gaps).toEqual([1200, 1200, 5000, 5000, null]);
  });
});
