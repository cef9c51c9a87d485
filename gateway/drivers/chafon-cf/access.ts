/**
 * Single tags in the field of a Chafon CF reader: a mask chooses the tag, the work is done, the mask is taken away.
 *
 * Source: CFApi.h of the vendor's SDK: SetSelectMask, ReadTag, WriteTag; field notes on the UHF Prime Reader for the stop
 * behind them.
 */
import { CF_STATUS, CF_TAG_STATUS } from '#contract/codec/chafon-cf/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { lockedFault, readInPieces, writeInPieces } from '#gateway/drivers/gen2-pieces.ts';
import type { AccessFault, Gen2Place, UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import { statusOf } from '#gateway/drivers/uhfreader-line.ts';
import type { AnswerCf, CommandCf, LineCf } from './line.ts';

const CODE = { stop: 0x0002, read: 0x0003, write: 0x0004, mask: 0x0007 } as const;
const READ_WORDS_MAX = 64;
const WRITE_WORDS_MAX = 32;
/** 240 bits; the count of bits is one byte. */
const EPC_DIGITS_MAX = 60;
const BITS_PER_DIGIT = 4;
const NO_MASK = { kind: 'set-mask', maskPtr: 0, maskBits: 0, mask: undefined } as const;

type Working = <T>(work: () => Promise<T>) => Promise<T>;

/** `working` keeps inventories away while the mask is set. */
export function accessCf(line: LineCf, working: Working): UhfTagAccess {
  const ended = (code: number) => (answer: AnswerCf) => statusOf(answer, code) !== undefined;

  async function ask(command: CommandCf, code: number): Promise<AnswerCf | undefined> {
    const isEnd = ended(code);
    return line.ask(command, (answer) => answer.kind === command.kind || isEnd(answer));
  }

  /** The reader goes on with a work until its round is over: what it says then must not answer the next question. */
  async function askOnce(command: CommandCf, code: number): Promise<AnswerCf | undefined> {
    const answer = await ask(command, code);
    await ask({ kind: 'stop' }, CODE.stop);
    return answer;
  }

  /** Around every work: the mask of its tag. */
  async function masked<T>({ epc }: Gen2Place, work: () => Promise<Result<T, AccessFault>>) {
    const mask = epc.slice(0, EPC_DIGITS_MAX);
    const set = { kind: 'set-mask', maskPtr: 0, maskBits: mask.length * BITS_PER_DIGIT, mask } as const;
    try {
      const answer = await ask(set, CODE.mask);
      const status = answer === undefined ? undefined : statusOf(answer, CODE.mask);
      if (status === undefined) return err({ code: 'unanswered', detail: 'no answer to set-mask' } as const);
      if (status !== CF_STATUS.ok) return err({ code: 'not-supported', detail: `mask: status ${status}` } as const);
      return await work();
    } finally {
      await ask(NO_MASK, CODE.mask);
    }
  }

  async function read(place: Gen2Place, wordCount: number): Promise<Result<Uint8Array, AccessFault>> {
    const { bank: memBank, firstWord: wordPtr } = place;
    const answer = await askOnce({ kind: 'read', ...head(place), memBank, wordPtr, wordCount }, CODE.read);
    if (answer?.kind === 'read' && answer.tagStatus === CF_TAG_STATUS.ok) {
      return ok(fromHex(answer.data) ?? new Uint8Array(0));
    }
    return err(faultOf(answer, place, 'read-failed'));
  }

  async function write(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const { bank: memBank, firstWord: wordPtr } = place;
    const answer = await askOnce({ kind: 'write', ...head(place), memBank, wordPtr, data: toHex(data) }, CODE.write);
    if (answer?.kind === 'write' && answer.tagStatus === CF_TAG_STATUS.ok) return ok(undefined);
    return err(faultOf(answer, place, 'write-failed'));
  }

  return {
    kind: 'uhf',
    readWords: (place, wordCount) =>
      working(() => masked(place, () => readInPieces(place, { wordCount, wordsMax: READ_WORDS_MAX }, read))),
    writeWords: (place, data) =>
      working(() => masked(place, () => writeInPieces(place, { data, wordsMax: WRITE_WORDS_MAX }, write))),
  };
}

function head({ password }: Gen2Place): { readonly option: number; readonly accPwd: string } {
  return { option: 0, accPwd: password === undefined ? '00000000' : toHex(password) };
}

const BY_TAG_STATUS: Readonly<Record<number, AccessFault['code']>> = {
  [CF_TAG_STATUS.notSupported]: 'not-supported',
  [CF_TAG_STATUS.memoryOverrun]: 'no-such-block',
};

const BY_STATUS: Readonly<Record<number, AccessFault['code']>> = {
  // The round is over and no tag was worked on.
  [CF_STATUS.over]: 'no-tag',
  [CF_STATUS.tagSilent]: 'no-tag',
  [CF_STATUS.tagGarbled]: 'no-tag',
  [CF_STATUS.authentication]: 'wrong-password',
  [CF_STATUS.wrongPassword]: 'wrong-password',
  [CF_STATUS.wrongParameter]: 'not-supported',
};

function faultOf(
  answer: AnswerCf | undefined,
  place: Gen2Place,
  otherwise: 'read-failed' | 'write-failed',
): AccessFault {
  if (answer === undefined) return { code: 'unanswered', detail: 'no answer to the work on the tag' };
  if (answer.kind === 'read' || answer.kind === 'write') {
    const { tagStatus } = answer;
    const detail = `the tag refused with ${tagStatus}`;
    const isLocked = tagStatus === CF_TAG_STATUS.memoryLocked || tagStatus === CF_TAG_STATUS.noRight;
    return isLocked ? lockedFault(place, detail) : { code: BY_TAG_STATUS[tagStatus] ?? otherwise, detail };
  }
  const status = 'status' in answer ? answer.status : CF_STATUS.failed;
  return { code: BY_STATUS[status] ?? otherwise, detail: `status ${status}` };
}
