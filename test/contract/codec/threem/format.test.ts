import { describe, expect, test } from '@jest/globals';
import { threemFormat } from '#contract/codec/threem/format.ts';
import { fromHex } from '#contract/hex.ts';
import { testFormatLaws } from '#test/contract/codec/format-laws.ts';

const decode = (hex: string) => threemFormat.decode(fromHex(hex) ?? new Uint8Array(0));

describe('3M frames on the bench', () => {
  // Captured from a 3M 810 and published with Biblio-RFID; the checksums are the reader's.
  testFormatLaws(threemFormat, {
    frames: ['D60007FE00000700AF19', 'D500090400110A05021B972A', 'D500050400118C66'],
  });

  test('an empty inventory is shown as the answer it is', () => {
    expect(decode('D60007FE00000700AF19')).toEqual({
      ok: true,
      value: { direction: 'answer', kind: 'inventory', afi: 0, options: 7, tags: [] },
    });
  });

  test('a frame of a command nobody knows keeps its body', () => {
    const encoded = threemFormat.encode({ direction: 'unknown', start: 0xd6, body: '7700AB' });
    expect(encoded.ok && threemFormat.decode(encoded.value)).toEqual({
      ok: true,
      value: { direction: 'unknown', start: 0xd6, body: '7700AB' },
    });
  });

  test('a damaged frame is an error with its place', () => {
    expect(decode('D60007FE00000701AF19')).toMatchObject({ ok: false, error: { code: 'bad-checksum' } });
    expect(decode('D60007FE0000')).toMatchObject({ ok: false, error: { code: 'truncated', offsetBytes: 6 } });
    expect(decode('D60007FE00000700AF1900')).toMatchObject({
      ok: false,
      error: { code: 'bad-length', offsetBytes: 10 },
    });
  });

  test('a fault names its field', () => {
    const encoded = threemFormat.encode({ direction: 'command', kind: 'get-afi', uid: 'E004' });
    expect(encoded).toMatchObject({ ok: false, error: { code: 'bad-value' } });
  });
});
