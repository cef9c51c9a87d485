import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeTagContent, HF_FORMATS } from '#contract/codec/tag/encode-content.ts';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { DSFID } from '#contract/codec/tag/weigh-hf.ts';
import { toHex } from '#contract/hex.ts';

const CHIP = { memoryBytes: 112, blockBytes: 4 };

describe('a blank tag is programmed', () => {
  test.each([
    ['iso28560-3', { itemId: '31234567890123', isil: 'DK-718500', part: 2, parts: 3, usage: 1 }],
    ['iso28560-2', { itemId: '31234567890123', isil: 'DK-718500', part: 2, parts: 3, usage: 1 }],
    ['3m-tag', { itemId: '31234567890123', part: 2, parts: 3 }],
  ] as const)('%s, part 2 of 3', (format, content) => {
    const memory = encodeTagContent(format, content, CHIP);
    if (!memory.ok) throw new Error(memory.error.detail);
    expect(memory.value.length).toBe(112);
    expect(readHfTag({ memory: memory.value })).toMatchObject({ format, content });
  });

  test('the bytes of a 32-byte tag are those of a captured one', () => {
    const memory = encodeTagContent(
      'iso28560-3',
      { itemId: '11223344', isil: 'DE-705' },
      { memoryBytes: 32, blockBytes: 4 },
    );
    expect(memory.ok && toHex(memory.value)).toBe(
      '1101013131323233333434000000000000000051 3E4445373035000000000000'.replace(' ', ''),
    );
  });

  test('what is longer than the basic block goes behind it', () => {
    const content = { itemId: '12345678901234567890', isil: 'OCLC-ABCDEF' };
    const memory = encodeTagContent('iso28560-3', content, CHIP);
    if (!memory.ok) throw new Error(memory.error.detail);
    expect(readHfTag({ memory: memory.value })).toMatchObject({ content: { ...content, part: 1, parts: 1, usage: 1 } });
  });

  test.each([
    ['iso28560-3', { itemId: '' }, CHIP, 'itemId'],
    ['iso28560-3', { itemId: '12345678901234567' }, { memoryBytes: 32, blockBytes: 4 }, 'itemId'],
    ['iso28560-3', { itemId: '1', isil: 'DE-1234567890' }, { memoryBytes: 32, blockBytes: 4 }, 'isil'],
    ['iso28560-3', { itemId: '1' }, { memoryBytes: 28, blockBytes: 4 }, 'memoryBytes'],
    ['iso28560-3', { itemId: '1' }, { memoryBytes: 34, blockBytes: 4 }, 'memoryBytes'],
    ['iso28560-3', { itemId: '1' }, { memoryBytes: 32, blockBytes: 0 }, 'blockBytes'],
    ['iso28560-3', { itemId: '1', part: 1 }, CHIP, 'part'],
    ['iso28560-3', { itemId: '1', part: 4, parts: 3 }, CHIP, 'part'],
    ['iso28560-3', { itemId: '1', part: 1, parts: 256 }, CHIP, 'parts'],
    ['iso28560-3', { itemId: '1', usage: 16 }, CHIP, 'usage'],
    ['iso28560-2', { itemId: '1'.repeat(80) }, { memoryBytes: 28, blockBytes: 4 }, 'memoryBytes'],
    ['iso28560-2', { itemId: '1', isil: 'DE 1' }, CHIP, 'isil'],
    ['3m-tag', { itemId: '12345678901234567' }, CHIP, 'itemId'],
    ['3m-tag', { itemId: '1', isil: 'DE-1' }, CHIP, 'isil'],
    ['3m-tag', { itemId: '1', usage: 8 }, CHIP, 'usage'],
    ['3m-tag', { itemId: '1', part: 1, parts: 16 }, CHIP, 'parts'],
  ] as const)('%s %j %j is refused at %s', (format, content, chip, path) => {
    expect(encodeTagContent(format, content, chip)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });

  test('what is written is read back', () => {
    const barcode = fc.stringMatching(/^[A-Z]{0,3}[1-9][0-9]{5,11}[1-9]$/);
    const content = fc.record({ itemId: barcode, parts: fc.integer({ min: 1, max: 15 }) });
    fc.assert(
      fc.property(fc.constantFrom(...HF_FORMATS), content, (format, { itemId, parts }) => {
        const memory = encodeTagContent(format, { itemId, part: parts, parts }, CHIP);
        const dsfid = format === '3m-tag' ? undefined : DSFID[format];
        expect(memory.ok && readHfTag({ memory: memory.value, dsfid }).content?.itemId).toBe(itemId);
      }),
      { numRuns: 500 },
    );
  });
});
