/** The memory of one tag before an M100 module. Source: M100/QM100 firmware manual V2.1, 2.5, 2.8, 2.9, chapter 4. */
import { bytesOfLayout, readLayout } from '#contract/codec/layout.ts';
import { TYPE, type M100Frame } from '#contract/codec/m100/frame.ts';
import {
  COMMAND,
  ERROR,
  READ_ANSWER,
  READ_MEMORY,
  SELECT,
  TAG_DONE,
  TAG_REASON,
  WRITE_MEMORY,
} from '#contract/codec/m100/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { lockedFault, readInPieces, writeInPieces } from '#gateway/drivers/gen2-pieces.ts';
import { answers, commandFrame, errorOf, type M100Line } from '#gateway/drivers/m100/line.ts';
import type { StreamHold } from '#gateway/drivers/streaming.ts';
import { GEN2_BANK, type AccessFault, type Gen2Place, type UhfTagAccess } from '#gateway/drivers/tag-access.ts';

/** The manual's limit for writing; reading has none that it tells. */
const WORDS_MAX = 32;
/** Behind the tag's CRC and PC. */
const EPC_POINTER_BITS = 32;
/** The mask's length is one byte. */
const MASK_BYTES_MAX = 31;
const NO_PASSWORD = new Uint8Array(4);
const TAG_BASES: ReadonlySet<number> = new Set([ERROR.readTag, ERROR.writeTag]);

export interface M100AccessOptions {
  readonly line: M100Line;
  readonly hold: StreamHold;
  readonly timeoutMs: number;
}

export function m100Access({ line, hold, timeoutMs }: M100AccessOptions): UhfTagAccess {
  async function ask(code: number, parameters: Uint8Array, place: Gen2Place): Promise<Result<M100Frame, AccessFault>> {
    const isAnswer = answers(code);
    const answer = await line.ask(
      commandFrame(code, parameters),
      // The polls have stopped: whatever fails now is ours.
      (frame) => isAnswer(frame) || (frame.type === TYPE.response && frame.command === COMMAND.failed),
      timeoutMs,
    );
    if (answer === undefined) return err({ code: 'unanswered', detail: `no answer to command ${code.toString(16)}` });
    const error = errorOf(answer);
    return error === undefined ? ok(answer) : err(faultOf(error, code, place));
  }

  async function select(place: Gen2Place): Promise<Result<void, AccessFault>> {
    const mask = (fromHex(place.epc) ?? new Uint8Array(0)).slice(0, MASK_BYTES_MAX);
    const fields = {
      ...{ target: 0, action: 0, memBank: GEN2_BANK.epc, pointer: EPC_POINTER_BITS, truncate: 0 },
      ...{ maskBits: mask.length * 8, mask: toHex(mask) },
    };
    const answer = await ask(COMMAND.setSelect, bytesOfLayout(SELECT, fields), place);
    return answer.ok ? ok(undefined) : answer;
  }

  async function onTag<T>(
    place: Gen2Place,
    work: () => Promise<Result<T, AccessFault>>,
  ): Promise<Result<T, AccessFault>> {
    return hold.hold(async () => {
      const selected = await select(place);
      return selected.ok ? work() : selected;
    });
  }

  async function readPiece(place: Gen2Place, words: number): Promise<Result<Uint8Array, AccessFault>> {
    const answer = await ask(COMMAND.readMemory, bytesOfLayout(READ_MEMORY, { ...whereOf(place), words }), place);
    if (!answer.ok) return answer;
    const read = readLayout(READ_ANSWER, answer.value.parameters);
    if (read === undefined) return err({ code: 'read-failed', detail: 'an answer that the manual does not know' });
    const stranger = strangerFault(place, read.tag);
    return stranger === undefined ? ok(fromHex(read.data) ?? new Uint8Array(0)) : err(stranger);
  }

  async function writePiece(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const fields = { ...whereOf(place), words: data.length / 2, data: toHex(data) };
    const answer = await ask(COMMAND.writeMemory, bytesOfLayout(WRITE_MEMORY, fields), place);
    if (!answer.ok) return answer;
    const done = readLayout(TAG_DONE, answer.value.parameters);
    if (done?.status !== 0) return err({ code: 'write-failed', detail: 'the module did not confirm' });
    const stranger = strangerFault(place, done.tag);
    return stranger === undefined ? ok(undefined) : err(stranger);
  }

  return {
    kind: 'uhf',
    readWords: (place, wordCount) =>
      onTag(place, () => readInPieces(place, { wordCount, wordsMax: WORDS_MAX }, readPiece)),
    writeWords: (place, data) => onTag(place, () => writeInPieces(place, { data, wordsMax: WORDS_MAX }, writePiece)),
  };
}

function whereOf({ bank, firstWord, password }: Gen2Place): {
  readonly accessPassword: string;
  readonly memBank: number;
  readonly address: number;
} {
  return { accessPassword: toHex(password ?? NO_PASSWORD), memBank: bank, address: firstWord };
}

/** The module names the tag it spoke with; a mask can fit two. */
function strangerFault({ epc }: Gen2Place, tag: { readonly epc: string }): AccessFault | undefined {
  if (tag.epc === epc.toUpperCase()) return undefined;
  return { code: 'no-tag', detail: `another tag answered: ${tag.epc}` };
}

function faultOf(error: number, code: number, place: Gen2Place): AccessFault {
  const isWrite = code === COMMAND.writeMemory;
  const failed = isWrite ? 'write-failed' : 'read-failed';
  const detail = `error ${error.toString(16).padStart(2, '0')}`;
  switch (error) {
    case ERROR.readNoTag:
    case ERROR.writeNoTag:
    case ERROR.noTag:
      return { code: 'no-tag', detail };
    case ERROR.accessPassword:
      return { code: 'wrong-password', detail };
    case ERROR.command:
    case ERROR.parameter:
      return { code: 'not-supported', detail };
  }
  if (!TAG_BASES.has(error & 0xf0)) return { code: failed, detail };
  switch (error & 0x0f) {
    case TAG_REASON.memoryLocked:
      return lockedFault(place, detail);
    case TAG_REASON.memoryOverrun:
      return { code: 'no-such-block', detail };
    default:
      return { code: failed, detail };
  }
}
