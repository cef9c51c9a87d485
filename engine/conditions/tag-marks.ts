/** What a tag says of itself: whose it is, which part, and whether a gate would call. */
import { fromHex } from '#contract/hex.ts';
import { securityOf } from '#contract/codec/uhf-library/security.ts';
import { pcAfi } from '#contract/codec/uhf-library/pc-word.ts';
import { securityOfAfi, securityOfHf, type SecurityState, type TagProfile } from '#contract/domain/tag-profile.ts';
import type { TagObservation } from '#contract/wire/observation.ts';

export interface TagMark {
  readonly owner: string | null;
  /** Barcode written on it. */
  readonly barcode: string | null;
  /** Part of a set; 1 of 1 for a single item; null when the tag does not say. */
  readonly part: number | null;
  readonly security: SecurityState;
}

export const NO_MARK: TagMark = { owner: null, barcode: null, part: null, security: 'none' };

/** The mark after another look; what this look did not see stays. */
export function lookAtTag(known: TagMark, { id, content }: TagObservation, profile: TagProfile | undefined): TagMark {
  const security = profile === undefined ? 'none' : securityOfTag(id, profile);
  return {
    owner: content?.isil ?? known.owner,
    barcode: content?.itemId ?? known.barcode,
    part: content === undefined ? known.part : (content.part ?? 1),
    security: security === 'unknown' ? known.security : security,
  };
}

export function isSameMark(a: TagMark, b: TagMark): boolean {
  return a.owner === b.owner && a.barcode === b.barcode && a.part === b.part && a.security === b.security;
}

function securityOfTag(id: TagObservation['id'], { hf, uhf }: TagProfile): SecurityState {
  if (id.uid !== undefined) return securityOfHf({ afi: id.afi }, hf);
  if (id.epc === undefined || uhf.security === 'none') return 'none';
  if (uhf.security === 'epc-bit') {
    const epc = fromHex(id.epc);
    return epc === undefined ? 'unknown' : securityOf({ epc }, 'epc-bit');
  }
  const pc = id.pc === undefined ? Number.NaN : Number.parseInt(id.pc.slice(0, 4), 16);
  return Number.isNaN(pc) ? 'unknown' : securityOfAfi(pcAfi(pc), uhf.afi);
}
