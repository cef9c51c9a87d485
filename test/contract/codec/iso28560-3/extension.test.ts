import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  encodePieces,
  EXTENSION,
  walkExtensions,
  type ExtensionBlock,
  type ExtensionWalk,
} from '#contract/codec/iso28560-3/extension.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

/** The blocks alone, without fillers. */
function decodeExtensions(
  memory: Uint8Array,
  at: number,
): { blocks: ExtensionBlock[]; fault?: ExtensionWalk['fault'] } {
  const { pieces, fault } = walkExtensions(memory, at);
  return { blocks: pieces.filter((piece) => piece !== 'filler'), ...(fault && { fault }) };
}

/** As a tag carries them: with the end mark. */
function encodeExtensions(blocks: readonly ExtensionBlock[]): Uint8Array {
  return Uint8Array.from([...encodePieces(blocks), 0]);
}

/** Library block `123` (07^01^00^31^32^33 = 36) and one with a long id (08^34^FF^78^56^AA^BB = FC). */
const LIBRARY = '07 0100 36 313233';
const LONG = '08 34FF 7856 FC AABB';

describe('extension blocks', () => {
  test('are read up to the end mark, fillers passed over', () => {
    expect(decodeExtensions(bytes(`01 01 ${LIBRARY} ${LONG} 00 07`), 0)).toEqual({
      blocks: [
        { id: EXTENSION.library, data: bytes('313233') },
        { id: 0xff34, longId: 0x5678, data: bytes('AABB') },
      ],
    });
  });

  test('are written with an end mark', () => {
    const written = encodeExtensions([
      { id: 1, data: bytes('313233') },
      { id: 0xff34, longId: 0x5678, data: bytes('AABB') },
    ]);
    expect(toHex(written)).toBe(toHex(bytes(`${LIBRARY} ${LONG} 00`)));
  });

  test.each([
    ['a wrong byte', `${LIBRARY} 07 0100 36 313234`],
    ['a block that is cut off', `${LIBRARY} 07 0100 36`],
    ['a block shorter than its head', `${LIBRARY} 03 0102`],
    ['a long id without its second half', `${LIBRARY} 05 34FF CE 00`],
  ])('%s: the blocks before it are kept', (_name, hex) => {
    expect(decodeExtensions(bytes(hex), 0)).toMatchObject({
      blocks: [{ id: 1 }],
      fault: { code: 'bad-checksum', offsetBytes: 7 },
    });
  });

  test('our own mistakes are assertions', () => {
    expect(() => encodeExtensions([{ id: 0xff00, data: bytes('') }])).toThrow('long id');
    expect(() => encodeExtensions([{ id: 1, data: new Uint8Array(252) }])).toThrow('255');
  });

  test('no memory makes the decoder throw; what is written is read back', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (memory) => void decodeExtensions(memory, 0)));
    const block = fc.record({ id: fc.integer({ min: 0, max: 0xfeff }), data: fc.uint8Array({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(block, { maxLength: 4 }), (blocks) => {
        expect(decodeExtensions(encodeExtensions(blocks), 0)).toEqual({ blocks });
      }),
    );
  });
});
