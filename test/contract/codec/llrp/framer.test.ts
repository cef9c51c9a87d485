import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { MESSAGE_BYTES_MAX } from '#contract/codec/llrp/header.ts';
import { toHex } from '#contract/hex.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';

const KEEPALIVE = '043E 0000000A 00000007';
const REPORT = '043D{ 00000008 00F0( 8D 3005FB63AC1F3841EC880467 81 0001 ) }';
const LARGE = `07FF{ 00000009 0000651A 01 ${'A5'.repeat(2000)} }`;
const MESSAGES = [KEEPALIVE, REPORT, LARGE, KEEPALIVE, REPORT].map((notation) => bytesOf(notation));
const STREAM = Uint8Array.from(MESSAGES.flatMap((message) => [...message]));

function cut(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [0, ...places.toSorted((a, b) => a - b), stream.length];
  return sorted.slice(1).map((end, index) => stream.subarray(sorted[index], end));
}

function frame(pieces: readonly Uint8Array[]): { messages: string[]; fatal: string | undefined } {
  const framer = new LlrpFramer();
  const frames = pieces.map((piece) => framer.feed(piece));
  return { messages: frames.flatMap(({ messages }) => messages.map(toHex)), fatal: frames.at(-1)?.fatal?.code };
}

const WHOLE = { messages: MESSAGES.map(toHex), fatal: undefined };

describe('LLRP framer', () => {
  test('the whole stream at once', () => {
    expect(frame([STREAM])).toEqual(WHOLE);
  });

  test('byte by byte', () => {
    expect(frame(Array.from(STREAM, (byte) => Uint8Array.of(byte)))).toEqual(WHOLE);
  });

  test('in any pieces', () => {
    const places = fc.array(fc.integer({ min: 0, max: STREAM.length }), { maxLength: 40 });
    fc.assert(
      fc.property(places, (at) => {
        expect(frame(cut(STREAM, at))).toEqual(WHOLE);
      }),
      { numRuns: 200 },
    );
  });

  test.each([
    ['a length below the header', '043E 00000009 00000007', 'bad-length'],
    ['a length above our bound', '043E 00100001 00000007', 'bad-length'],
    ['a version that is none', '003E 0000000A 00000007', 'bad-value'],
  ])('%s ends the stream, after the good messages before it', (_name, broken, code) => {
    const stream = Uint8Array.from([...bytesOf(REPORT), ...bytesOf(broken), ...bytesOf(KEEPALIVE)]);
    const expected = { messages: [toHex(bytesOf(REPORT))], fatal: code };
    expect(frame([stream])).toEqual(expected);
    expect(frame(Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test('a dead framer takes nothing more', () => {
    const framer = new LlrpFramer();
    framer.feed(bytesOf('043E 00000000 00000000'));
    expect(framer.feed(bytesOf(KEEPALIVE))).toMatchObject({ messages: [], fatal: { code: 'bad-length' } });
    expect(framer.pendingBytes).toBe(0);
  });

  test('never keeps more than one message', () => {
    const framer = new LlrpFramer();
    framer.feed(bytesOf('043D 00100000 00000001'));
    const piece = new Uint8Array(65_536);
    let pendingBytesMax = 0;
    for (let fed = 10; fed < MESSAGE_BYTES_MAX - piece.length; fed += piece.length) {
      framer.feed(piece);
      pendingBytesMax = Math.max(pendingBytesMax, framer.pendingBytes);
    }
    expect(pendingBytesMax).toBeLessThanOrEqual(MESSAGE_BYTES_MAX);
    const { messages, fatal } = framer.feed(new Uint8Array(MESSAGE_BYTES_MAX - framer.pendingBytes));
    expect({ sizes: messages.map(({ length }) => length), fatal, pending: framer.pendingBytes }).toEqual({
      sizes: [MESSAGE_BYTES_MAX],
      fatal: undefined,
      pending: 0,
    });
  });
});
