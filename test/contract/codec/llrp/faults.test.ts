import { describe, expect, test } from '@jest/globals';
import { decodeMessage, encodeMessage } from '#contract/codec/llrp/message.ts';
import { decodeHeader, encodeHeader, MESSAGE_BYTES_MAX } from '#contract/codec/llrp/header.ts';
import { bytesOf } from '#test/contract/codec/llrp/notation.ts';

const FAULTS: readonly (readonly [name: string, notation: string, code: string, offsetBytes: number])[] = [
  ['fewer than ten bytes', '043E 0000000A', 'truncated', 6],
  ['version 3', '0C3E 0000000A 00000007', 'bad-value', 0],
  ['a length below the header', '043E 00000009 00000007', 'bad-length', 2],
  ['a length above our bound', '043E 00100001 00000007', 'bad-length', 2],
  ['a length that is not that of the bytes', '043E 0000000B 00000007', 'bad-length', 2],
  ['a body that is too short', '0415{ 00000007 0000 }', 'truncated', 10],
  ['a parameter longer than its container', '041E{ 00000007 011F 0009 0000 0000 }', 'bad-length', 10],
  ['a parameter shorter than its header', '041E{ 00000007 011F 0003 0000 0000 }', 'bad-length', 10],
  ['a parameter header that is cut off', '041E{ 00000007 011F 00 }', 'truncated', 12],
  ['a response without its status', '041E{ 00000007 }', 'bad-value', 10],
  ['capabilities without a status', '040B{ 00000007 }', 'bad-value', 10],
  ['ADD_ROSPEC without a ROSpec', '0414{ 00000007 }', 'bad-value', 10],
  ['ADD_ACCESSSPEC without an AccessSpec', '0428{ 00000007 }', 'bad-value', 10],
  ['a notification without its data', '043F{ 00000007 }', 'bad-value', 10],
  ['an outcome of no meaning', '043F{ 00000007 00F6( 0100 0006 0009 ) }', 'bad-value', 18],
  [
    'a periodic start without its period',
    '0414{ 00000007 00B1( 00000001 00 00 00B2( 00B3 0005 02 ) ) }',
    'bad-value',
    29,
  ],
  [
    'a GPI stop without its port',
    '0414{ 00000007 00B1( 00000001 00 00 00B2( 00B6 0009 02 00000000 ) ) }',
    'bad-value',
    33,
  ],
  [
    'a GPI stop of an AISpec without its port',
    '0414{ 00000007 00B1( 00000001 00 00 00B7( 0000 00B8 0009 02 00000000 ) ) }',
    'bad-value',
    35,
  ],
  ['more antennas than there are bytes', '0414{ 00000007 00B1( 00000001 00 00 00B7( FFFF 0001 ) ) }', 'truncated', 28],
  ['a TV of unknown type in a notification', '043F{ 00000007 00F6( FE 00 00 ) }', 'unknown-type', 14],
  ['a TV that is cut off in a notification', '043F{ 00000007 00F6( 81 00 ) }', 'truncated', 15],
  ['a tag report without an EPC', '043D{ 00000007 00F0( 81 0001 ) }', 'bad-value', 14],
  ['a TV of unknown type in a tag report', '043D{ 00000007 00F0( FE 00 00 ) }', 'unknown-type', 14],
  ['a TV that is cut off in a tag report', '043D{ 00000007 00F0( 8D 00 00 ) }', 'truncated', 14],
  ['a TLV header that is cut off in a tag report', '043D{ 00000007 00F0( 00F1 00 ) }', 'bad-length', 14],
  ['a TLV longer than its tag report', '043D{ 00000007 00F0( 00F1 0009 0010 ABCD ) }', 'bad-length', 14],
  ['an EPC longer than its parameter', '043D{ 00000007 00F0( 00F1( 0018 ABCD ) ) }', 'bad-length', 18],
  ['a vendor parameter without its vendor', '043D{ 00000007 00F0( 03FF( 0000651A ) ) }', 'bad-length', 14],
  ['a result without its fields', '043D{ 00000007 00F0( 015E( 00 ) ) }', 'bad-length', 14],
  [
    'a read result with fewer words than it says',
    '043D{ 00000007 00F0( 015D( 00 0001 0002 E280 ) ) }',
    'bad-length',
    14,
  ],
];

describe('LLRP messages that cannot be read', () => {
  test.each(FAULTS)('%s', (_name, notation, code, offsetBytes) => {
    const result = decodeMessage(bytesOf(notation));
    expect(result).toMatchObject({ ok: false, error: { code, offsetBytes } });
  });

  test('what a later standard adds is passed over', () => {
    const skipped = [
      '043D{ 00000007 00F2 0006 0000 00F0( 01FF 0006 CAFE 8D 3005FB63AC1F3841EC880467 92 0001 0002 ) }',
      '043F{ 00000007 00F6( 01FF 0004 ) }',
      '040C{ 00000007 01FF 0004 011F 0008 0000 0000 }',
    ].map((notation) => decodeMessage(bytesOf(notation)));
    expect(skipped).toMatchObject([
      { ok: true, value: { tags: [{ epc: '3005FB63AC1F3841EC880467' }] } },
      { ok: true, value: { events: [] } },
      { ok: true, value: { status: { code: 0 } } },
    ]);
  });

  test('a time above 2^53 is undefined, never rounded', () => {
    const report = '043D{ 00000007 00F0( 8D 3005FB63AC1F3841EC880467 82 0020000000000000 84 001FFFFFFFFFFFFF ) }';
    const result = decodeMessage(bytesOf(report));
    expect(result).toMatchObject({
      ok: true,
      value: { tags: [{ firstSeenUtcUs: undefined, lastSeenUtcUs: Number.MAX_SAFE_INTEGER }] },
    });
    const event = decodeMessage(bytesOf('043F{ 00000007 00F6( 0080 000C FFFFFFFFFFFFFFFF ) }'));
    expect(event).toEqual({
      ok: true,
      value: { kind: 'reader-event-notification', version: 1, messageId: 7, events: [], custom: [] },
    });
  });

  test('our own values out of range are an assertion', () => {
    const base = { version: 1, messageId: 1 } as const;
    expect(() => encodeMessage({ kind: 'start-rospec', ...base, id: 2 ** 32 })).toThrow('32 bits');
    expect(() => encodeMessage({ kind: 'ro-access-report', ...base, tags: [{ epc: 'XYZ' }], custom: [] })).toThrow(
      'hexadecimal',
    );
    expect(() =>
      encodeMessage({ kind: 'ro-access-report', ...base, tags: [{ epc: 'ABCD', epcBits: 24 }], custom: [] }),
    ).toThrow('as many bytes');
    expect(() => encodeHeader({ version: 1, type: 1024, lengthBytes: 10, messageId: 0 })).toThrow('10 bits');
    expect(() => encodeHeader({ version: 1, type: 1, lengthBytes: MESSAGE_BYTES_MAX + 1, messageId: 0 })).toThrow(
      'range',
    );
  });

  test('an EPC without its bits has four for each digit', () => {
    const bytes = encodeMessage({
      kind: 'ro-access-report',
      version: 1,
      messageId: 7,
      tags: [{ epc: 'ABCD' }],
      custom: [],
    });
    expect(decodeMessage(bytes)).toMatchObject({ ok: true, value: { tags: [{ epc: 'ABCD', epcBits: 16 }] } });
  });

  test('a header is read whatever follows it', () => {
    expect(decodeHeader(bytesOf('043E 0000000A 00000007 FFFF'))).toEqual({
      ok: true,
      value: { version: 1, type: 62, lengthBytes: 10, messageId: 7 },
    });
  });
});
