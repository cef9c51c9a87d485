import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { readJsonValues, writeJson } from '#contract/codec/json-values.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function split(
  text: string,
  { bytesMax, pieceBytes = text.length }: { bytesMax?: number; pieceBytes?: number } = {},
): string[] {
  const splitter = new JsonSplitter(bytesMax);
  const bytes = bytesOf(text);
  const pieces = [];
  for (let at = 0; at < bytes.length; at += Math.max(1, pieceBytes)) {
    pieces.push(...splitter.feed(bytes.subarray(at, at + Math.max(1, pieceBytes))));
  }
  pieces.push(...splitter.end());
  return pieces.map((piece) =>
    piece.kind === 'frame'
      ? `${String(piece.offsetBytes)} ${new TextDecoder().decode(piece.bytes)}`
      : `${String(piece.error.offsetBytes)} ${piece.error.code} ${piece.error.detail}`,
  );
}

describe('a stream of JSON without anything between the values', () => {
  test.each([
    ['objects that touch', '{"a":1}{"b":2}', ['0 {"a":1}', '7 {"b":2}']],
    ['braces in a text', '{"a":"}{"}[]', ['0 {"a":"}{"}', '10 []']],
    ['quotes and backslashes in a text', '{"a":"\\"}\\\\"}{}', ['0 {"a":"\\"}\\\\"}', '13 {}']],
    ['blank lines, which are a sign of life', '\r\n\r\n[]\r\n', ['4 []']],
    ['letters beyond ASCII', '{"a":"书架"}', ['0 {"a":"书架"}']],
    [
      'an event stream of a proxy',
      'data: {"a":1}\n\n',
      ['0 bad-value 5 bytes: no JSON object or array starts here', '6 {"a":1}'],
    ],
    [
      'a torn object before a whole one',
      '{"a":1,"b":{"c":"x{"a":2}',
      ['0 bad-value 18 bytes: this is not JSON', '18 {"a":2}'],
    ],
    ['a line end within a text', '{"a":"x\n{"a":2}', ['0 bad-value 7 bytes: this is not JSON', '8 {"a":2}']],
    ['a wrong bracket', '{"a":[1}}{}', ['0 bad-value 9 bytes: this is not JSON', '9 {}']],
    ['the end within a value', '{"a":1}{"b":', ['0 {"a":1}', '7 truncated 5 bytes: the stream ends within a message']],
    ['a number that is none', '{"a":01}{"a":-}{"a":1e5}', ['0 bad-value 15 bytes: this is not JSON', '15 {"a":1e5}']],
  ])('%s', (_name, text, expected) => {
    expect(split(text)).toEqual(expected);
    const again = split(text, { pieceBytes: 1 }).filter((piece) => !/bad|truncated/.test(piece));
    expect(again).toEqual(expected.filter((piece) => !/bad|truncated/.test(piece)));
  });

  test('a value beyond the bound is given up, and the next one is found', () => {
    const pieces = split(`{"a":"${'x'.repeat(300)}"}{"b":2}`, { bytesMax: 64 });
    expect(pieces.at(-1)).toContain('{"b":2}');
    expect(pieces[0]).toContain('longer than any message');
  });

  test('never keeps more than the bound, whatever comes', () => {
    const splitter = new JsonSplitter(1024);
    const piece = bytesOf('{"a":"'.repeat(20) + 'y'.repeat(5000));
    for (let n = 0; n < 200; n += 1) {
      for (const found of splitter.feed(piece))
        expect(found.kind === 'frame' ? found.bytes.length : 0).toBeLessThan(1025);
    }
    const left = splitter.end();
    expect(left.length).toBeLessThan(1025);
  });

  test('law: what JSON.parse takes is one frame, and what it refuses is none', () => {
    const objects = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()));
    fc.assert(
      fc.property(objects, fc.option(fc.tuple(fc.nat(), fc.integer({ min: 0x20, max: 0x7e }))), (value, change) => {
        const bytes = bytesOf(JSON.stringify(value));
        if (change !== null) bytes[change[0] % bytes.length] = change[1];
        const text = new TextDecoder().decode(bytes);
        let isJson: boolean;
        try {
          const parsed: unknown = JSON.parse(text);
          isJson = typeof parsed === 'object' && parsed !== null;
        } catch {
          isJson = false;
        }
        const pieces = new JsonSplitter().feed(bytes);
        const isWhole = pieces.length === 1 && pieces[0]?.kind === 'frame' && pieces[0].bytes.length === bytes.length;
        // Blanks around a value belong to nobody.
        if (text.trim() === text) expect(isWhole).toBe(isJson);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('values', () => {
  test('whole numbers beyond 2^53 keep their digits, as text; others stay numbers', () => {
    const text =
      '{"ns":1699540400724000000,"n":-9007199254740993,"small":9007199254740991,"x":1.5,"big":1e400,"text":"12345678901234567890"}';
    const read = readJsonValues(bytesOf(text));
    expect(read).toEqual({
      ok: true,
      value: [
        {
          ns: '1699540400724000000',
          n: '-9007199254740993',
          small: 9007199254740991,
          x: 1.5,
          big: '1e400',
          text: '12345678901234567890',
        },
      ],
    });
  });

  test.each([
    ['nothing', '', { code: 'truncated', offsetBytes: 0 }],
    ['a word', 'null', { code: 'bad-value', offsetBytes: 0 }],
    ['half an object', '{"a":', { code: 'truncated', offsetBytes: 0 }],
    ['65 levels', '['.repeat(65) + ']'.repeat(65), { code: 'bad-value', offsetBytes: 0 }],
  ])('%s is refused', (_name, text, error) => {
    expect(readJsonValues(bytesOf(text))).toMatchObject({ ok: false, error });
  });

  test('a text that is not UTF-8 is refused', () => {
    expect(readJsonValues(Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x5d))).toMatchObject({ ok: false });
  });

  test('64 levels are read and written', () => {
    const text = '['.repeat(64) + ']'.repeat(64);
    const read = readJsonValues(bytesOf(text));
    expect(read.ok && writeJson(read.value[0] ?? null)).toEqual({ ok: true, value: bytesOf(text) });
  });
});
