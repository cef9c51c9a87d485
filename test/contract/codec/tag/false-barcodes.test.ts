/**
 * How often a memory that is no good tag gives a barcode all the same. Measured over 50,000 memories a row (the rows of
 * random memory add up to 250,000):
 *
 * - random memory, any length, registers known or not: 0
 * - a few random bytes, then zeros, which is what an object looks like: 4 in 100,000, the chance of a 16-bit checksum
 *   being 1.5
 * - a tag with CRC, damaged by 1 to 8 bits or 1 to 4 bytes: 0
 * - a tag without CRC, damaged outside the item id: 0 to 2 in 10,000
 * - a tag without CRC, damaged anywhere: a wrong bit in the item id itself is not noticed, by anybody.
 */
import { describe, expect, test } from '@jest/globals';
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
import { readUhfTag } from '#contract/codec/tag/read-uhf.ts';
import { fromHex } from '#contract/hex.ts';

const RUNS = 50_000;
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

const OSLO = bytes('110202 30333031303033343831353030330000 3802 4E4F 3032303330303030000000 0000');
const OBJECTS = bytes('9100051C BE991A14 0201D014 0204B346 07441CB6 E2E335D6 830207AC C09EBAA0 6F6B0000');
const LONE = bytes(`1105 1CBE991A14 ${'00'.repeat(25)}`);
const THREE_M = bytes(`04110001 31333031323334353637000000000000 ${'00'.repeat(12)}`);

let seed = 0x2f6e2b1;
/** Xorshift: the same run every time. */
function random(below: number): number {
  seed ^= seed << 13;
  seed ^= seed >>> 17;
  seed ^= seed << 5;
  return (seed >>> 0) % below;
}
const noise = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => random(256));
const anySize = (): number => [28, 32, 36, 64, 112][random(5)] ?? 32;

function flipped(memory: Uint8Array, bits: number): Uint8Array {
  const damaged = memory.slice();
  for (let flips = 0; flips < bits; flips += 1) {
    const at = random(damaged.length);
    damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
  }
  return damaged;
}

function withBytes(memory: Uint8Array, count: number): Uint8Array {
  const damaged = memory.slice();
  for (let done = 0; done < count; done += 1) damaged[random(damaged.length)] = random(256);
  return damaged;
}

/** Damage that leaves the bytes of the item id alone. */
function around(memory: Uint8Array, from: number, to: number): Uint8Array {
  const damaged = flipped(memory, 1 + random(8));
  damaged.set(memory.subarray(from, to), from);
  return damaged;
}

interface Hf {
  readonly memory: Uint8Array;
  readonly dsfid?: number;
  readonly afi?: number;
}

/** How many of the memories give another item id than `itemId`. */
function countWrong(make: () => Hf, itemId: string | undefined): number {
  let wrong = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const { content } = readHfTag(make());
    if (content !== undefined && content.itemId !== itemId) wrong += 1;
  }
  return wrong;
}

const shortNoise = (): Uint8Array => {
  const memory = new Uint8Array(64);
  memory.set(noise(3 + random(30)));
  return memory;
};

describe('false barcodes', () => {
  test.each<[string, () => Hf, number]>([
    ['random', () => ({ memory: noise(anySize()) }), 0],
    ['random, DSFID 06 and AFI 07', () => ({ memory: noise(anySize()), dsfid: 0x06, afi: 0x07 }), 1],
    ['random, DSFID 3E', () => ({ memory: noise(anySize()), dsfid: 0x3e }), 0],
    ['random digits', () => ({ memory: Uint8Array.from({ length: 32 }, () => 0x30 + random(10)) }), 3],
    ['random, then zeros', () => ({ memory: shortNoise() }), 6],
  ])('%s', (_name, make, max) => {
    expect(countWrong(make, undefined)).toBeLessThanOrEqual(max);
  });

  test('a tag with CRC, damaged', () => {
    expect(countWrong(() => ({ memory: flipped(OSLO, 1 + random(8)) }), '03010034815003')).toBe(0);
    expect(countWrong(() => ({ memory: withBytes(OSLO, 1 + random(4)) }), '03010034815003')).toBe(0);
  });

  test.each<[string, () => Hf, string, number]>([
    ['objects', () => ({ memory: around(OBJECTS, 3, 8) }), '123456789012', 5],
    ['a single object', () => ({ memory: around(LONE, 2, 7) }), '123456789012', 25],
    ["3M's layout", () => ({ memory: around(THREE_M, 4, 20) }), '1301234567', 5],
  ])('%s, damaged outside the item id', (_name, make, itemId, max) => {
    expect(countWrong(make, itemId)).toBeLessThanOrEqual(max);
  });

  test('random EPCs and control words', () => {
    let wrong = 0;
    for (let run = 0; run < RUNS; run += 1) {
      if (readUhfTag({ epc: noise(random(2) === 0 ? 12 : 16), pc: random(0x10000) }).content) wrong += 1;
    }
    expect(wrong).toBeLessThanOrEqual(2);
  });
});
