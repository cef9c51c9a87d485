import { describe, expect, test } from '@jest/globals';
import { tslFormat } from '#contract/codec/tsl/format.ts';
import { toHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

/** Source: TSL ASCII protocol 2.5 (asciiprotocol.com), examples of the response headers and of `.iv`. */
const LINES = [
  '.iv -al on -r on\r\n',
  '.iv\r\n',
  '.sa -aon\r\n',
  'CS: .iv -al on\r\n',
  'EP: 330DE29525C0210005F5F8F2\r\n',
  'RI: -62\r\n',
  'RI:-52\r\n',
  'BP:100%\r\n',
  'ER: 005\r\n',
  'ME: No Transponder found\r\n',
  'OK:\r\n',
  'SW: single\r\n',
  'BC: abc\u001b\u001b123456789\u001b\r\u001b\nabcdef\r\n',
  'EP: not hex\r\n',
  'RI: -0062\r\n',
  'lower: case\r\n',
  '\r\n',
  'EP: 3034\n',
];
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const decode = (text: string): unknown => {
  const decoded = tslFormat.decode(bytesOf(text));
  return decoded.ok ? decoded.value : decoded.error;
};

describe('TSL lines', () => {
  testFormatLaws(tslFormat, { frames: LINES.map((line) => toHex(bytesOf(line))), numRuns: 4000 });

  test.each([
    [0, { kind: 'command', command: 'iv', rest: ' -al on -r on', end: 'crlf' }],
    [4, { kind: 'field', header: 'EP', name: 'EPC', gap: 1, value: { epc: '330DE29525C0210005F5F8F2' }, end: 'crlf' }],
    [5, { kind: 'field', header: 'RI', name: 'RSSI in dBm', gap: 1, value: { rssiDbm: -62 }, end: 'crlf' }],
    [7, { kind: 'field', header: 'BP', name: 'battery percentage', gap: 0, value: { text: '100%' }, end: 'crlf' }],
    [10, { kind: 'field', header: 'OK', name: 'completed', gap: 0, value: { text: '' }, end: 'crlf' }],
    [
      12,
      {
        kind: 'field',
        header: 'BC',
        name: 'barcode',
        gap: 1,
        value: { barcode: 'abc\u001b123456789\r\nabcdef' },
        end: 'crlf',
      },
    ],
    [16, { kind: 'blank', end: 'crlf' }],
  ])('line %i', (index, expected) => {
    expect(decode(LINES[index] ?? '')).toEqual(expected);
  });

  test('a line that never ends is given up at its bound', () => {
    const splitter = tslFormat.split?.();
    let faults = 0;
    for (let n = 0; n < 50; n += 1) {
      for (const piece of splitter?.feed(bytesOf('x'.repeat(500))) ?? []) faults += piece.kind === 'fault' ? 1 : 0;
    }
    expect(faults).toBeGreaterThan(0);
    expect(splitter?.feed(bytesOf('\r\nOK:\r\n')).at(-1)).toMatchObject({ kind: 'frame', bytes: bytesOf('OK:\r\n') });
  });

  test.each([
    [{ kind: 'field', header: 'EP', value: { text: 'a\nb' } }, ''],
    [{ kind: 'command', command: 'IV', rest: '' }, 'command'],
    [{ kind: 'raw', data: '0A41' }, ''],
  ])('%j is refused', (given, path) => {
    expect(tslFormat.encode(given)).toMatchObject({ ok: false, error: { path } });
  });
});
