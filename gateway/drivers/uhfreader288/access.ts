/**
 * Single tags in the field of a UHFReader288. They are looked for on the antennas that are switched on.
 *
 * Source: UHFReader288MP User's Manual V1.14, 8.2.2, 8.2.3, 8.2.18 and 8.2.19 (the last two with a word address above 255).
 */
import { ok, type Result } from '#contract/result.ts';
import type { BitMask } from '#contract/codec/uhfreader/tag-fields.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { readInPieces, writeInPieces } from '#gateway/drivers/gen2-pieces.ts';
import { GEN2_BANK, type AccessFault, type Gen2Place, type UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { FaultContext } from '#gateway/drivers/uhfreader-faults.ts';
import { askAboutTag } from '#gateway/drivers/uhfreader-line.ts';
import type { Answer288, Command288, Line288 } from './line.ts';

/** Words that the reader takes in one command. */
const READ_WORDS_MAX = 120;
const WRITE_WORDS_MAX = 32;
/** The reader takes an EPC of at most 15 words; a longer one is called by as many of its bits. */
const EPC_DIGITS_MAX = 15 * 4;
/** Behind CRC and PC. */
const EPC_AT_BIT = 32;
const SHORT_WORD_MAX = 0xff;
const BITS_PER_DIGIT = 4;

type Working = <T>(work: () => Promise<T>) => Promise<T>;

/** `working` is around every work on a tag; `timeoutMs` is what one takes at most. */
export function access288(line: Line288, working: Working, timeoutMs: number): UhfTagAccess {
  const ask = (command: Command288, code: number, context: FaultContext): Promise<Result<Answer288, AccessFault>> =>
    askAboutTag(line, { command, code, context, timeoutMs });

  async function read(place: Gen2Place, words: number): Promise<Result<Uint8Array, AccessFault>> {
    const context = { otherwise: 'read-failed', hasPassword: place.password !== undefined } as const;
    const where = {
      ...whichTag(place.epc),
      mem: place.bank,
      wordPtr: place.firstWord,
      num: words,
      pwd: passwordOf(place),
    };
    const isShort = place.firstWord <= SHORT_WORD_MAX;
    const answer = isShort
      ? await ask({ kind: 'read', ...where }, 0x02, context)
      : await ask({ kind: 'read-extended', ...where }, 0x15, context);
    if (!answer.ok) return answer;
    const { value } = answer;
    const data = value.kind === 'read' || value.kind === 'read-extended' ? value.data : '';
    return ok(fromHex(data) ?? new Uint8Array(0));
  }

  async function write(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const { epc, bank, firstWord } = place;
    const context = { otherwise: 'write-failed', hasPassword: place.password !== undefined } as const;
    const where = { ...whichTag(epc), mem: bank, wordPtr: firstWord, data: toHex(data), pwd: passwordOf(place) };
    const isShort = firstWord <= SHORT_WORD_MAX;
    const answer = isShort
      ? await ask({ kind: 'write', ...where }, 0x03, context)
      : await ask({ kind: 'write-extended', ...where }, 0x16, context);
    return answer.ok ? ok(undefined) : answer;
  }

  return {
    kind: 'uhf',
    readWords: (place, wordCount) => working(() => readInPieces(place, { wordCount, wordsMax: READ_WORDS_MAX }, read)),
    writeWords: (place, data) => working(() => writeInPieces(place, { data, wordsMax: WRITE_WORDS_MAX }, write)),
  };
}

function whichTag(epc: string): { readonly epc: string } | { readonly mask: BitMask } {
  if (epc.length <= EPC_DIGITS_MAX && epc.length % 4 === 0) return { epc };
  const maskData = epc.slice(0, EPC_DIGITS_MAX);
  const maskLen = maskData.length * BITS_PER_DIGIT;
  return { mask: { maskMem: GEN2_BANK.epc, maskAdr: EPC_AT_BIT, maskLen, maskData } };
}

function passwordOf({ password }: Gen2Place): string {
  return password === undefined ? '00000000' : toHex(password);
}
