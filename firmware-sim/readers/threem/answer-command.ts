/**
 * What a 3M reader answers to one command, given the tags on its pad. Tags at the edge of the field fail now and then,
 * which is why drivers must repeat and verify.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, command descriptions.
 */
import type { ThreemAnswer, ThreemBlock } from '#contract/codec/threem/answer.ts';
import { uidBytes } from '#contract/codec/threem/bytes.ts';
import { COMMAND, ERROR, INVENTORY_OPTION } from '#contract/codec/threem/codes.ts';
import type { ThreemCommand } from '#contract/codec/threem/command.ts';
import { BLOCK_BYTES, type HfTag } from '#sim/readers/hf-tag.ts';

export interface Pad {
  /** Tags on the pad now. */
  tags(): readonly HfTag[];
  /** True when this one access fails. */
  isGlitch(): boolean;
}

const VERSION = { vendor: 10, major: 2, minor: 1, build: 9 } as const;
/** The answer has one byte for the number of tags, the pad has room for fewer. */
const INVENTORY_MAX = 40;

type TagCommand = Extract<ThreemCommand, { readonly uid: string }>;

/** The answer to send. */
export function answerCommand(command: ThreemCommand, pad: Pad): ThreemAnswer {
  switch (command.kind) {
    case 'probe':
    case 'version':
      return { kind: command.kind, ...VERSION };
    case 'inventory': {
      const { afi, options } = command;
      if ((options & ~(INVENTORY_OPTION.default | INVENTORY_OPTION.dsfid)) !== 0) {
        return failed(COMMAND.inventory, ERROR.optionNotSupported);
      }
      const heard = pad.tags().filter((tag) => (afi === 0 || tag.afi === afi) && !pad.isGlitch());
      const tags = heard.slice(0, INVENTORY_MAX).map(({ uid, dsfid }) => ({ uid, dsfid }));
      return { kind: 'inventory', afi, options, tags };
    }
    case 'other':
      return failed(command.command, ERROR.notImplemented);
    default: {
      const tag = pad.tags().find(({ uid }) => uid === command.uid);
      if (tag === undefined) return failed(CODE[command.kind], ERROR.noTransponder, command.uid);
      return answerTag(command, tag, pad);
    }
  }
}

function answerTag(command: TagCommand, tag: HfTag, pad: Pad): ThreemAnswer {
  const { uid } = tag;
  switch (command.kind) {
    case 'read-blocks': {
      if (pad.isGlitch()) return failed(COMMAND.readBlocks, ERROR.readFailed, uid);
      const blocks = blocksOf(tag, command.firstBlock, command.blockCount);
      if (blocks === undefined) return failed(COMMAND.readBlocks, ERROR.memoryNotAvailable, uid);
      return { kind: 'read-blocks', uid, blocks };
    }
    case 'write-blocks': {
      if (pad.isGlitch()) return failed(COMMAND.writeBlocks, ERROR.writeFailed, uid);
      const at = command.firstBlock * BLOCK_BYTES;
      if (at + command.data.length > tag.memory.length) {
        return failed(COMMAND.writeBlocks, ERROR.memoryNotAvailable, uid);
      }
      tag.memory.set(command.data, at);
      return { kind: 'write-blocks', uid, nextBlock: command.firstBlock + command.data.length / BLOCK_BYTES };
    }
    case 'get-afi':
      return pad.isGlitch() ? failed(COMMAND.getAfi, ERROR.readFailed, uid) : { kind: 'get-afi', uid, afi: tag.afi };
    case 'write-afi':
      if (pad.isGlitch()) return failed(COMMAND.writeAfi, ERROR.writeFailed, uid);
      tag.afi = command.afi;
      return { kind: 'write-afi', uid };
    case 'check-eas':
      return tag.isEasOn ? { kind: 'check-eas', uid, on: true } : failed(COMMAND.checkEas, ERROR.noTransponder, uid);
    case 'control-eas':
      tag.isEasOn = command.on;
      return { kind: 'control-eas', uid };
  }
}

function blocksOf(tag: HfTag, first: number, count: number): readonly ThreemBlock[] | undefined {
  if (count === 0 || (first + count) * BLOCK_BYTES > tag.memory.length) return undefined;
  return Array.from({ length: count }, (_, i) => {
    const at = (first + i) * BLOCK_BYTES;
    return { block: first + i, lock: 0, data: tag.memory.slice(at, at + BLOCK_BYTES) };
  });
}

const CODE: Readonly<Record<TagCommand['kind'], number>> = {
  'read-blocks': COMMAND.readBlocks,
  'write-blocks': COMMAND.writeBlocks,
  'get-afi': COMMAND.getAfi,
  'write-afi': COMMAND.writeAfi,
  'check-eas': COMMAND.checkEas,
  'control-eas': COMMAND.controlEas,
};

function failed(command: number, error: number, uid?: string): ThreemAnswer {
  return { kind: 'failed', command, error, data: uid === undefined ? new Uint8Array(0) : uidBytes(uid) };
}
