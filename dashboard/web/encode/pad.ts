/** What lies on a reader, and which of it is meant. */
import type { FoundTag, ListTagsResult } from '#contract/wire/commands.ts';

export type Pad = ListTagsResult;

/** The tag that a write would go to, or why nobody can say. */
export type Target =
  { readonly kind: 'tag'; readonly tag: FoundTag } | { readonly kind: 'unknown' | 'empty' | 'several' | 'unread' };

export interface TargetWish {
  /** The tag that was pointed at. */
  readonly chosen: string | null;
  /** Tags written for the same set: they may stay on the reader. */
  readonly done: readonly string[];
}

/** One tag on the reader is the one that is meant; of several a person must point at one. */
export function targetOf(pad: Pad | null, { chosen, done }: TargetWish): Target {
  if (pad === null) return { kind: 'unknown' };
  const open = pad.tags.filter(({ tag }) => !done.includes(tag));
  const pointedAt = open.find(({ tag }) => tag === chosen);
  if (pointedAt !== undefined) return { kind: 'tag', tag: pointedAt };
  const [only, ...others] = open;
  if (others.length > 0) return { kind: 'several' };
  // The one that was not read may be the one that is meant.
  if (pad.unread > 0) return { kind: 'unread' };
  return only === undefined ? { kind: 'empty' } : { kind: 'tag', tag: only };
}

/** What has to be said aloud before a write: whose tag it is now. */
export type Caution = 'other-item' | 'unreadable' | null;

export function cautionOf(tag: FoundTag, barcode: string): Caution {
  if (tag.standing === 'blank') return null;
  if (tag.content === undefined) return 'unreadable';
  return tag.content.itemId === barcode ? null : 'other-item';
}

/** People tell tags apart by the end of their number, as they do with telephones. */
export function shortTag(tag: string): string {
  return `…${tag.slice(-6)}`;
}

/** "part 2 of 3", or nothing for a single item. */
export function setOf(content: FoundTag['content']): { readonly part: number; readonly parts: number } | null {
  const { part = 1, parts = 1 } = content ?? {};
  return parts > 1 && part >= 1 ? { part, parts } : null;
}

export function isSamePad(one: Pad | null, other: Pad | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const BUSY_FOR_MS = 60_000;
const WATCH_FOR_MS = 600_000;
const BUSY_GAP_MS = 1200;
const WATCH_GAP_MS = 5000;

/**
 * How long to let a reader be between two looks, by how long nothing has changed and nobody has touched the page; `null`:
 * nobody is there. Each look is a command through broker and gateway.
 */
export function gapMs(quietMs: number): number | null {
  if (quietMs < BUSY_FOR_MS) return BUSY_GAP_MS;
  return quietMs < WATCH_FOR_MS ? WATCH_GAP_MS : null;
}
