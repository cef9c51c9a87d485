import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { SerialFramer, type SerialEvent } from '#contract/codec/serial-framer.ts';
import { encodeFrame, LENGTH_MAX, openFrame, START, THREEM_SHAPE } from '#contract/codec/threem/framer.ts';
import { frameCrc } from '#contract/codec/threem/crc.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);

/** An answer with no tag and one to the probe, both captured; the checksums are the readers'. */
const NO_TAG = 'D6 0007 FE 00 00 07 00 AF19';
const PROBE_ANSWER = 'D5 0009 04 00 11 0A 05 02 1B 972A';
const BODIES = { [NO_TAG]: 'FE00000700', [PROBE_ANSWER]: '0400110A05021B' };

function feed(pieces: readonly Uint8Array[]): { bodies: string[]; noiseBytes: number } {
  const framer = new SerialFramer(THREEM_SHAPE);
  return summary([...pieces.flatMap((piece) => framer.feed(piece)), ...framer.flush()]);
}

function summary(events: readonly SerialEvent[]): { bodies: string[]; noiseBytes: number } {
  return {
    bodies: events.flatMap((event) => (event.kind === 'frame' ? [toHex(openFrame(event.bytes).body)] : [])),
    noiseBytes: events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0),
  };
}

describe('3M checksum', () => {
  test.each([
    ['00 09 03 00 02 00 00 00 03', 0x12e6],
    ['00 05 04 00 11', 0x8c66],
    ['00 09 04 00 11 0A 05 00 02', 0x7250],
  ])('published: %s', (hex, crc) => {
    expect(frameCrc(bytes(hex))).toBe(crc);
  });
});

describe('3M framer', () => {
  test.each([NO_TAG, PROBE_ANSWER] as const)('%s', (hex) => {
    expect(feed([bytes(hex)])).toEqual({ bodies: [BODIES[hex]], noiseBytes: 0 });
  });

  test('byte by byte', () => {
    const stream = bytes(NO_TAG + PROBE_ANSWER + NO_TAG);
    const expected = { bodies: [BODIES[NO_TAG], BODIES[PROBE_ANSWER], BODIES[NO_TAG]], noiseBytes: 0 };
    expect(feed(Array.from(stream, (byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  test('noise in front, between and behind is counted and costs no frame', () => {
    const framer = new SerialFramer(THREEM_SHAPE);
    const events = framer.feed(bytes(`00FF13 ${NO_TAG} 7E ${PROBE_ANSWER} 55`));
    expect(events.map((event) => (event.kind === 'noise' ? `${event.bytes} ${event.reason}` : event.kind))).toEqual([
      '3 no-start',
      'frame',
      '1 no-start',
      'frame',
      '1 no-start',
    ]);
  });

  test('a damaged frame is refused and the next one is read', () => {
    const damaged = NO_TAG.replace('07 00 AF19', '07 01 AF19');
    const events = new SerialFramer(THREEM_SHAPE).feed(bytes(damaged + NO_TAG));
    expect(summary(events)).toEqual({ bodies: [BODIES[NO_TAG]], noiseBytes: 10 });
    expect(events[0]).toEqual({ kind: 'noise', bytes: 1, reason: 'bad-checksum' });
  });

  test('a good frame that began inside noise that looked like a frame is found', () => {
    expect(feed([bytes(`D6 000C ${NO_TAG} ${NO_TAG}`)])).toEqual({
      bodies: [BODIES[NO_TAG], BODIES[NO_TAG]],
      noiseBytes: 3,
    });
  });

  test('a start byte with an impossible length is noise at once', () => {
    const events = new SerialFramer(THREEM_SHAPE).feed(bytes(`D6 0002 D6 FFFF ${NO_TAG}`));
    expect(events[0]).toEqual({ kind: 'noise', bytes: 1, reason: 'bad-length' });
    expect(summary(events).bodies).toEqual([BODIES[NO_TAG]]);
  });

  test('after a silence, a false start no longer holds up the frame behind it', () => {
    const framer = new SerialFramer(THREEM_SHAPE);
    expect(framer.feed(bytes(`D6 0100 ${NO_TAG}`))).toEqual([]);
    const events = framer.flush();
    expect(events[0]).toEqual({ kind: 'noise', bytes: 1, reason: 'cut-off' });
    expect(summary(events)).toEqual({ bodies: [BODIES[NO_TAG]], noiseBytes: 3 });
    expect(framer.flush()).toEqual([]);
  });

  test('whatever the pieces and the noise: same frames, no byte lost, no throw', () => {
    const part = fc.oneof(
      fc.constantFrom(bytes(NO_TAG), bytes(PROBE_ANSWER)),
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom(bytes('D6'), bytes('D60007'), bytes('D5FFFF')),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.array(fc.nat({ max: 120 }), { maxLength: 6 }), (parts, cuts) => {
        const stream = Uint8Array.from(parts.flatMap((piece) => [...piece]));
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const pieces = places.slice(1).map((end, index) => stream.subarray(places[index], end));
        const whole = feed([stream]);
        expect(feed(pieces)).toEqual(whole);
        const frameBytes = whole.bodies.reduce((sum, body) => sum + 5 + body.length / 2, 0);
        expect(frameBytes + whole.noiseBytes).toBe(stream.length);
      }),
      { numRuns: 500 },
    );
  });

  test('a written frame is read back', () => {
    const body = fc.uint8Array({ minLength: 1, maxLength: LENGTH_MAX - 2 });
    fc.assert(
      fc.property(body, (given) => {
        expect(new SerialFramer(THREEM_SHAPE).feed(encodeFrame({ start: START, body: given }))).toEqual([
          { kind: 'frame', bytes: encodeFrame({ start: START, body: given }) },
        ]);
      }),
    );
    expect(() => encodeFrame({ start: START, body: new Uint8Array(0) })).toThrow('length');
    expect(() => encodeFrame({ start: START, body: new Uint8Array(LENGTH_MAX) })).toThrow('length');
  });
});
