import { z } from 'zod';
import { barcode, libraryKey, tagKey } from './ids.ts';
import { callNumberScheme } from './plan.ts';

/** One physical copy, known as (owner library, barcode). */
export const item = z.object({
  library: libraryKey,
  barcode,
  title: z.string().min(1).max(500),
  author: z.string().max(300),
  year: z.int().min(-3000).max(2200).nullable(),
  language: z.string().max(16),
  scheme: callNumberScheme,
  callNumber: z.string().max(80),
  branch: z.string().max(40),
  collection: z.string().max(40),
  /** Where sizes stand apart (`folio`); left out, the usual size. */
  size: z.string().max(40).optional(),
  /** HF and UHF side by side, or one per part of a set; none means untagged. */
  tags: z.array(tagKey).max(40),
});
export type Item = z.infer<typeof item>;

/** The ids a reader reported of one tag; upper-case hex. */
export interface TagIds {
  readonly epc?: string | undefined;
  readonly uid?: string | undefined;
  readonly tid?: string | undefined;
}

/** The key under which the catalogue knows a tag. A UID is unique by manufacture, an EPC by programming. */
export function tagKeyOf(ids: TagIds): string | undefined {
  if (ids.uid !== undefined) return `uid:${ids.uid}`;
  if (ids.epc !== undefined) return `epc:${ids.epc}`;
  return ids.tid === undefined ? undefined : `tid:${ids.tid}`;
}
