import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LineCutter } from '#contract/line-cutter.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (line: Uint8Array): string => new TextDecoder().decode(line);

describe('a stream of lines', () => {
  test('is the same lines wherever it was cut', () => {
    const stream = bytes('{"t":"hello"}\n\n书\n{"t":"tags"}\nrest');
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const lines = new LineCutter();
      const all = [...lines.feed(stream.subarray(0, cut)), ...lines.feed(stream.subarray(cut))];
      expect(all.map(text)).toEqual(['{"t":"hello"}', '', '书', '{"t":"tags"}']);
      expect(lines.restBytes).toBe(4);
    }
  });

  test('loses no byte and makes none up, in pieces of any size', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 6, max: 12 }), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, (chunks) => {
        const lines = new LineCutter();
        const cut = chunks.flatMap((chunk) => lines.feed(chunk).map((line) => [...line]));
        const whole = chunks.flatMap((chunk) => [...chunk]);
        const told = cut.flatMap((line) => [...line, 0x0a]);
        expect(told).toEqual(whole.slice(0, told.length));
        expect(whole.length - told.length).toBe(lines.restBytes);
        expect(whole.slice(told.length)).not.toContain(0x0a);
      }),
    );
  });

  test('what is left does not hold the piece it came in', () => {
    const lines = new LineCutter();
    const chunk = bytes('a\nb');
    lines.feed(chunk);
    chunk.fill(0x78);
    expect(lines.feed(bytes('\n')).map(text)).toEqual(['b']);
  });
});
