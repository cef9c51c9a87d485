/** The memory of one tag before a ThingMagic module. Source: MercuryAPI, serial_reader_l3.c; tmr_status.h. */
import { bytesOfLayout } from '#contract/codec/layout.ts';
import {
  ANTENNA_PORTS,
  OPCODE,
  OPTION,
  READ_MEMORY_OF_EPC,
  STATUS,
  WRITE_MEMORY_OF_EPC,
} from '#contract/codec/m6e/messages.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { lockedFault, readInPieces, writeInPieces } from '#gateway/drivers/gen2-pieces.ts';
import { commandFrame, insist, statusText, type M6eLine } from '#gateway/drivers/m6e/line.ts';
import type { StreamHold } from '#gateway/drivers/streaming.ts';
import type { AccessFault, Gen2Place, UhfTagAccess } from '#gateway/drivers/tag-access.ts';

const WORDS_MAX = 32;
const MASK_BYTES_MAX = 31;
const NO_PASSWORD = new Uint8Array(4);
/** Option and metadata flags, as asked for, may stand before what was read. */
const ECHO_BYTES = 3;
/** The line waits longer than the module tries. */
const TRANSPORT_MS = 500;

const NO_TAG: ReadonlySet<number> = new Set([STATUS.noTags, STATUS.noDataRead]);

export interface M6eAccessOptions {
  readonly line: M6eLine;
  readonly hold: StreamHold;
  readonly antennas: readonly number[];
  readonly timeoutMs: number;
}

export function m6eAccess({ line, hold, antennas, timeoutMs }: M6eAccessOptions): UhfTagAccess {
  async function ask(opcode: number, data: Uint8Array, place: Gen2Place): Promise<Result<Uint8Array, AccessFault>> {
    const answer = await line.ask(
      commandFrame(opcode, data),
      (frame) => frame.opcode === opcode,
      timeoutMs + TRANSPORT_MS,
    );
    if (answer === undefined) return err({ code: 'unanswered', detail: `no answer to opcode ${opcode.toString(16)}` });
    const { status = STATUS.ok } = answer;
    return status === STATUS.ok ? ok(answer.data) : err(faultOf(status, opcode, place));
  }

  /** The tag may be before any antenna: each is tried until one reaches it. */
  function onTag<T>(work: () => Promise<Result<T, AccessFault>>): Promise<Result<T, AccessFault>> {
    return hold.hold(async () => {
      let result: Result<T, AccessFault> = err({ code: 'no-tag', detail: 'no antenna' });
      for (const antenna of antennas) {
        const ports = bytesOfLayout(ANTENNA_PORTS, { antennaTx: antenna, antennaRx: antenna });
        const { status } = await insist(line, commandFrame(OPCODE.setAntenna, ports));
        if (status !== STATUS.ok) continue;
        result = await work();
        if (result.ok || result.error.code !== 'no-tag') return result;
      }
      return result;
    });
  }

  async function readPiece(place: Gen2Place, words: number): Promise<Result<Uint8Array, AccessFault>> {
    const fields = { ...whereOf(place), timeoutMs, option: OPTION.epcWithMetadata, metadataFlags: 0, words };
    const answer = await ask(OPCODE.readMemory, bytesOfLayout(READ_MEMORY_OF_EPC, fields), place);
    if (!answer.ok || answer.value.length !== words * 2 + ECHO_BYTES) return answer;
    return ok(answer.value.slice(ECHO_BYTES));
  }

  async function writePiece(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const fields = { ...whereOf(place), timeoutMs, option: OPTION.epc, data: toHex(data) };
    const answer = await ask(OPCODE.writeMemory, bytesOfLayout(WRITE_MEMORY_OF_EPC, fields), place);
    return answer.ok ? ok(undefined) : answer;
  }

  return {
    kind: 'uhf',
    readWords: (place, wordCount) => onTag(() => readInPieces(place, { wordCount, wordsMax: WORDS_MAX }, readPiece)),
    writeWords: (place, data) => onTag(() => writeInPieces(place, { data, wordsMax: WORDS_MAX }, writePiece)),
  };
}

function whereOf({ epc, bank, firstWord, password }: Gen2Place): {
  readonly accessPassword: string;
  readonly memBank: number;
  readonly address: number;
  readonly mask: { readonly bits: number; readonly mask: string };
} {
  const mask = (fromHex(epc) ?? new Uint8Array(0)).slice(0, MASK_BYTES_MAX);
  return {
    accessPassword: toHex(password ?? NO_PASSWORD),
    memBank: bank,
    address: firstWord,
    mask: { bits: mask.length * 8, mask: toHex(mask) },
  };
}

function faultOf(status: number, opcode: number, place: Gen2Place): AccessFault {
  const failed = opcode === OPCODE.writeMemory ? 'write-failed' : 'read-failed';
  const detail = statusText(status);
  if (NO_TAG.has(status)) return { code: 'no-tag', detail };
  switch (status) {
    case STATUS.memoryLocked:
      return lockedFault(place, detail);
    case STATUS.memoryOverrun:
    case STATUS.invalidAddress:
      return { code: 'no-such-block', detail };
    case STATUS.generalTagError:
      // The tag falls silent at a wrong password; without one it failed for another reason.
      return { code: lockedFault(place, detail).code === 'locked' ? 'wrong-password' : failed, detail };
    case STATUS.invalidOpcode:
    case STATUS.invalidParameter:
    case STATUS.wrongDataBytes:
    case STATUS.notImplemented:
      return { code: 'not-supported', detail };
    default:
      return { code: failed, detail };
  }
}
