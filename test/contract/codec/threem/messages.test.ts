import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decodeAnswer, encodeAnswer, type ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { ERROR } from '#contract/codec/threem/codes.ts';
import { decodeCommand, encodeCommand, type ThreemCommand } from '#contract/codec/threem/command.ts';
import { openFrame, START, START_PROBE, type ThreemFrame } from '#contract/codec/threem/framer.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const UID = 'E004010012345678';
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const frameOf = (hex: string, start: ThreemFrame['start'] = START): ThreemFrame => ({ start, body: bytes(hex) });

/** Bodies written from the tables of the protocol text; frame and checksum are tested with the framer. */
const COMMANDS: readonly (readonly [body: string, command: ThreemCommand])[] = [
  ['11', { kind: 'version' }],
  ['FE 07 05', { kind: 'inventory', afi: 7, options: 5 }],
  [`02 ${UID} 00 08`, { kind: 'read-blocks', uid: UID, firstBlock: 0, blockCount: 8 }],
  [
    `04 ${UID} 03 02 00 11223344 55667788`,
    { kind: 'write-blocks', uid: UID, firstBlock: 3, data: bytes('1122334455667788') },
  ],
  [`0A ${UID}`, { kind: 'get-afi', uid: UID }],
  [`09 ${UID} C2`, { kind: 'write-afi', uid: UID, afi: 0xc2 }],
  [`03 ${UID}`, { kind: 'check-eas', uid: UID }],
  [`0C ${UID} 01`, { kind: 'control-eas', uid: UID, on: true }],
  [`0C ${UID} 00`, { kind: 'control-eas', uid: UID, on: false }],
  ['13 04 01', { kind: 'other', command: 0x13, data: bytes('0401') }],
];

const ANSWERS: readonly (readonly [body: string, answer: ThreemAnswer])[] = [
  ['11 00 0A 05 02 1B', { kind: 'version', vendor: 10, major: 5, minor: 2, build: 27 }],
  ['FE 00 00 07 00', { kind: 'inventory', afi: 0, options: 7, tags: [] }],
  [
    `FE 00 07 05 02 ${UID} E0040100AABBCCDD`,
    { kind: 'inventory', afi: 7, options: 5, tags: [{ uid: UID }, { uid: 'E0040100AABBCCDD' }] },
  ],
  [`FE 00 00 07 01 3E ${UID}`, { kind: 'inventory', afi: 0, options: 7, tags: [{ dsfid: 0x3e, uid: UID }] }],
  ['FE 00 00 02 01 3E', { kind: 'inventory', afi: 0, options: 2, tags: [{ dsfid: 0x3e }] }],
  [
    `02 00 ${UID} 02 00 00 11223344 01 01 55667788`,
    {
      kind: 'read-blocks',
      uid: UID,
      blocks: [
        { block: 0, lock: 0, data: bytes('11223344') },
        { block: 1, lock: 1, data: bytes('55667788') },
      ],
    },
  ],
  [`04 00 ${UID} 05`, { kind: 'write-blocks', uid: UID, nextBlock: 5 }],
  [`04 00 ${UID}`, { kind: 'write-blocks', uid: UID }],
  [`0A 00 ${UID} 07`, { kind: 'get-afi', uid: UID, afi: 7 }],
  [`09 00 ${UID}`, { kind: 'write-afi', uid: UID }],
  [`03 00 ${UID} 01`, { kind: 'check-eas', uid: UID, on: true }],
  [`03 00 ${UID} 00`, { kind: 'check-eas', uid: UID, on: false }],
  [`0C 00 ${UID}`, { kind: 'control-eas', uid: UID }],
  [`02 06 ${UID}`, { kind: 'failed', command: 2, error: ERROR.noTransponder, data: bytes(UID) }],
  ['09 12', { kind: 'failed', command: 9, error: ERROR.memoryLocked, data: new Uint8Array(0) }],
  ['13 00 02 01', { kind: 'other', command: 0x13, data: bytes('0201') }],
];

function bodyIn(frame: Uint8Array): string {
  return toHex(openFrame(frame).body);
}

describe('3M commands', () => {
  test.each(COMMANDS)('%s', (body, command) => {
    expect(decodeCommand(frameOf(body))).toEqual({ ok: true, value: command });
    expect(bodyIn(encodeCommand(command))).toBe(toHex(bytes(body)));
  });

  test('the probe, as every program sends it', () => {
    expect(toHex(encodeCommand({ kind: 'probe' }))).toBe('D500050400118C66');
    expect(decodeCommand(frameOf('04 00 11', START_PROBE))).toEqual({ ok: true, value: { kind: 'probe' } });
  });

  test.each([
    ['a UID that is cut off', '0A E00401', 'truncated'],
    ['fewer blocks than announced', `04 ${UID} 00 02 00 11223344`, 'truncated'],
    ['bytes too many', 'FE 00 05 00', 'bad-length'],
  ])('%s', (_name, body, code) => {
    expect(decodeCommand(frameOf(body))).toMatchObject({ ok: false, error: { code } });
  });

  test('our own mistakes are assertions', () => {
    expect(() => encodeCommand({ kind: 'get-afi', uid: 'E004' })).toThrow('16 hexadecimal');
    expect(() => encodeCommand({ kind: 'write-blocks', uid: UID, firstBlock: 0, data: new Uint8Array(3) })).toThrow(
      'whole blocks',
    );
  });
});

describe('3M answers', () => {
  test.each(ANSWERS)('%s', (body, answer) => {
    expect(decodeAnswer(frameOf(body))).toEqual({ ok: true, value: answer });
    expect(bodyIn(encodeAnswer(answer))).toBe(toHex(bytes(body)));
  });

  test('the answer to the probe (captured)', () => {
    const answer = { kind: 'probe', vendor: 10, major: 5, minor: 0, build: 2 } as const;
    expect(toHex(encodeAnswer(answer))).toBe('D500090400110A0500027250');
    expect(decodeAnswer(frameOf('04 00 11 0A 05 00 02', START_PROBE))).toEqual({ ok: true, value: answer });
  });

  test('a tag without DSFID is written as zero where the options ask for it', () => {
    expect(bodyIn(encodeAnswer({ kind: 'inventory', afi: 0, options: 7, tags: [{ uid: UID }] }))).toBe(
      `FE0000070100${UID}`,
    );
  });

  test.each([
    ['fewer tags than announced', `FE 00 00 05 02 ${UID}`, 'truncated'],
    ['a block that is cut off', `02 00 ${UID} 01 00 00 1122`, 'truncated'],
    ['bytes too many', `09 00 ${UID} 00`, 'bad-length'],
    ['no error code', 'FE', 'truncated'],
  ])('%s', (_name, body, code) => {
    expect(decodeAnswer(frameOf(body))).toMatchObject({ ok: false, error: { code } });
  });

  test('no body makes a decoder throw, and what is read is written back the same', () => {
    const body = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 60 }),
      fc
        .constantFrom(...[...COMMANDS, ...ANSWERS].map(([hex]) => bytes(hex)))
        .chain((seed) =>
          fc
            .record({ at: fc.nat({ max: seed.length - 1 }), value: fc.integer({ min: 0, max: 255 }) })
            .map(({ at, value }) => seed.with(at, value)),
        ),
    );
    fc.assert(
      fc.property(body, fc.constantFrom(START, START_PROBE), (given, start) => {
        const answer = decodeAnswer({ start, body: given });
        const command = decodeCommand({ start, body: given });
        if (answer.ok) expect(decodeAnswer(openFrame(encodeAnswer(answer.value)))).toEqual(answer);
        if (command.ok) encodeCommand(command.value);
      }),
      { numRuns: 2000 },
    );
  });
});
