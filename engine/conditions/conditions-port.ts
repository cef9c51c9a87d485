import type { Place, ReadPoint } from '#contract/domain/plan.ts';
import type { Finding } from '#engine/engine-rows.ts';
import type { ItemRecord } from '#engine/library/item-record.ts';

/** What the library tells of itself. */
export interface ConditionsPort {
  find(finding: Finding): void;
  item(barcode: string): ItemRecord | undefined;
  place(id: string): Place | undefined;
  readPointsAt(place: string): readonly ReadPoint[];
  tagKey(tag: number): string;
  /** Where that tag is shown; null for nowhere. */
  tagPlace(tag: number): string | null;
  itemOfTag(tag: number): ItemRecord | undefined;
  findTag(key: string): number | undefined;
}
