/**
 * The memory of one EPC Gen2 tag: four banks, passwords and locks.
 *
 *     bank 0 | kill password | access password |     bank 1 | CRC u16 | PC u16 | EPC … |     bank 2 | TID |     bank 3 | user |
 *
 * Source: EPC Gen2 v2, 6.3.2.1 (memory), 6.3.2.12.3 (access commands); the CRC is that of annex F, as in the answer of a
 * tag to an inventory.
 */
import { assert } from '#contract/assert.ts';
import { crc16 } from '#contract/codec/crc16.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

export type Gen2Bank = 0 | 1 | 2 | 3;
type LockableBank = 0 | 1 | 3;

/** `password`: only with the access password; `for-good`: never again. A closed bank 0 cannot be read either. */
export type Gen2Lock = 'open' | 'password' | 'for-good';

export interface Gen2Tag {
  readonly banks: Readonly<Record<Gen2Bank, Uint8Array>>;
  readonly locks: Record<LockableBank, Gen2Lock>;
}

export interface Gen2TagOptions {
  readonly epc: string;
  readonly tid?: string;
  readonly userBytes?: number;
  readonly accessPassword?: string;
  readonly locks?: Partial<Record<LockableBank, Gen2Lock>>;
}

/** What the tag itself answers when it cannot; `wrong-password` is silence on the air, which readers report as such. */
export type Gen2Refusal = 'memory-overrun' | 'memory-locked' | 'wrong-password';

export interface Gen2Access {
  readonly bank: Gen2Bank;
  readonly firstWord: number;
  /** 4 bytes; zeros = none. */
  readonly password: Uint8Array;
}

/** The access that a serial module's command asks for: bank as a number, password in hex. */
export function accessOf(asked: {
  readonly memBank: number;
  readonly address: number;
  readonly accessPassword: string;
}): Gen2Access {
  const password = fromHex(asked.accessPassword) ?? new Uint8Array(4);
  return { bank: (asked.memBank & 3) as Gen2Bank, firstWord: asked.address, password };
}

const CRC_BYTES = 2;
const PC_BYTES = 2;
const ACCESS_PASSWORD_AT = 4;
/** Room for EPCs up to 240 bits behind CRC and PC. */
const EPC_BANK_BYTES = 34;
/** The first byte of a PC holds the length in words in its high five bits. */
const PC_WORDS_SHIFT = 3;
const TID_DEFAULT = 'E2801160600002054E17C1D9';

/** A tag as it comes off the roll, with an EPC written to it. */
export function newGen2Tag(options: Gen2TagOptions): Gen2Tag {
  const { epc, tid = TID_DEFAULT, userBytes = 64, accessPassword = '00000000', locks } = options;
  const epcBytes = bytesOf(epc);
  assert(epcBytes.length % 2 === 0 && epcBytes.length <= EPC_BANK_BYTES - CRC_BYTES - PC_BYTES, 'the EPC fits');
  const epcBank = new Uint8Array(EPC_BANK_BYTES);
  epcBank[CRC_BYTES] = (epcBytes.length / 2) << PC_WORDS_SHIFT;
  epcBank.set(epcBytes, CRC_BYTES + PC_BYTES);
  const reserved = new Uint8Array(8);
  reserved.set(bytesOf(accessPassword), ACCESS_PASSWORD_AT);
  const tag: Gen2Tag = {
    banks: { 0: reserved, 1: epcBank, 2: bytesOf(tid), 3: new Uint8Array(userBytes) },
    locks: { 0: 'open', 1: 'open', 3: 'open', ...locks },
  };
  renewCrc(tag);
  return tag;
}

/** What the tag answers to an inventory. */
export function inventoryAnswer(tag: Gen2Tag): { readonly pc: string; readonly epc: string; readonly crc: string } {
  const bank = tag.banks[1];
  const [pc, epc, crc] = [
    answered(tag).subarray(0, PC_BYTES),
    answered(tag).subarray(PC_BYTES),
    bank.subarray(0, CRC_BYTES),
  ];
  return { pc: toHex(pc), epc: toHex(epc), crc: toHex(crc) };
}

/** `words` words of a bank. */
export function readTag(tag: Gen2Tag, access: Gen2Access, words: number): Result<Uint8Array, Gen2Refusal> {
  const refusal = passwordRefusal(tag, access);
  if (refusal !== undefined) return err(refusal);
  if (access.bank === 0 && isClosed(tag, 0, access)) return err('memory-locked');
  const bank = tag.banks[access.bank];
  const at = access.firstWord * 2;
  // Zero words mean all of them.
  const bytes = words === 0 ? bank.length - at : words * 2;
  return bytes < 0 || at + bytes > bank.length ? err('memory-overrun') : ok(bank.slice(at, at + bytes));
}

/** Writes whole words. */
export function writeTag(tag: Gen2Tag, access: Gen2Access, data: Uint8Array): Result<void, Gen2Refusal> {
  const refusal = passwordRefusal(tag, access);
  if (refusal !== undefined) return err(refusal);
  const { bank, firstWord } = access;
  const at = firstWord * 2;
  if (at + data.length > tag.banks[bank].length) return err('memory-overrun');
  // The TID is locked by its maker, the CRC belongs to the tag.
  if (bank === 2 || isClosed(tag, bank, access) || (bank === 1 && firstWord === 0)) return err('memory-locked');
  tag.banks[bank].set(data, at);
  if (bank === 1) renewCrc(tag);
  return ok(undefined);
}

/** Whether a Select with this mask chooses the tag. `pointerBits` counts from the beginning of the bank. */
export function isSelected(
  tag: Gen2Tag,
  mask: { readonly bank: Gen2Bank; readonly pointerBits: number; readonly bits: number; readonly mask: Uint8Array },
): boolean {
  const bank = tag.banks[mask.bank];
  if (mask.pointerBits + mask.bits > bank.length * 8) return false;
  return Array.from({ length: mask.bits }, (_, i) => i).every(
    (i) => bitOf(bank, mask.pointerBits + i) === bitOf(mask.mask, i),
  );
}

function isClosed(tag: Gen2Tag, bank: LockableBank, { password }: Gen2Access): boolean {
  const lock = tag.locks[bank];
  return lock === 'for-good' || (lock === 'password' && !isZero(accessPassword(tag)) && isZero(password));
}

/** A tag whose access password is zero lets everybody in. */
function passwordRefusal(tag: Gen2Tag, { password }: Gen2Access): Gen2Refusal | undefined {
  if (isZero(password) || toHex(password) === toHex(accessPassword(tag))) return undefined;
  return 'wrong-password';
}

function accessPassword(tag: Gen2Tag): Uint8Array {
  return tag.banks[0].subarray(ACCESS_PASSWORD_AT);
}

/** PC and EPC, as long as the PC says. */
function answered(tag: Gen2Tag): Uint8Array {
  const bank = tag.banks[1];
  const words = (bank[CRC_BYTES] ?? 0) >> PC_WORDS_SHIFT;
  return bank.slice(CRC_BYTES, CRC_BYTES + PC_BYTES + words * 2);
}

function renewCrc(tag: Gen2Tag): void {
  const crc = ~crc16(answered(tag)) & 0xffff;
  tag.banks[1].set([crc >>> 8, crc & 0xff]);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function bitOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at >>> 3] ?? 0) >>> (7 - (at % 8))) & 1;
}

function bytesOf(hex: string): Uint8Array {
  const bytes = fromHex(hex);
  assert(bytes !== undefined, 'tags are given in hex');
  return bytes;
}
