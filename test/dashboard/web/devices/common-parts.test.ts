import { describe, expect, it } from '@jest/globals';
import { commonParts } from '#dashboard/web/devices/common-parts.ts';

describe('the words that places share', () => {
  it('are counted from the front', () => {
    expect(
      commonParts([
        ['Floor 1', 'Range 2', 'Bay A1'],
        ['Floor 1', 'Range 2', 'Bay B1'],
      ]),
    ).toBe(2);
    expect(commonParts([['Floor 1'], ['Floor 2']])).toBe(0);
  });

  it('leave every place a word of its own', () => {
    expect(
      commonParts([
        ['Floor 1', 'Range 2'],
        ['Floor 1', 'Range 2'],
      ]),
    ).toBe(1);
    expect(commonParts([['Floor 1'], ['Floor 1', 'Range 2']])).toBe(0);
    expect(commonParts([['Floor 1', 'Range 2']])).toBe(0);
    expect(commonParts([])).toBe(0);
  });
});
