import { expect, test } from '@jest/globals';
import { crc16, crc16Reflected } from '#contract/codec/crc16.ts';

const CHECK = new TextEncoder().encode('123456789');

test('the catalogued check values', () => {
  expect(crc16(CHECK)).toBe(0x29b1);
  expect(crc16Reflected(CHECK)).toBe(0x6f91);
});

test('the published example of the library model', () => {
  expect(crc16(new TextEncoder().encode('RFID tag data model'))).toBe(0x1aee);
});
