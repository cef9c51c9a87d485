/**
 * Single tags in the field of a UHFReader18.
 *
 * Source: UHFReader18 User's Manual V2.0, 8.2.2 and 8.2.3: an EPC of at most 15 words says which tag; a command has at
 * most 96 bytes behind its length.
 */
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { readInPieces, writeInPieces } from '#gateway/drivers/gen2-pieces.ts';
import type { AccessFault, Gen2Place, UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { FaultContext } from '#gateway/drivers/uhfreader-faults.ts';
import { askAboutTag } from '#gateway/drivers/uhfreader-line.ts';
import type { Answer18, Command18, Line18 } from './line.ts';

const READ_WORDS_MAX = 100;
/** With the longest EPC the command is just short enough. */
const WRITE_WORDS_MAX = 24;
const EPC_DIGITS_MAX = 15 * 4;
const WORD_AT_MAX = 0xff;

/** `timeoutMs` is what one work takes at most. */
export function access18(line: Line18, timeoutMs: number): UhfTagAccess {
  const ask = (command: Command18, code: number, context: FaultContext): Promise<Result<Answer18, AccessFault>> =>
    askAboutTag(line, { command, code, context, timeoutMs });

  async function read(place: Gen2Place, num: number): Promise<Result<Uint8Array, AccessFault>> {
    const refusal = refusalOf(place);
    if (refusal !== undefined) return err(refusal);
    const context = { otherwise: 'read-failed', hasPassword: place.password !== undefined } as const;
    const answer = await ask({ kind: 'read', ...whereOf(place), num }, 0x02, context);
    if (!answer.ok) return answer;
    return ok(fromHex(answer.value.kind === 'read' ? answer.value.data : '') ?? new Uint8Array(0));
  }

  async function write(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const refusal = refusalOf(place);
    if (refusal !== undefined) return err(refusal);
    const context = { otherwise: 'write-failed', hasPassword: place.password !== undefined } as const;
    const answer = await ask({ kind: 'write', ...whereOf(place), data: toHex(data) }, 0x03, context);
    return answer.ok ? ok(undefined) : answer;
  }

  return {
    kind: 'uhf',
    readWords: (place, wordCount) => readInPieces(place, { wordCount, wordsMax: READ_WORDS_MAX }, read),
    writeWords: (place, data) => writeInPieces(place, { data, wordsMax: WRITE_WORDS_MAX }, write),
  };
}

/** What the command cannot say. */
function refusalOf({ epc, firstWord }: Gen2Place): AccessFault | undefined {
  if (epc.length > EPC_DIGITS_MAX || epc.length % 4 !== 0) {
    return { code: 'not-supported', detail: 'this reader calls tags by an EPC of at most 15 words' };
  }
  if (firstWord <= WORD_AT_MAX) return undefined;
  return { code: 'not-supported', detail: `this reader reaches words 0 to ${WORD_AT_MAX}` };
}

function whereOf({ epc, bank, firstWord, password }: Gen2Place) {
  const pwd = password === undefined ? '00000000' : toHex(password);
  return { epc, mem: bank, wordPtr: firstWord, pwd };
}
