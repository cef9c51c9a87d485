/**
 * Lending on a UHF tag: the mark that a gate looks at, and the passwords that keep others from changing it.
 *
 * - `pc-afi`: AFI 07 in the protocol control word = in stock (a gate calls), C2 = lent. Bit T is set with it.
 * - `epc-bit`: bit 0 of byte 15 of the EPC = in stock.
 *
 * Both are one word in memory bank 01, where word 0 is the CRC (the tag computes it), 1 the control word, 2 the first of
 * the EPC.
 *
 * Source: bookwaves-feig, `BRTag.java` (AFI in the control word, password) and `DE290Tag.java` (bit in word 9,
 * passwords); dp2 `UhfUtility.cs` (AFI 07 and C2); ISO/IEC 18000-63, memory bank 01.
 */
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import { isSecuredEpc, ISIL_EPC_BYTES } from '#contract/codec/uhf-library/isil-epc.ts';
import { pcAfi, withAfi } from '#contract/codec/uhf-library/pc-word.ts';
import { toHex } from '#contract/hex.ts';

export type SecurityKind = 'pc-afi' | 'epc-bit';
export type Security = 'secured' | 'unsecured' | 'unknown';

/** What a tag answers to an inventory. */
export interface UhfTag {
  /** The protocol control word; readers may leave it out. */
  readonly pc?: number;
  readonly epc: Uint8Array;
}

/** Values of the AFI; some products have others than the standard's. */
export interface AfiPair {
  readonly secured: number;
  readonly unsecured: number;
}

export const STANDARD_AFIS: AfiPair = { secured: AFI.inStock, unsecured: AFI.onLoan };

/** The tag as it will be, and the one word to write for that. */
export interface SecurityChange {
  readonly tag: UhfTag;
  readonly write: { readonly bank: 1; readonly wordPointer: number; readonly data: Uint8Array };
}

const PC_WORD = 1;
const SECURITY_WORD = 9;
const SECURITY_WORD_AT = 14;

/** What the mark says; `unknown` for an AFI that is none of the two, or a tag that cannot carry the mark. */
export function securityOf(tag: UhfTag, kind: SecurityKind, afis: AfiPair = STANDARD_AFIS): Security {
  if (kind === 'epc-bit') {
    if (tag.epc.length !== ISIL_EPC_BYTES) return 'unknown';
    return isSecuredEpc(tag.epc) ? 'secured' : 'unsecured';
  }
  const afi = tag.pc === undefined ? undefined : pcAfi(tag.pc);
  if (afi === afis.secured) return 'secured';
  return afi === afis.unsecured ? 'unsecured' : 'unknown';
}

/** The change that sets the mark; undefined for a tag that cannot carry it (no control word known, other length). */
export function withSecurity(
  tag: UhfTag,
  secured: boolean,
  kind: SecurityKind,
  afis: AfiPair = STANDARD_AFIS,
): SecurityChange | undefined {
  if (kind === 'epc-bit') return tag.epc.length === ISIL_EPC_BYTES ? withEpcBit(tag, secured) : undefined;
  if (tag.pc === undefined) return undefined;
  const pc = withAfi(tag.pc, secured ? afis.secured : afis.unsecured);
  const data = Uint8Array.of(pc >> 8, pc & 0xff);
  return { tag: { pc, epc: tag.epc }, write: { bank: 1, wordPointer: PC_WORD, data } };
}

function withEpcBit(tag: UhfTag, secured: boolean): SecurityChange {
  const epc = tag.epc.slice();
  epc[ISIL_EPC_BYTES - 1] = ((epc[ISIL_EPC_BYTES - 1] ?? 0) & 0xfe) | Number(secured);
  return {
    tag: { ...tag, epc },
    write: { bank: 1, wordPointer: SECURITY_WORD, data: epc.slice(SECURITY_WORD_AT) },
  };
}

/** A hash function, handed in because this folder computes nothing but its inputs. */
export type Hash = (bytes: Uint8Array) => Uint8Array;

const SALT_BYTES = 12;
const PASSWORD_BYTES = 4;
const ENCODER = new TextEncoder();

/**
 * Access or kill password of an ISIL tag, each with a secret of its own: the first four bytes of SHA-512 over the first 96
 * bits of the EPC and the secret. The security bit lies behind them, so the password stays when a book is lent.
 */
export function derivePassword(epc: Uint8Array, secret: string, sha512: Hash): Uint8Array {
  return sha512(join(epc.slice(0, SALT_BYTES), ENCODER.encode(secret))).slice(0, PASSWORD_BYTES);
}

/** Access password of a Smartfreq BR tag: bytes 0, 2, 3 and 6 of SHA-1 over the EPC in hex digits and the secret. */
export function deriveSmartfreqPassword(epc: Uint8Array, secret: string, sha1: Hash): Uint8Array {
  const hash = sha1(ENCODER.encode(toHex(epc) + secret));
  return Uint8Array.from([0, 2, 3, 6], (at) => hash[at] ?? 0);
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
