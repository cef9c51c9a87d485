/** The laws of a format whose frames are JSON: blanks may change, what the frame says may not. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Format, JsonObject } from '#contract/codec/format.ts';

export interface JsonSamples {
  /** Messages as readers send them. */
  readonly frames: readonly string[];
  readonly numRuns?: number;
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The JSON as it comes back from a file. */
function onPaper(value: JsonObject): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

function expectStable(format: Format, bytes: Uint8Array): void {
  const decoded = format.decode(bytes);
  if (!decoded.ok) {
    expect(decoded.error.offsetBytes).toBeGreaterThanOrEqual(0);
    expect(decoded.error.offsetBytes).toBeLessThanOrEqual(bytes.length);
    return;
  }
  const encoded = format.encode(onPaper(decoded.value));
  if (!encoded.ok)
    throw new Error(`${encoded.error.path}: ${encoded.error.detail} in ${JSON.stringify(decoded.value)}`);
  const again = format.decode(encoded.value);
  expect(again.ok && onPaper(again.value)).toEqual(onPaper(decoded.value));
}

/** Registers the tests; call it inside `describe`. */
export function testJsonFormatLaws(format: Format, { frames, numRuns = 4000 }: JsonSamples): void {
  const samples = frames.map(bytesOf);

  test.each(frames)('%s comes back with the same meaning', (text) => {
    expect(format.decode(bytesOf(text))).toMatchObject({ ok: true });
    expectStable(format, bytesOf(text));
  });

  test('mutated input: no throw, and what decodes is stable', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(
          fc.tuple(
            fc.nat({ max: 600 }),
            fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(...bytesOf('{}[]",:0e-n'))),
          ),
        ),
        fc.nat({ max: 3 }),
      )
      .map(([bytes, changes, cut]) => {
        const copy = bytes.slice(0, bytes.length - Math.min(cut, bytes.length));
        for (const [at, value] of changes.slice(0, 3)) if (copy.length > 0) copy[at % copy.length] = value;
        return copy;
      });
    fc.assert(
      fc.property(mutated, (bytes) => {
        expectStable(format, bytes);
      }),
      { numRuns },
    );
  });

  test('mutated fields: any value anywhere decodes to something stable', () => {
    fc.assert(
      fc.property(fc.constantFrom(...frames), fc.nat({ max: 40 }), fc.jsonValue(), (text, place, value) => {
        const message = JSON.parse(text.split('\n', 1)[0] ?? '') as unknown;
        expectStable(format, bytesOf(JSON.stringify(replaceAt(message, { place }, value))));
      }),
      { numRuns: Math.min(numRuns, 5000) },
    );
  });

  test('any JSON: an answer or a fault with its path, no throw', () => {
    const nearly = fc
      .tuple(fc.constantFrom(...samples), fc.nat({ max: 40 }), fc.jsonValue())
      .map(([bytes, place, value]) => {
        const decoded = format.decode(bytes);
        return replaceAt(onPaper(decoded.ok ? decoded.value : {}), { place }, value);
      });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
        const encoded = format.encode(value);
        if (!encoded.ok) expect(encoded.error.detail).not.toBe('');
        else expectStable(format, encoded.value);
      }),
      { numRuns: Math.min(numRuns, 5000) },
    );
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) as unknown;
    expect(format.encode({ form: 'array', events: [{ event: 'unknown', raw: deep }] })).toMatchObject({ ok: false });
    expect(format.encode(deep)).toMatchObject({ ok: false });
  });

  test('one stream, cut at every place: the same frames', () => {
    const separators = ['', '\n', '\r\n\r\n', ' '];
    const stream = bytesOf(
      frames.map((text, index) => text.trim() + (separators[index % separators.length] ?? '')).join(''),
    );
    const whole = framesOf(format, [stream]);
    expect(whole).toEqual(
      frames.flatMap((text) =>
        text
          .trim()
          .split('\n')
          .map((line) => line.trim()),
      ),
    );
    for (let at = 1; at < stream.length; at += 1) {
      expect(framesOf(format, [stream.subarray(0, at), stream.subarray(at)])).toEqual(whole);
    }
    expect(
      framesOf(
        format,
        Array.from(stream, (byte) => Uint8Array.of(byte)),
      ),
    ).toEqual(whole);
  });
}

function framesOf(format: Format, pieces: readonly Uint8Array[]): readonly string[] {
  const splitter = format.split?.();
  const found = [...pieces.flatMap((piece) => splitter?.feed(piece) ?? []), ...(splitter?.end() ?? [])];
  return found.map((piece) => (piece.kind === 'frame' ? new TextDecoder().decode(piece.bytes) : piece.error.detail));
}

/** Puts `value` in the n-th place of the tree, counted as it is walked. */
function replaceAt(tree: unknown, counter: { place: number }, value: unknown): unknown {
  counter.place -= 1;
  if (counter.place < 0) {
    counter.place = Number.POSITIVE_INFINITY;
    return value;
  }
  if (Array.isArray(tree)) return tree.map((one: unknown) => replaceAt(one, counter, value));
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, one]: [string, unknown]) => [key, replaceAt(one, counter, value)]),
  );
}
