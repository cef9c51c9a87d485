/**
 * What a FEIG reader answers to ISO host commands, and to those of NXP's tags, given the tags in its field. Tags at the
 * edge of the field fail now and then, which is why drivers must repeat and verify.
 *
 * Source: FEIG ID ISC.PR101 system manual H60301-3e-ID-B, 6.1, 8.3, 8.6; NXP SL2S2602 data sheet (SLIX2 passwords).
 */
import { ISO_ERROR, NXP, STATUS, TR_TYPE } from '#contract/codec/feig/codes.ts';
import { join } from '#contract/codec/feig/cursor.ts';
import {
  writeBlocks,
  writeBlockSecurity,
  writeInventory,
  writeSystemInformation,
} from '#contract/codec/feig/host-answers.ts';
import type { Json } from '#contract/codec/format.ts';
import type { Question } from '#contract/codec/feig/question.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { BLOCK_BYTES, type HfTag } from '#sim/readers/hf-tag.ts';

export interface Pad {
  /** Tags in the field now. */
  tags(): readonly HfTag[];
  /** True when this one access fails. */
  isGlitch(): boolean;
}

export interface Answer {
  readonly status: number;
  readonly data: Uint8Array;
}

export interface TagAnswererOptions {
  readonly pad: Pad;
  /** How the reader gives the bytes of a block. */
  readonly blockOrder: 'reversed' | 'forward';
  /** Tags that one inventory answer holds; the rest is asked for with MORE. */
  readonly tagsPerAnswer: number;
  /** Of the tags that have one: the password of EAS and AFI. */
  readonly easAfiPassword?: Uint8Array | undefined;
}

/** An answer of nothing but its status. */
export function plain(status: number): Answer {
  return { status, data: new Uint8Array(0) };
}

const IC_REFERENCE = 0x01;
const RANDOM = Uint8Array.of(0x5a, 0xc3);
const PASSWORD_EAS_AFI = 0x10;
const TAG_ERROR = 0x01;
const EAS_SEQUENCE = new Uint8Array(32).fill(0xe4);

/** Holds what an inventory left over, which tags keep quiet, and whose passwords were right. */
export class TagAnswerer {
  readonly #options: TagAnswererOptions;
  #leftOver: readonly HfTag[] = [];
  readonly #quiet = new Set<string>();
  readonly #open = new Set<string>();

  constructor(options: TagAnswererOptions) {
    this.#options = options;
  }

  /** The field went off for a moment. */
  resetField(): void {
    this.#quiet.clear();
    this.#open.clear();
    this.#leftOver = [];
  }

  /** Undefined for what is no command about tags. */
  answer({ message, fields }: Question): Answer | undefined {
    if (message.kind === 'inventory') return this.#inventory(fields['more'] === 1);
    if (message.kind === 'transparent') return this.#transparent(hexField(fields['request']));
    const { uid } = fields;
    if (typeof uid !== 'string') return undefined;
    const tag = this.#find(uid);
    if (tag === undefined) return plain(STATUS.noTransponder);
    return this.#about(tag, message.kind, fields);
  }

  #find(uid: string): HfTag | undefined {
    const tag = this.#options.pad.tags().find((one) => one.uid === uid);
    return tag === undefined || this.#options.pad.isGlitch() ? undefined : tag;
  }

  #inventory(isMore: boolean): Answer {
    const { pad, tagsPerAnswer } = this.#options;
    const heard = isMore ? this.#leftOver : pad.tags().filter(({ uid }) => !this.#quiet.has(uid) && !pad.isGlitch());
    this.#leftOver = heard.slice(tagsPerAnswer);
    if (heard.length === 0) return plain(STATUS.noTransponder);
    const tags = heard.slice(0, tagsPerAnswer).map(({ uid, dsfid }) => ({ trType: TR_TYPE.iso15693, dsfid, id: uid }));
    return { status: this.#leftOver.length > 0 ? STATUS.moreData : STATUS.ok, data: writeInventory(tags) };
  }

  #about(tag: HfTag, kind: string, fields: Question['fields']): Answer | undefined {
    switch (kind) {
      case 'stay-quiet':
        this.#quiet.add(tag.uid);
        return plain(STATUS.ok);
      case 'select':
        return plain(STATUS.ok);
      case 'reset-to-ready':
        this.#quiet.delete(tag.uid);
        return plain(STATUS.ok);
      case 'read-blocks':
      case 'block-security':
      case 'write-blocks':
        return this.#blocks(tag, kind, fields);
      case 'write-afi':
        if (!this.#isOpen(tag)) return tagError(ISO_ERROR.unknown);
        tag.afi = Number(fields['afi']);
        return plain(STATUS.ok);
      case 'system-information':
        return { status: STATUS.ok, data: systemInformation(tag) };
      case 'set-eas':
      case 'reset-eas':
        if (!this.#isOpen(tag)) return tagError(ISO_ERROR.unknown);
        tag.isEasOn = kind === 'set-eas';
        return plain(STATUS.ok);
      case 'eas-alarm':
        return tag.isEasOn ? { status: STATUS.ok, data: EAS_SEQUENCE } : plain(STATUS.noTransponder);
      default:
        return undefined;
    }
  }

  #isOpen({ uid }: HfTag): boolean {
    return this.#options.easAfiPassword === undefined || this.#open.has(uid);
  }

  #blocks(tag: HfTag, kind: string, { firstBlock, blockCount, blockBytes, blocks }: Question['fields']): Answer {
    const at = Number(firstBlock) * BLOCK_BYTES;
    const bytes = Number(blockCount) * BLOCK_BYTES;
    if (bytes === 0 || at + bytes > tag.memory.length) return tagError(ISO_ERROR.blockNotAvailable);
    if (kind === 'block-security') {
      return { status: STATUS.ok, data: writeBlockSecurity(new Array<number>(Number(blockCount)).fill(0)) };
    }
    const memory = tag.memory.subarray(at, at + bytes);
    if (kind === 'read-blocks') {
      const data = Array.from({ length: Number(blockCount) }, (_, n) => ({
        security: 0,
        data: this.#turn(memory.slice(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES)),
      }));
      return { status: STATUS.ok, data: writeBlocks(data) };
    }
    const given = hexField(blocks);
    if (blockBytes !== BLOCK_BYTES || given.length !== bytes) return plain(STATUS.lengthError);
    for (let n = 0; n < bytes; n += BLOCK_BYTES) memory.set(this.#turn(given.slice(n, n + BLOCK_BYTES)), n);
    return plain(STATUS.ok);
  }

  /** A block between the line and the memory. */
  #turn(block: Uint8Array): Uint8Array {
    return this.#options.blockOrder === 'reversed' ? block.reverse() : block;
  }

  /** Flags, command, manufacturer, UID last byte first, parameters: as the tag hears it. */
  #transparent(request: Uint8Array): Answer {
    const code = request[1];
    const tag = this.#find(toHex(request.slice(3, 11).reverse()));
    const said = tag === undefined ? undefined : this.#tagSays(tag, code, request.slice(11));
    // The checksum is the reader's business: drivers are given it, and do not look.
    return said === undefined ? plain(STATUS.noTransponder) : { status: STATUS.ok, data: join(said, [0, 0]) };
  }

  /** Flags and parameters of the tag's own answer; undefined when it keeps silent. */
  #tagSays(tag: HfTag, code: number | undefined, rest: Uint8Array): Uint8Array | undefined {
    switch (code) {
      case NXP.getRandomNumber:
        return join([0], RANDOM);
      case NXP.setPassword: {
        const { easAfiPassword = Uint8Array.of(0, 0, 0, 0) } = this.#options;
        const password = rest.slice(1).map((byte, at) => byte ^ (RANDOM[at % RANDOM.length] ?? 0));
        if (rest[0] !== PASSWORD_EAS_AFI || toHex(password) !== toHex(easAfiPassword)) return undefined;
        this.#open.add(tag.uid);
        return Uint8Array.of(0);
      }
      case NXP.setEas:
      case NXP.resetEas:
        if (!this.#isOpen(tag)) return Uint8Array.of(TAG_ERROR, ISO_ERROR.unknown);
        tag.isEasOn = code === NXP.setEas;
        return Uint8Array.of(0);
      case NXP.easAlarm:
        return tag.isEasOn ? join([0], EAS_SEQUENCE) : undefined;
      default:
        return Uint8Array.of(TAG_ERROR, ISO_ERROR.notSupported);
    }
  }
}

function hexField(value: Json | undefined): Uint8Array {
  return fromHex(typeof value === 'string' ? value : '') ?? new Uint8Array(0);
}

function tagError(error: number): Answer {
  return { status: STATUS.isoError, data: Uint8Array.of(error) };
}

function systemInformation({ uid, afi, dsfid, memory }: HfTag): Uint8Array {
  return writeSystemInformation({
    dsfid,
    uid,
    afi,
    blockBytesLess1: BLOCK_BYTES - 1,
    blocksLess1: memory.length / BLOCK_BYTES - 1,
    icReference: IC_REFERENCE,
  });
}
