import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { HEADER_BYTES } from '#contract/codec/llrp/header.ts';
import { decodeMessage, encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import { toHex } from '#contract/hex.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const microseconds = fc.maxSafeNat();
const maybe = <Value>(value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.option(value, { nil: undefined });
const payload = fc.uint8Array({ maxLength: 20 });
const custom = fc.array(fc.record({ vendorId: u32, subtype: u32, payload }), { minLength: 1, maxLength: 3 });

const epc = fc.uint8Array({ maxLength: 62 }).chain((bytes) =>
  fc.record({
    epc: fc.constant(toHex(bytes)),
    epcBits: fc.integer({ min: Math.max(0, 8 * bytes.length - 7), max: 8 * bytes.length }),
  }),
);

const tagReport: fc.Arbitrary<TagReport> = fc
  .record({
    id: epc,
    rest: fc.record({
      rospecId: maybe(u32),
      specIndex: maybe(u16),
      inventoryParameterSpecId: maybe(u16),
      antennaId: maybe(u16),
      peakRssiDbm: maybe(fc.integer({ min: -128, max: 127 })),
      channelIndex: maybe(u16),
      firstSeenUtcUs: maybe(microseconds),
      firstSeenUptimeUs: maybe(microseconds),
      lastSeenUtcUs: maybe(microseconds),
      lastSeenUptimeUs: maybe(microseconds),
      seenCount: maybe(u16),
      pc: maybe(u16),
      xpcW1: maybe(u16),
      xpcW2: maybe(u16),
      crc: maybe(u16),
      accessSpecId: maybe(u32),
      clientRequestOpSpecResult: maybe(u16),
      custom: maybe(custom),
    }),
  })
  .map(({ id, rest }) => ({ ...id, ...rest }));

const version = fc.constantFrom(1 as const, 2 as const);
const base = { version, messageId: u32 };
const message: fc.Arbitrary<LlrpMessage> = fc.oneof(
  fc.record({ kind: fc.constant('keepalive' as const), ...base }),
  fc.record({ kind: fc.constant('enable-rospec' as const), ...base, id: u32 }),
  fc.record({
    kind: fc.constant('error-message' as const),
    ...base,
    status: fc.record({ code: u16, description: fc.string({ unit: 'grapheme', maxLength: 40 }) }),
  }),
  fc.record({
    kind: fc.constant('ro-access-report' as const),
    ...base,
    tags: fc.array(tagReport, { maxLength: 5 }),
    custom: fc.constant([]),
  }),
  fc.record({
    kind: fc.constant('custom-message' as const),
    ...base,
    vendorId: u32,
    subtype: fc.integer({ min: 0, max: 255 }),
    payload,
  }),
);

/** Real shapes to damage: one of each family that nests deep. */
const SEEDS = [
  `0424{ 00000007 011F 0008 0000 0000 00B1( 00000001 07 02
     00B2( 00B3( 02 00B4( 00000000 0000EA60 0080 000C 0005A9E7D2C3B1A0 ) ) 00B6 0009 01 00001388 )
     00B7( 0001 0001 00B8( 03 00000000 00B9 0010 01 00 0000 0000 0064 000003E8 )
       00BA( 0001 01 00DE( 0001 014A( 00 014F 0008 03E8 0000 0150 000B 80 0020 000001F4 ) ) ) )
     00ED( 01 0000 00EE( 5FC0 015C 0005 E0 ) ) ) }`,
  `040B{ 00000007 011F 0008 0000 0000 0089( 0004 C000 0000651A 001E8481 0003 352E31 008D 0008 0004 0002 008C 0009 0001 0001 01 )
     008F( 0114 0002 0090( 0091 0008 0001 03E8 0092( 00 0094( 0001 000D3722 ) ) 0148( ) ) ) }`,
  `043F{ 00000007 00F6( 0080 000C 0005A9E7D2C3B1A0 00FE 0010 00 00000001 0002 92 0003 0005 00FC( 0003 686F74 89 00000001 ) ) }`,
  `043D{ 00000007 00F0( 00F1( 000C ABC0 ) 81 0001 86 CE 015D( 00 0001 0002 E2801160 ) 03FF 000E 0000651A 00000039 E890 )
     00F0( 8D 3005FB63AC1F3841EC880467 82 0005A9E7D2C3B1A0 88 0001 ) }`,
].map((notation) => bytesOf(notation));

describe('LLRP laws', () => {
  test('what is written is read back', () => {
    fc.assert(
      fc.property(message, (given) => {
        const read = decodeMessage(encodeMessage(given));
        expect(read).toEqual({ ok: true, value: given });
      }),
      { numRuns: 300 },
    );
  });

  test('what is read is written back and read the same', () => {
    for (const seed of SEEDS) {
      const read = decodeMessage(seed);
      expect(read.ok && toHex(encodeMessage(read.value))).toBe(toHex(seed));
    }
  });

  test('no bytes make a decoder throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeMessage(bytes)),
      { numRuns: 1000 },
    );
    const body = fc.uint8Array({ maxLength: 100 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1023 }), body, (type, bytes) => {
        const whole = encodeMessage({ kind: 'unknown', version: 1, messageId: 1, type, body: bytes });
        decodeMessage(whole);
      }),
      { numRuns: 2000 },
    );
  });

  test('damaged messages never throw, and a fault lies inside the message', () => {
    const damage = fc.array(fc.record({ at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(fc.constantFrom(...SEEDS), damage, (seed, changes) => {
        const bytes = seed.slice();
        for (const { at, value } of changes) bytes[HEADER_BYTES + (at % (bytes.length - HEADER_BYTES))] = value;
        const read = decodeMessage(bytes);
        if (read.ok) encodeMessage(read.value);
        else expect(read.error.offsetBytes).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 4000 },
    );
  });

  test('any bytes in any pieces leave the framer alive or dead, never thrown', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (pieces) => {
        const framer = new LlrpFramer();
        for (const piece of pieces) framer.feed(piece);
      }),
    );
  });
});
