/** What is wrong about a tag: it is another library's, it claims two copies, or another one claims the same part. */
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import type { SecurityState } from '#contract/domain/tag-profile.ts';
import type { WorkKind, WorkReasonParts, WorkRule } from '#contract/domain/work-entry.ts';
import type { ItemRecord } from '#engine/library/item-record.ts';
import type { TagMark } from './tag-marks.ts';

export const TAG_KINDS = ['foreign', 'tag-conflict'] as const;

export interface TagTrouble {
  readonly kind: Extract<WorkKind, (typeof TAG_KINDS)[number]>;
  readonly item: string | null;
  readonly place: string | null;
  readonly reason: WorkReasonParts;
}

export interface TagView {
  /** The copy it is taken for. */
  readonly item: ItemRecord | undefined;
  readonly place: string | null;
  /** Barcodes of all copies that the catalogue gives this tag to, if there are several. */
  readonly shared: readonly string[] | undefined;
  isForeign(isil: string | null): boolean;
  find(barcode: string): ItemRecord | undefined;
  mark(tag: number): TagMark;
  tagKey(tag: number): string;
  isShown(tag: number): boolean;
}

export function tagTrouble(tag: number, mark: TagMark, view: TagView): TagTrouble[] {
  const { item, place } = view;
  const found: TagTrouble[] = [];
  const base = { rule: 'other-owner' as const, tag: view.tagKey(tag) };
  // A tag that our own catalogue names is ours, whoever wrote it before.
  if (item === undefined && place !== null && view.isForeign(mark.owner)) {
    const reason = { ...base, ownerIsil: mark.owner, items: mark.barcode === null ? [] : [mark.barcode] };
    found.push({ kind: 'foreign', item: null, place, reason });
  }
  const conflict = item === undefined ? undefined : conflictOf(tag, mark, item, view);
  if (item !== undefined && conflict !== undefined) {
    found.push({ kind: 'tag-conflict', item: item.barcode, place, reason: { ...conflict, tag: view.tagKey(tag) } });
  }
  return found;
}

function conflictOf(tag: number, mark: TagMark, item: ItemRecord, view: TagView): WorkReasonParts | undefined {
  const key = view.tagKey(tag);
  if (view.shared !== undefined) return { rule: 'two-items-one-tag', items: [...view.shared] };
  const written = mark.barcode === null || mark.barcode === item.barcode ? undefined : view.find(mark.barcode);
  if (written !== undefined && !view.isForeign(mark.owner)) {
    return { rule: 'barcode-disagrees', items: [item.barcode, written.barcode] };
  }
  // A tag that was taken off lies in a drawer: both must be somewhere. A dual-tagged book has one of each technology, a set
  // one for each part; a tag that does not say its part claims none.
  if (mark.part === null || !view.isShown(tag)) return undefined;
  const technology = technologyOf(key);
  const twins = item.tags.filter(
    (other) =>
      other !== tag &&
      technologyOf(view.tagKey(other)) === technology &&
      view.mark(other).part === mark.part &&
      view.isShown(other),
  );
  if (twins.length === 0) return undefined;
  return {
    rule: 'two-tags-one-part',
    items: [item.barcode],
    tags: [tag, ...twins].map((one) => view.tagKey(one)).sort(),
  };
}

function technologyOf(key: string): 'hf' | 'uhf' {
  return key.startsWith('uid:') ? 'hf' : 'uhf';
}

/**
 * Whether a gate would do the wrong thing. A lent item that stands secured on a shelf came back: that is a question to the
 * ILS, and the tag is right.
 */
export function judgeSecurity(
  security: SecurityState,
  status: IlsStatusName,
  isOnShelf: boolean,
): Extract<WorkRule, 'secured-on-loan' | 'unsecured-in-stock'> | undefined {
  if (status === 'on-loan' && security === 'secured' && !isOnShelf) return 'secured-on-loan';
  const isInStock = status === 'available' || status === 'on-hold';
  return isInStock && security === 'unsecured' ? 'unsecured-in-stock' : undefined;
}
