/**
 * What we know of the tags on an HF reader, kept while they stay.
 *
 * A tag is told of only after its memory was read once, because until then it may be a patron's card. Cards are never
 * told of. A memory that was read but is in no format we know is told without content.
 */
import { decodeBasicBlock, USAGE } from '#contract/codec/iso28560-3/basic-block.ts';
import type { TagContent } from '#gateway/drivers/reader-event.ts';

/** A damaged memory is read again this often before we settle for the tag without content. */
const READS_MAX = 3;
/** Polls without the tag after which it is forgotten, so that a tag at the edge of the field is not read again and again. */
const ABSENT_POLLS_MAX = 10;
/** A lent or returned item changes its AFI while it lies there. */
const AFI_AGE_MS_MAX = 5000;

type TagStanding = 'unread' | 'told' | 'patron-card';

export interface KnownTag {
  readonly uid: string;
  standing: TagStanding;
  content: TagContent | undefined;
  afi: number | undefined;
  afiUptimeMs: number;
  reads: number;
  absentPolls: number;
}

export class TagMemory {
  readonly #tags = new Map<string, KnownTag>();

  /** Brings the tags of one poll in; gives them with what is known of each. */
  update(uids: readonly string[]): KnownTag[] {
    for (const tag of this.#tags.values()) {
      tag.absentPolls += 1;
      if (tag.absentPolls > ABSENT_POLLS_MAX) this.#tags.delete(tag.uid);
    }
    return this.#known(uids);
  }

  /** Somebody wrote on it: what is known of it may be wrong. */
  forget(uid: string): void {
    this.#tags.delete(uid);
  }

  #known(uids: readonly string[]): KnownTag[] {
    return [...new Set(uids)].map((uid) => {
      const tag = this.#tags.get(uid) ?? newTag(uid);
      tag.absentPolls = 0;
      this.#tags.set(uid, tag);
      return tag;
    });
  }
}

function newTag(uid: string): KnownTag {
  const afiUptimeMs = Number.NEGATIVE_INFINITY;
  return { uid, standing: 'unread', content: undefined, afi: undefined, afiUptimeMs, reads: 0, absentPolls: 0 };
}

/** Still worth reading: nothing is known, or what was read was damaged. */
export function wantsMemory(tag: KnownTag): boolean {
  return tag.standing === 'unread';
}

export function isTold(tag: KnownTag): boolean {
  return tag.standing === 'told';
}

/** A patron's card: it is counted and goes no further. */
export function isCard(tag: KnownTag): boolean {
  return tag.standing === 'patron-card';
}

export function wantsAfi(tag: KnownTag, uptimeMs: number): boolean {
  return tag.standing === 'told' && uptimeMs - tag.afiUptimeMs > AFI_AGE_MS_MAX;
}

/** Takes in the first blocks of the tag's memory. */
export function learnMemory(tag: KnownTag, memory: Uint8Array): void {
  tag.reads += 1;
  const decoded = decodeBasicBlock(memory);
  if (!decoded.ok) {
    const isFinal = decoded.error.code !== 'bad-checksum' || tag.reads >= READS_MAX;
    if (isFinal) tag.standing = mayBeCard(memory) ? 'patron-card' : 'told';
    return;
  }
  const { usage, itemId, isil, part, parts, confidence } = decoded.value;
  if (usage === USAGE.patronCard) {
    tag.standing = 'patron-card';
    return;
  }
  tag.standing = 'told';
  tag.content = {
    format: 'iso28560-3',
    itemId,
    ...(isil !== '' && { isil }),
    part,
    parts,
    usage,
    crc: confidence === 'crc' ? 'ok' : 'absent',
    confidence: confidence === 'crc' ? 1 : UNCHECKED_CONFIDENCE,
  };
}

/** Without a checksum a wrong byte would go unnoticed. */
const UNCHECKED_CONFIDENCE = 0.7;

/** Of a damaged tag the first byte of a patron's card, in any order of nibbles and bytes, is enough to keep it to us. */
export function mayBeCard(memory: Uint8Array): boolean {
  return [memory[0], memory[3]].some((byte) => byte === 0x18 || byte === 0x81);
}
