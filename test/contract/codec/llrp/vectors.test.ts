import { describe, expect, test } from '@jest/globals';
import { decodeMessage, encodeMessage } from '#contract/codec/llrp/message.ts';
import { toHex } from '#contract/hex.ts';
import { VECTORS } from '#test/contract/codec/llrp/vectors.table.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';

describe('LLRP messages, byte by byte', () => {
  test.each(VECTORS)('%s is read', (_name, notation, message) => {
    expect(decodeMessage(bytesOf(notation))).toEqual({ ok: true, value: message });
  });

  test.each(VECTORS)('%s is written', (_name, notation, message) => {
    expect(toHex(encodeMessage(message))).toBe(toHex(bytesOf(notation)));
  });

  test('a message is read from the middle of a larger buffer', () => {
    const [, notation = '', message] = VECTORS.find(([name]) => name.includes('everything')) ?? [];
    const bytes = bytesOf(notation);
    const buffer = new Uint8Array(bytes.length + 20);
    buffer.set(bytes, 13);
    expect(decodeMessage(buffer.subarray(13, 13 + bytes.length))).toEqual({ ok: true, value: message });
  });
});
