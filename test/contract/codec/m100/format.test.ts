import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { MESSAGES } from '#contract/codec/m100/messages.table.ts';
import { encodeFrame, M100_ANSWER_SHAPE, M100_SHAPE, openFrame, PARAMETERS_MAX } from '#contract/codec/m100/frame.ts';
import { m100Format } from '#contract/codec/m100/format.ts';
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const decode = (hex: string) => m100Format.decode(bytes(hex));

const NOTICE = 'BB 02 22 00 11 C9 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 3A 76 EF 7E';
const TAG = { pc: '3400', epc: '30751FEB705C5904E3D50D70' };
const NXP_TAG = { pc: '3000', epc: '30751FEB705C5904E3D50D70' };

/**
 * The examples of the M100/QM100 firmware manual (V2.1 of the YRM100, and M5Stack's "Unit RFID-UHF protocol", the same
 * text), each with what the text says it means. Examples there whose own sum is wrong (07 of 2.36, D3 of 2.37.2, F2, F3)
 * are left out or stand with the sum mended.
 */
const EXAMPLES: readonly (readonly [hex: string, fields: object])[] = [
  ['BB 00 03 00 01 00 04 7E', { direction: 'command', kind: 'module-information', topic: 0 }],
  [
    'BB 01 03 00 0B 00 4D 31 30 30 20 56 31 2E 30 30 22 7E',
    { direction: 'response', kind: 'module-information', topic: 0, text: 'M100 V1.00' },
  ],
  ['BB 00 22 00 00 22 7E', { direction: 'command', kind: 'single-poll' }],
  [NOTICE, { direction: 'notice', kind: 'single-poll', rssiDbm: -55, ...TAG, crc: '3A76' }],
  ['BB 01 FF 00 01 15 16 7E', { direction: 'response', kind: 'failed', error: 0x15 }],
  ['BB 00 27 00 03 22 27 10 83 7E', { direction: 'command', kind: 'multiple-poll', count: 10_000 }],
  ['BB 00 28 00 00 28 7E', { direction: 'command', kind: 'stop-multiple-poll' }],
  ['BB 01 28 00 01 00 2A 7E', { direction: 'response', kind: 'stop-multiple-poll', status: 0 }],
  [
    'BB 00 0C 00 13 01 00 00 00 20 60 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 AD 7E',
    {
      ...{ direction: 'command', kind: 'set-select', target: 0, action: 0, memBank: 1 },
      ...{ pointer: 0x20, maskBits: 96, truncate: 0, mask: TAG.epc },
    },
  ],
  ['BB 01 0C 00 01 00 0E 7E', { direction: 'response', kind: 'set-select', status: 0 }],
  ['BB 00 0B 00 00 0B 7E', { direction: 'command', kind: 'get-select' }],
  ['BB 00 12 00 01 01 14 7E', { direction: 'command', kind: 'set-select-mode', mode: 1 }],
  [
    'BB 00 39 00 09 00 00 FF FF 03 00 00 00 02 45 7E',
    { direction: 'command', kind: 'read-memory', accessPassword: '0000FFFF', memBank: 3, address: 0, words: 2 },
  ],
  [
    'BB 01 39 00 13 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 12 34 56 78 B0 7E',
    { direction: 'response', kind: 'read-memory', tag: TAG, data: '12345678' },
  ],
  ['BB 01 FF 00 01 09 0A 7E', { direction: 'response', kind: 'failed', error: 9 }],
  [
    'BB 01 FF 00 10 16 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 75 7E',
    { direction: 'response', kind: 'failed', error: 0x16, tag: TAG },
  ],
  [
    'BB 00 49 00 0D 00 00 FF FF 03 00 00 00 02 12 34 56 78 6D 7E',
    {
      ...{ direction: 'command', kind: 'write-memory', accessPassword: '0000FFFF', memBank: 3, address: 0, words: 2 },
      data: '12345678',
    },
  ],
  [
    'BB 01 49 00 10 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 A9 7E',
    { direction: 'response', kind: 'write-memory', tag: TAG, status: 0 },
  ],
  [
    'BB 00 82 00 07 00 00 FF FF 02 00 80 09 7E',
    { direction: 'command', kind: 'lock', accessPassword: '0000FFFF', mask: 0b0010000000, action: 0b0010000000 },
  ],
  [
    'BB 01 82 00 10 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 E2 7E',
    { direction: 'response', kind: 'lock', tag: TAG, status: 0 },
  ],
  ['BB 00 65 00 04 00 00 FF FF 67 7E', { direction: 'command', kind: 'kill', killPassword: '0000FFFF' }],
  [
    'BB 01 65 00 10 0E 34 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 C5 7E',
    { direction: 'response', kind: 'kill', tag: TAG, status: 0 },
  ],
  ['BB 00 11 00 02 00 C0 D3 7E', { direction: 'command', kind: 'set-baud-rate', hundredBaud: 192 }],
  [
    'BB 01 0D 00 02 10 20 40 7E',
    {
      ...{ direction: 'response', kind: 'get-query', divideRatio: 0, millerExponent: 0, pilotTone: 1, select: 0 },
      ...{ session: 0, target: 0, q: 4 },
    },
  ],
  ['BB 01 0E 00 01 00 10 7E', { direction: 'response', kind: 'set-query', status: 0 }],
  ['BB 00 07 00 01 01 09 7E', { direction: 'command', kind: 'set-region', region: 1 }],
  ['BB 01 08 00 01 01 0B 7E', { direction: 'response', kind: 'get-region', region: 1 }],
  ['BB 00 AB 00 01 01 AD 7E', { direction: 'command', kind: 'set-channel', channel: 1 }],
  ['BB 01 AA 00 01 00 AC 7E', { direction: 'response', kind: 'get-channel', channel: 0 }],
  ['BB 00 AD 00 01 FF AD 7E', { direction: 'command', kind: 'set-hopping', hopping: 0xff }],
  [
    'BB 00 A9 00 06 05 01 02 03 04 05 C3 7E',
    { direction: 'command', kind: 'insert-channels', channels: [1, 2, 3, 4, 5] },
  ],
  ['BB 01 B7 00 02 07 D0 91 7E', { direction: 'response', kind: 'get-power', powerCentiDbm: 2000 }],
  ['BB 00 B6 00 02 07 D0 8F 7E', { direction: 'command', kind: 'set-power', powerCentiDbm: 2000 }],
  ['BB 00 B0 00 01 FF B0 7E', { direction: 'command', kind: 'set-carrier', carrier: 0xff }],
  [
    'BB 01 F1 00 04 03 06 01 B0 B0 7E',
    { direction: 'response', kind: 'get-demodulator', mixerGain: 3, ifGain: 6, threshold: 0x1b0 },
  ],
  [
    'BB 01 F2 00 16 00 13 F2 F1 F0 EF EC EA E8 EA EC EE F0 F1 F5 F5 F5 F6 F5 F5 F5 F5 EA 7E',
    {
      ...{ direction: 'response', kind: 'scan-jammer', firstChannel: 0, lastChannel: 19 },
      levelsDbm: [-14, -15, -16, -17, -20, -22, -24, -22, -20, -18, -16, -15, -11, -11, -11, -10, -11, -11, -11, -11],
    },
  ],
  ['BB 00 1A 00 03 00 04 01 22 7E', { direction: 'command', kind: 'control-port', operation: 0, port: 4, value: 1 }],
  ['BB 00 17 00 00 17 7E', { direction: 'command', kind: 'sleep' }],
  ['BB 01 1D 00 01 02 21 7E', { direction: 'response', kind: 'sleep-after', minutes: 2 }],
  ['BB 00 04 00 03 01 01 03 0C 7E', { direction: 'command', kind: 'idle-mode', idle: 1, minutes: 3 }],
  [
    'BB 00 E1 00 05 00 00 FF FF 00 E4 7E',
    { direction: 'command', kind: 'nxp-read-protect', accessPassword: '0000FFFF', reset: 0 },
  ],
  [
    'BB 01 E2 00 10 0E 30 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 3E 7E',
    { direction: 'response', kind: 'nxp-reset-read-protect', tag: NXP_TAG, status: 0 },
  ],
  [
    'BB 00 E3 00 05 00 00 FF FF 01 E7 7E',
    { direction: 'command', kind: 'nxp-change-eas', accessPassword: '0000FFFF', eas: 1 },
  ],
  [
    'BB 01 E4 00 08 69 0A EC 7C D2 15 D8 F9 80 7E',
    { direction: 'response', kind: 'nxp-eas-alarm', alarmCode: '690AEC7CD215D8F9' },
  ],
  [
    'BB 01 E0 00 11 0E 30 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 41 7E 7E',
    { direction: 'response', kind: 'nxp-change-config', tag: NXP_TAG, configWord: '0041' },
  ],
  [
    'BB 00 E5 00 08 00 00 FF FF 01 01 40 00 2D 7E',
    {
      ...{ direction: 'command', kind: 'monza-qt', accessPassword: '0000FFFF', write: 1, persistence: 1 },
      control: '4000',
    },
  ],
  [
    'BB 01 E5 00 11 0E 30 00 30 75 1F EB 70 5C 59 04 E3 D5 0D 70 00 00 42 7E',
    { direction: 'response', kind: 'monza-qt', tag: NXP_TAG, control: '0000' },
  ],
  [
    'BB 00 D3 00 0B 00 00 FF FF 01 03 00 00 01 07 00 E8 7E',
    {
      ...{ direction: 'command', kind: 'block-permalock', accessPassword: '0000FFFF', lock: 1, memBank: 3 },
      ...{ blockPointer: 0, blockRange: 1, mask: '0700' },
    },
  ],
  [
    'BB 01 D4 00 10 0E 30 00 E2 00 30 16 66 06 00 69 11 60 9F 94 00 C4 7E',
    {
      ...{ direction: 'response', kind: 'block-permalock-done' },
      ...{ tag: { pc: '3000', epc: 'E200301666060069' + '11609F94' }, status: 0 },
    },
  ],
  ['BB 00 77 00 02 AB CD F1 7E', { direction: 'command', kind: 'other', command: 0x77, data: 'ABCD' }],
  // A known command whose parameters have no form that the manual knows.
  ['BB 00 22 00 01 09 2C 7E', { direction: 'command', kind: 'single-poll', data: '09' }],
];

describe('M100 frames on the bench', () => {
  testFormatLaws(m100Format, { frames: EXAMPLES.map(([hex]) => hex), numRuns: 4000 });

  test.each(EXAMPLES)('%s', (hex, fields) => {
    expect(decode(hex)).toEqual({ ok: true, value: fields });
  });

  test('every message has its own code and kind, and its forms have different names', () => {
    expect(new Set(MESSAGES.map(({ code }) => code)).size).toBe(MESSAGES.length);
    expect(new Set(MESSAGES.map(({ kind }) => kind)).size).toBe(MESSAGES.length);
    for (const { command, response, notice } of MESSAGES) {
      for (const forms of [command ?? [], response ?? [], notice ?? []]) {
        const names = forms.map((form) => form.map(({ name }) => name).join());
        expect(new Set(names).size).toBe(names.length);
      }
    }
  });

  test.each([
    ['powerCentiDbm', { direction: 'command', kind: 'set-power', powerCentiDbm: 70_000 }],
    ['kind', { direction: 'command', kind: 'nonsense' }],
    ['direction', { direction: 'up', kind: 'single-poll' }],
    ['command', { direction: 'command', kind: 'other', data: '00' }],
    ['tag.pc', { direction: 'response', kind: 'read-memory', tag: { pc: '34', epc: '' }, data: '' }],
    ['channels.1', { direction: 'command', kind: 'insert-channels', channels: [1, 256] }],
    ['', { direction: 'command', kind: 'single-poll', count: 1 }],
    ['', { direction: 'command', kind: 'other', command: 1, data: '00'.repeat(PARAMETERS_MAX + 1) }],
  ])('a fault names its field: "%s"', (path, value) => {
    expect(m100Format.encode(value)).toMatchObject({ ok: false, error: { code: 'bad-value', path } });
  });

  test('whatever stands in a whole frame comes back from its fields alone', () => {
    const codes = fc.oneof(fc.constantFrom(...MESSAGES.map(({ code }) => code)), fc.integer({ min: 0, max: 0xff }));
    const samples = EXAMPLES.map(([hex]) => openFrame(bytes(hex)).parameters);
    const parameters = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...samples));
    fc.assert(
      fc.property(fc.constantFrom(0, 1, 2), codes, parameters, (type, command, given) => {
        const frame = encodeFrame({ type, command, parameters: given });
        const decoded = m100Format.decode(frame);
        const encoded = m100Format.encode(decoded.ok ? decoded.value : undefined);
        expect(encoded.ok ? toHex(encoded.value) : encoded.error).toBe(toHex(frame));
      }),
      { numRuns: 4000 },
    );
  });

  test('damage is an error with its place', () => {
    expect(decode(NOTICE.replace('C9', 'C8'))).toMatchObject({ ok: false, error: { code: 'bad-checksum' } });
    expect(decode(NOTICE.replace(/7E$/, '7D'))).toMatchObject({ ok: false, error: { code: 'bad-checksum' } });
    expect(decode('BB 02 22 00')).toMatchObject({ ok: false, error: { code: 'truncated', offsetBytes: 4 } });
    expect(decode(`${NOTICE} 00`)).toMatchObject({ ok: false, error: { code: 'bad-length', offsetBytes: 24 } });
    expect(decode('BB 03 22 00 00 25 7E')).toMatchObject({ ok: false, error: { code: 'bad-value' } });
  });
});

describe('M100 frames on a line', () => {
  /** A tag whose EPC is made of start and end bytes. */
  const nasty = encodeFrame({ type: 2, command: 0x22, parameters: bytes('BB 3400 BB02220011BB7E7EBB01FF00 7EBB') });

  function hear(stream: Uint8Array, pieceBytes = stream.length): { frames: string[]; noiseBytes: number } {
    const framer = new SerialFramer(M100_ANSWER_SHAPE);
    const events = [];
    for (let at = 0; at < stream.length; at += pieceBytes)
      events.push(...framer.feed(stream.slice(at, at + pieceBytes)));
    events.push(...framer.flush());
    return {
      frames: events.flatMap((event) => (event.kind === 'frame' ? [toHex(event.bytes)] : [])),
      noiseBytes: events.reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0),
    };
  }

  test.each([1, 3, 7, 1000])('BB and 7E inside, in pieces of %s bytes: no frame is lost or made up', (pieceBytes) => {
    const stream = Uint8Array.from([...nasty, ...bytes(NOTICE), ...nasty]);
    expect(hear(stream, pieceBytes)).toEqual({
      frames: [toHex(nasty), toHex(bytes(NOTICE)), toHex(nasty)],
      noiseBytes: 0,
    });
  });

  test('cut anywhere within a frame, it comes to its senses with the next one', () => {
    const frame = bytes(NOTICE);
    for (let cut = 1; cut < frame.length; cut += 1) {
      const heard = hear(Uint8Array.from([...frame.slice(cut), ...frame, ...frame]));
      expect(heard).toEqual({ frames: [toHex(frame), toHex(frame)], noiseBytes: frame.length - cut });
    }
  });

  test('a frame torn in the middle costs itself alone, once the frames behind it are there', () => {
    const frame = bytes(NOTICE);
    for (let cut = 1; cut < frame.length; cut += 1) {
      const heard = hear(Uint8Array.from([...frame.slice(0, cut), ...frame, ...frame]));
      expect(heard).toEqual({ frames: [toHex(frame), toHex(frame)], noiseBytes: cut });
    }
  });

  test('what is kept of a stream without end is one frame at most', () => {
    const framer = new SerialFramer(M100_SHAPE);
    const start = bytes('BB 00 22 04 00');
    for (let i = 0; i < 50; i += 1) framer.feed(Uint8Array.from([...start, ...new Uint8Array(1000).fill(0xbb)]));
    const left = framer.flush().reduce((sum, event) => sum + (event.kind === 'noise' ? event.bytes : 0), 0);
    expect(left).toBeLessThanOrEqual(M100_SHAPE.bytesMax);
  });
});
