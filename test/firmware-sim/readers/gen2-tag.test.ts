import { describe, expect, test } from '@jest/globals';
import { fromHex, toHex } from '#contract/hex.ts';
import { inventoryAnswer, isSelected, newGen2Tag, readTag, writeTag } from '#sim/readers/gen2-tag.ts';

const EPC = '300000000000000000001545';
const NONE = new Uint8Array(4);
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

describe('a simulated Gen2 tag', () => {
  test.each([
    // Heard by a ThingMagic module and by an M100 module, with the CRCs of the tags themselves.
    ['000000000000000000001545', '3000', 'E94A'],
    ['000000000000000000000000000000000000000000', undefined, undefined],
  ])('answers an inventory with PC, EPC and the CRC of real tags: %s', (epc, pc, crc) => {
    if (crc === undefined) expect(() => newGen2Tag({ epc })).toThrow('the EPC fits');
    else expect(inventoryAnswer(newGen2Tag({ epc }))).toEqual({ epc, pc, crc });
  });

  test('a new EPC changes CRC and length', () => {
    const tag = newGen2Tag({ epc: EPC });
    const at = { bank: 1, firstWord: 1, password: NONE } as const;
    expect(writeTag(tag, at, bytes('1000 ABCD EF01'))).toEqual({ ok: true, value: undefined });
    expect(inventoryAnswer(tag)).toMatchObject({ pc: '1000', epc: 'ABCDEF01' });
  });

  test('passwords open and locks close', () => {
    const tag = newGen2Tag({
      epc: EPC,
      accessPassword: '12345678',
      locks: { 0: 'password', 1: 'password', 3: 'for-good' },
    });
    const password = bytes('12345678');
    const reserved = { bank: 0, firstWord: 2, password: NONE } as const;
    expect(readTag(tag, reserved, 2)).toEqual({ ok: false, error: 'memory-locked' });
    expect(readTag(tag, { ...reserved, password: bytes('00000001') }, 2)).toEqual({
      ok: false,
      error: 'wrong-password',
    });
    expect(readTag(tag, { ...reserved, password }, 2)).toEqual({ ok: true, value: password });
    expect(writeTag(tag, { bank: 3, firstWord: 0, password }, bytes('0001'))).toEqual({
      ok: false,
      error: 'memory-locked',
    });
    expect(writeTag(tag, { bank: 2, firstWord: 0, password }, bytes('0001'))).toEqual({
      ok: false,
      error: 'memory-locked',
    });
    expect(readTag(tag, { bank: 3, firstWord: 31, password }, 2)).toEqual({ ok: false, error: 'memory-overrun' });
    const all = readTag(tag, { bank: 2, firstWord: 0, password }, 0);
    expect(all.ok && toHex(all.value)).toBe('E2801160600002054E17C1D9');
  });

  test('a Select compares bits', () => {
    const tag = newGen2Tag({ epc: EPC });
    const mask = { bank: 1, pointerBits: 32, bits: 12, mask: bytes('300F') } as const;
    expect(isSelected(tag, mask)).toBe(true);
    expect(isSelected(tag, { ...mask, bits: 16 })).toBe(false);
    expect(isSelected(tag, { ...mask, pointerBits: 3000 })).toBe(false);
  });
});
