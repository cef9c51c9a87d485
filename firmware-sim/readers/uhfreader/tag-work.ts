/** What a UHFReader does to one tag in its field, and how it says that it could not. */
import { STATUS, TAG_ERROR } from '#contract/codec/uhfreader/status.ts';
import { fromHex } from '#contract/hex.ts';
import type { Result } from '#contract/result.ts';
import {
  inventoryAnswer,
  isSelected,
  type Gen2Access,
  type Gen2Bank,
  type Gen2Refusal,
  type Gen2Tag,
} from '#sim/readers/gen2-tag.ts';

export interface WantedTag {
  readonly epc?: string | undefined;
  readonly mask?:
    | {
        readonly maskMem: number;
        readonly maskAdr: number;
        readonly maskLen: number;
        readonly maskData: string;
      }
    | undefined;
}

/** The first tag heard that is meant. */
export function findTag(heard: readonly Gen2Tag[], { epc, mask }: WantedTag): Gen2Tag | undefined {
  return heard.find((tag) => {
    if (epc !== undefined && inventoryAnswer(tag).epc !== epc) return false;
    if (mask === undefined) return true;
    const bank = bankOf(mask.maskMem);
    const { maskAdr: pointerBits, maskLen: bits } = mask;
    return bank !== undefined && isSelected(tag, { bank, pointerBits, bits, mask: bytesOf(mask.maskData) });
  });
}

export function bankOf(mem: number): Gen2Bank | undefined {
  return mem === 0 || mem === 1 || mem === 2 || mem === 3 ? mem : undefined;
}

export function accessOf(bank: Gen2Bank, { wordPtr, pwd }: { wordPtr: number; pwd: string }): Gen2Access {
  return { bank, firstWord: wordPtr, password: bytesOf(pwd) };
}

export function bytesOf(hex: string): Uint8Array {
  return fromHex(hex) ?? new Uint8Array(0);
}

export type Refusal =
  | { readonly kind: 'status'; readonly command: number; readonly status: number }
  | { readonly kind: 'tag-error'; readonly command: number; readonly tagError: number };

const BY_REFUSAL: Readonly<Record<Gen2Refusal, { readonly status: number } | { readonly tagError: number }>> = {
  'memory-overrun': { tagError: TAG_ERROR.memoryOverrun },
  'memory-locked': { tagError: TAG_ERROR.memoryLocked },
  'wrong-password': { status: STATUS.wrongAccessPassword },
};

export function refusalOf(command: number, refusal: Gen2Refusal): Refusal {
  const answer = BY_REFUSAL[refusal];
  return 'status' in answer ? { kind: 'status', command, ...answer } : { kind: 'tag-error', command, ...answer };
}

export function status(command: number, code: number): Refusal {
  return { kind: 'status', command, status: code };
}

/** Done, or the refusal. */
export function doneOr(command: number, result: Result<unknown, Gen2Refusal>): Refusal {
  return result.ok ? status(command, STATUS.ok) : refusalOf(command, result.error);
}
