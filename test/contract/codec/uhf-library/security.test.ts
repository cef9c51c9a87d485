import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  derivePassword,
  deriveSmartfreqPassword,
  securityOf,
  withSecurity,
  type Hash,
} from '#contract/codec/uhf-library/security.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const bytes = (hex: string): Uint8Array => fromHex(hex) ?? new Uint8Array(0);
const hash =
  (name: string): Hash =>
  (input) =>
    createHash(name).update(input).digest();

const DE290 = bytes('19E9F871 000000000001E240 000000 01');
const SMARTFREQ = bytes('4105 0420F1CB30 00');

describe('lending', () => {
  test('in the AFI: the control word is written, its length and user bit stay', () => {
    const tag = { pc: 0x2400, epc: SMARTFREQ };
    expect(securityOf(tag, 'pc-afi')).toBe('unknown');
    const change = withSecurity(tag, true, 'pc-afi');
    expect(change).toEqual({
      tag: { pc: 0x2507, epc: SMARTFREQ },
      write: { bank: 1, wordPointer: 1, data: bytes('2507') },
    });
    expect(change && securityOf(change.tag, 'pc-afi')).toBe('secured');
    expect(withSecurity({ pc: 0x2507, epc: SMARTFREQ }, false, 'pc-afi')?.tag.pc).toBe(0x25c2);
    expect(securityOf({ pc: 0x25c2, epc: SMARTFREQ }, 'pc-afi')).toBe('unsecured');
    expect(securityOf({ pc: 0x24c2, epc: SMARTFREQ }, 'pc-afi')).toBe('unknown');
  });

  test('in the EPC: its last word is written', () => {
    expect(securityOf({ epc: DE290 }, 'epc-bit')).toBe('secured');
    const change = withSecurity({ pc: 0x4000, epc: DE290 }, false, 'epc-bit');
    expect(change?.write).toEqual({ bank: 1, wordPointer: 9, data: bytes('0000') });
    expect(change && toHex(change.tag.epc)).toBe('19E9F871000000000001E24000000000');
    expect(change?.tag.pc).toBe(0x4000);
    expect(change && securityOf(change.tag, 'epc-bit')).toBe('unsecured');
    expect(toHex(DE290)).toMatch(/01$/);
  });

  test('a library with other AFIs', () => {
    const afis = { secured: 0x21, unsecured: 0x02 };
    expect(withSecurity({ pc: 0x2000, epc: SMARTFREQ }, false, 'pc-afi', afis)?.tag.pc).toBe(0x2102);
    expect(securityOf({ pc: 0x2121, epc: SMARTFREQ }, 'pc-afi', afis)).toBe('secured');
    expect(securityOf({ pc: 0x2107, epc: SMARTFREQ }, 'pc-afi', afis)).toBe('unknown');
  });

  test('a tag that cannot carry the mark', () => {
    expect(withSecurity({ epc: SMARTFREQ }, true, 'pc-afi')).toBeUndefined();
    expect(withSecurity({ epc: SMARTFREQ }, true, 'epc-bit')).toBeUndefined();
    expect(securityOf({ epc: SMARTFREQ }, 'epc-bit')).toBe('unknown');
  });
});

/** Computed with `openssl dgst` over `19E9F871000000000001E240` and `secret`, and over `41050420F1CB3000secret`. */
describe('passwords', () => {
  test('of an ISIL tag, the same whether it is lent or not', () => {
    expect(toHex(derivePassword(DE290, 'secret', hash('sha512')))).toBe('63FFE4FC');
    const lent = withSecurity({ epc: DE290 }, false, 'epc-bit')?.tag.epc ?? bytes('');
    expect(toHex(derivePassword(lent, 'secret', hash('sha512')))).toBe('63FFE4FC');
  });

  test('of a Smartfreq tag', () => {
    expect(toHex(deriveSmartfreqPassword(SMARTFREQ, 'secret', hash('sha1')))).toBe('2417AFD1');
  });
});
