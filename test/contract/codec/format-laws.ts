/** The laws that every format of the bench tool keeps, as tests. */
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Format, JsonObject } from '#contract/codec/format.ts';
import { fromHex, toHex } from '#contract/hex.ts';

export interface FormatSamples {
  /** Well-formed frames or tags, hex, written by hand or captured. */
  readonly frames: readonly string[];
  /** Mutated inputs of one run. */
  readonly numRuns?: number;
}

/** The JSON as it comes back from a file. */
function onPaper(value: JsonObject): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

/** Registers the tests; call it inside `describe`. */
export function testFormatLaws(format: Format, { frames, numRuns = 2000 }: FormatSamples): void {
  const samples = frames.map((hex) => fromHex(hex) ?? new Uint8Array(0));

  test.each(frames)('%s comes back from its fields alone', (hex) => {
    const bytes = fromHex(hex) ?? new Uint8Array(0);
    const decoded = format.decode(bytes);
    expect(decoded).toMatchObject({ ok: true });
    if (!decoded.ok) return;
    const encoded = format.encode(onPaper(decoded.value));
    expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(toHex(bytes));
  });

  test('mutated input: no throw, and what decodes comes back as it was', () => {
    const mutated = fc
      .tuple(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat({ max: 300 }), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
        fc.nat({ max: 4 }),
      )
      .map(([bytes, changes, cut]) => {
        const copy = bytes.slice(0, bytes.length - Math.min(cut, bytes.length));
        for (const [at, value] of changes) if (copy.length > 0) copy[at % copy.length] = value;
        return copy;
      });
    fc.assert(
      fc.property(fc.oneof(mutated, fc.uint8Array({ maxLength: 80 })), (bytes) => {
        const decoded = format.decode(bytes);
        if (!decoded.ok) {
          expect(decoded.error.offsetBytes).toBeGreaterThanOrEqual(0);
          expect(decoded.error.offsetBytes).toBeLessThanOrEqual(bytes.length);
          return;
        }
        const encoded = format.encode(onPaper(decoded.value));
        expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(toHex(bytes));
      }),
      { numRuns },
    );
  });

  test('any JSON: an answer or a fault with its path, no throw', () => {
    const nearly = fc
      .tuple(fc.constantFrom(...samples), fc.string(), fc.jsonValue())
      .map(([bytes, key, value]): unknown => {
        const decoded = format.decode(bytes);
        const fields = decoded.ok ? decoded.value : {};
        const names = Object.keys(fields);
        const name = names[key.length % Math.max(1, names.length)] ?? key;
        return { ...fields, [name]: value };
      });
    fc.assert(
      fc.property(fc.oneof(nearly, fc.jsonValue()), (value) => {
        const encoded = format.encode(value);
        if (!encoded.ok) expect(encoded.error.detail).not.toBe('');
      }),
      { numRuns: Math.min(numRuns, 1000) },
    );
  });

  if (format.split === undefined) return;
  test('cut at every place: the same frames, no byte unaccounted for', () => {
    const stream = Uint8Array.from(samples.flatMap((bytes) => [...bytes]));
    const whole = framesOf(format, [stream]);
    expect(whole).toEqual(samples.map(toHex));
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
  return found.flatMap((piece) => (piece.kind === 'frame' ? [toHex(piece.bytes)] : []));
}
