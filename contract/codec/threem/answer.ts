/**
 * Answers of a 3M reader: the command, an error code, and on success what was asked for.
 *
 *     FE inventory    | AFI | options | n | n x { DSFID if options bit 1, UID if options bit 0 } |
 *     02 read blocks  | UID | n | n x { block, lock state, 4 bytes } |
 *     04 write blocks | UID | block: the one that failed, or the last written + 1 (not sent by all models) |
 *     0A get AFI      | UID | AFI |       09 write AFI | UID |
 *     03 check EAS    | UID | 00 or 01 |  0C control EAS | UID |
 *     11 version, and the probe's answer in a D5 frame | vendor, 0A = 3M | major | minor | build |
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, command descriptions (read answers in the style without options).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { BLOCK_BYTES, BodyReader, join, uidBytes } from '#contract/codec/threem/bytes.ts';
import { COMMAND, ERROR, INVENTORY_OPTION, PROBE_BODY } from '#contract/codec/threem/codes.ts';
import { encodeFrame, START, START_PROBE, type ThreemFrame } from '#contract/codec/threem/framer.ts';
import { err, ok, type Result } from '#contract/result.ts';

export interface ThreemVersion {
  /** 10 = 3M. */
  readonly vendor: number;
  readonly major: number;
  readonly minor: number;
  readonly build: number;
}

export interface ThreemBlock {
  readonly block: number;
  /** Lock and error state; 0 = free and read well. */
  readonly lock: number;
  /** 4 bytes. */
  readonly data: Uint8Array;
}

export interface ThreemTag {
  readonly uid?: string | undefined;
  readonly dsfid?: number | undefined;
}

export type ThreemAnswer =
  | ({ readonly kind: 'probe' } & ThreemVersion)
  | ({ readonly kind: 'version' } & ThreemVersion)
  | { readonly kind: 'inventory'; readonly afi: number; readonly options: number; readonly tags: readonly ThreemTag[] }
  | { readonly kind: 'read-blocks'; readonly uid: string; readonly blocks: readonly ThreemBlock[] }
  | { readonly kind: 'write-blocks'; readonly uid: string; readonly nextBlock?: number | undefined }
  | { readonly kind: 'get-afi'; readonly uid: string; readonly afi: number }
  | { readonly kind: 'write-afi'; readonly uid: string }
  | { readonly kind: 'check-eas'; readonly uid: string; readonly on: boolean }
  | { readonly kind: 'control-eas'; readonly uid: string }
  /** The reader could not do it; `error` is one of ERROR, `data` what else it said (often the UID). */
  | { readonly kind: 'failed'; readonly command: number; readonly error: number; readonly data: Uint8Array }
  | { readonly kind: 'other'; readonly command: number; readonly data: Uint8Array };

/** The whole frame of an answer, as a simulated reader sends it. */
export function encodeAnswer(answer: ThreemAnswer): Uint8Array {
  return encodeFrame({ start: answer.kind === 'probe' ? START_PROBE : START, body: answerBody(answer) });
}

function answerBody(answer: ThreemAnswer): Uint8Array {
  switch (answer.kind) {
    case 'probe':
      return join(PROBE_BODY, versionBytes(answer));
    case 'version':
      return join([COMMAND.version, ERROR.ok], versionBytes(answer));
    case 'inventory': {
      const head = [COMMAND.inventory, ERROR.ok, answer.afi, answer.options, answer.tags.length];
      return join(head, ...answer.tags.map((tag) => tagBytes(tag, answer.options)));
    }
    case 'read-blocks': {
      const blocks = answer.blocks.map(({ block, lock, data }) => join([block, lock], data));
      return join([COMMAND.readBlocks, ERROR.ok], uidBytes(answer.uid), [blocks.length], ...blocks);
    }
    case 'write-blocks': {
      const nextBlock = answer.nextBlock === undefined ? [] : [answer.nextBlock];
      return join([COMMAND.writeBlocks, ERROR.ok], uidBytes(answer.uid), nextBlock);
    }
    case 'get-afi':
      return join([COMMAND.getAfi, ERROR.ok], uidBytes(answer.uid), [answer.afi]);
    case 'write-afi':
      return join([COMMAND.writeAfi, ERROR.ok], uidBytes(answer.uid));
    case 'check-eas':
      return join([COMMAND.checkEas, ERROR.ok], uidBytes(answer.uid), [answer.on ? 1 : 0]);
    case 'control-eas':
      return join([COMMAND.controlEas, ERROR.ok], uidBytes(answer.uid));
    case 'failed':
      return join([answer.command, answer.error], answer.data);
    case 'other':
      return join([answer.command, ERROR.ok], answer.data);
  }
}

function versionBytes({ vendor, major, minor, build }: ThreemVersion): readonly number[] {
  return [vendor, major, minor, build];
}

function tagBytes({ uid, dsfid }: ThreemTag, options: number): Uint8Array {
  return join(
    (options & INVENTORY_OPTION.dsfid) === 0 ? [] : [dsfid ?? 0],
    (options & INVENTORY_OPTION.uid) === 0 ? [] : uidBytes(uid ?? ''),
  );
}

/**
 * Reads the answer in a frame. What the reader refused is `failed`; an answer to a command we do not know is `other`.
 *
 * Errors: `truncated`, `bad-length` (the body does not have the bytes of its command).
 */
export function decodeAnswer(frame: ThreemFrame): Result<ThreemAnswer, CodecError> {
  const body = new BodyReader(frame.body);
  const answer = frame.start === START_PROBE ? readProbe(body) : readAnswer(body);
  body.end();
  return body.error === undefined ? ok(answer) : err(body.error);
}

function readProbe(body: BodyReader): ThreemAnswer {
  body.take(PROBE_BODY.length);
  return { kind: 'probe', ...readVersion(body) };
}

function readVersion(body: BodyReader): ThreemVersion {
  return { vendor: body.byte(), major: body.byte(), minor: body.byte(), build: body.byte() };
}

function readAnswer(body: BodyReader): ThreemAnswer {
  const command = body.byte();
  const error = body.byte();
  if (error !== ERROR.ok) return { kind: 'failed', command, error, data: body.rest() };
  switch (command) {
    case COMMAND.version:
      return { kind: 'version', ...readVersion(body) };
    case COMMAND.inventory: {
      const afi = body.byte();
      const options = body.byte();
      return { kind: 'inventory', afi, options, tags: readMany(body, () => readTag(body, options)) };
    }
    case COMMAND.readBlocks:
      return { kind: 'read-blocks', uid: body.uid(), blocks: readMany(body, () => readBlock(body)) };
    case COMMAND.writeBlocks: {
      const uid = body.uid();
      return body.leftBytes === 0
        ? { kind: 'write-blocks', uid }
        : { kind: 'write-blocks', uid, nextBlock: body.byte() };
    }
    case COMMAND.getAfi:
      return { kind: 'get-afi', uid: body.uid(), afi: body.byte() };
    case COMMAND.writeAfi:
      return { kind: 'write-afi', uid: body.uid() };
    case COMMAND.checkEas:
      return { kind: 'check-eas', uid: body.uid(), on: body.byte() !== 0 };
    case COMMAND.controlEas:
      return { kind: 'control-eas', uid: body.uid() };
    default:
      return { kind: 'other', command, data: body.rest() };
  }
}

/** A count byte and that many items; at most 255, so a lying count costs nothing. */
function readMany<Item>(body: BodyReader, read: () => Item): Item[] {
  return Array.from({ length: body.byte() }, read);
}

function readTag(body: BodyReader, options: number): ThreemTag {
  return {
    ...((options & INVENTORY_OPTION.dsfid) !== 0 && { dsfid: body.byte() }),
    ...((options & INVENTORY_OPTION.uid) !== 0 && { uid: body.uid() }),
  };
}

function readBlock(body: BodyReader): ThreemBlock {
  return { block: body.byte(), lock: body.byte(), data: body.take(BLOCK_BYTES) };
}
