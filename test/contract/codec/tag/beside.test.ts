/** Promise: whoever writes a tag anew is told of everything on it that would be gone. */
import { describe, expect, test } from '@jest/globals';
import { assert } from '#contract/assert.ts';
import { elementsBeside } from '#contract/codec/tag/beside.ts';
import { encodeTagContent } from '#contract/codec/tag/encode-content.ts';
import { encodePieces } from '#contract/codec/iso28560-3/extension.ts';
import { fromHex } from '#contract/hex.ts';

/** ISO 28560-2, annex D, with a title (OID 17, "test") behind it. */
const WITH_TITLE = '9100051C BE991A14 0202D002 140204B3 C6020744 1CB6E2E3 35D60000 0307ACC0 9EBAA06F 6B7F0204 74657374';

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex);
  assert(read !== undefined, 'hex');
  return read;
}

function written(format: 'iso28560-2' | 'iso28560-3' | '3m-tag', memoryBytes = 112): Uint8Array {
  const content = { itemId: '30100012345', part: 2, parts: 3, ...(format !== '3m-tag' && { isil: 'DE-38' }) };
  const encoded = encodeTagContent(format, content, { memoryBytes, blockBytes: 4 });
  assert(encoded.ok, 'encoded');
  return encoded.value;
}

describe('what stands on a tag beside its content', () => {
  test('data elements by their names in the standard', () => {
    expect(elementsBeside('iso28560-2', bytes(WITH_TITLE))).toEqual(['Shelf location', 'Title']);
  });

  test('an element without a name by its number, and what lies behind the end mark', () => {
    // OID 27 = 0F + 12, UTF-8 "A"; then the end mark and something else.
    expect(elementsBeside('iso28560-2', bytes('11051CBE991A14 7F0C0141 00 AB'))).toEqual([
      'OID 27',
      'Data behind the elements',
    ]);
  });

  test('a sub-class of usage', () => {
    // OID 5, application-defined, one byte: class 1, sub-class 2.
    expect(elementsBeside('iso28560-2', bytes('11051CBE991A14 050112'))).toEqual(['Sub-class of usage']);
  });

  test('extension blocks, and what a library block holds beside a long item id', () => {
    const blocks = encodePieces([
      { id: 1, data: Uint8Array.of(3, ...new TextEncoder().encode('OTHER')) },
      { id: 4, data: new TextEncoder().encode('Title') },
      { id: 700, data: Uint8Array.of(1) },
    ]);
    const memory = written('iso28560-3');
    memory.set(blocks, 34);
    expect(elementsBeside('iso28560-3', memory)).toEqual([
      'Media format',
      'Alternative item identifier',
      'Title block',
      'Extension block 700',
    ]);
    memory[100] = 1;
    expect(elementsBeside('iso28560-3', memory)).toContain('Data behind the blocks');
    memory[100] = 0;
    memory[36] = 0xff;
    expect(elementsBeside('iso28560-3', memory)).toEqual(['Data behind the blocks']);
  });

  test('the numbers of a 3M tag', () => {
    const memory = written('3m-tag');
    memory[3] = 6;
    memory[22] = 1;
    memory[27] = 1;
    memory[28] = 1;
    expect(elementsBeside('3m-tag', memory)).toEqual([
      'Item type',
      'Branch and library number',
      'Custom number',
      'Data behind the layout',
    ]);
  });

  test.each(['iso28560-2', 'iso28560-3', '3m-tag'] as const)(
    'nothing on a tag of %s that was written here',
    (format) => {
      expect(elementsBeside(format, written(format))).toEqual([]);
    },
  );
});
