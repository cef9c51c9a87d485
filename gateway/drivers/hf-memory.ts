/**
 * What we know of the tags on an HF reader, kept while they stay.
 *
 * A tag is told of only after its memory was read once, because until then it may be a patron's card. Cards are never
 * told of. A memory that was read but is in no format we know is told without content.
 */
import { readHfTag } from '#contract/codec/tag/read-hf.ts';
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

/** Whether the first blocks did not tell what the tag is: some formats need more of the memory. */
export function wantsMoreMemory(memory: Uint8Array, marks: { readonly dsfid?: number | undefined } = {}): boolean {
  const { format, wantsMore } = readHfTag({ memory, ...marks });
  return wantsMore === true || format === 'unknown';
}

/** Takes in the first blocks of the tag's memory, and what is known beside it. */
export function learnMemory(
  tag: KnownTag,
  memory: Uint8Array,
  marks: { readonly dsfid?: number | undefined } = {},
): void {
  tag.reads += 1;
  const { format, codec, content } = readHfTag({ memory, afi: tag.afi, uid: tag.uid, ...marks });
  // Damaged perhaps, or cut short: a card that reads as one, or an item, is settled at once.
  const isSure = content !== undefined || format === 'blank' || (format !== 'unknown' && codec !== undefined);
  if (!isSure && tag.reads < READS_MAX) return;
  tag.standing = format === 'patron-card' ? 'patron-card' : 'told';
  if (tag.standing === 'told' && content !== undefined) tag.content = { ...content };
}
