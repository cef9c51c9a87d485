/**
 * Chooses the format of a UHF tag by evidence: protocol control word (by GS1 or by ISO, AFI), header, text.
 *
 * Only library forms give an item id. A GS1 number may be a publisher's, a shop's or the library's own; which one is for
 * the library's profile to say, so it is named and no item is made of it.
 *
 * Source: the forms as in uhf-library/ and epc/.
 */
import { decodeEpc } from '#contract/codec/epc/epc.ts';
import { EVIDENCE, evidenceOf } from '#contract/codec/tag/evidence.ts';
import { withinBounds, type TagContent, type TagMemory, type TagReading } from '#contract/codec/tag/reading.ts';
import { decodeUhfLibrary, type UhfLibraryTag } from '#contract/codec/uhf-library/uhf-library.ts';

type Uhf = NonNullable<TagMemory['uhf']>;

const WEIGHTS: Readonly<Record<UhfLibraryTag['form'], number>> = {
  'isil-epc': 0.9,
  'smartfreq-br': 0.8,
  uii: 0.8,
  'iso-other': 0.3,
};
/** Without the AFI of a library beside it, the short header of this form proves little. */
const SMARTFREQ_ALONE = 0.6;
/** Mostly digits: a text that came about by chance is not. */
const BARCODE = /^[A-Z]{0,4}[-.:]?[0-9]{4,}[-.:0-9]*[A-Z]?$/;

/** Reads a UHF tag. */
export function readUhfTag({ epc, pc }: Uhf): TagReading {
  if (epc.every((byte) => byte === 0))
    return { format: 'blank', codec: 'epc', confidence: 1, evidence: [EVIDENCE.zeros] };
  const item = decodeUhfLibrary({ epc, ...(pc !== undefined && { pc }) });
  return item === undefined ? readGs1(epc) : fromItem(item);
}

function fromItem(item: UhfLibraryTag): TagReading {
  const { form, ownerIsil, primaryItemId, afi } = item;
  const isAlone = form === 'smartfreq-br' && afi === undefined;
  const confidence = isAlone ? SMARTFREQ_ALONE : WEIGHTS[form];
  const evidence = [evidenceOf('form', form), ...(afi === undefined ? [] : [evidenceOf('afi', afi)])];
  const format = 'uhf-library';
  const known = { format, codec: format, confidence } as const;
  if (primaryItemId === undefined) return { ...known, evidence: [...evidence, EVIDENCE.noItemId] };
  if (!isPlausible(item, primaryItemId))
    return { ...known, confidence: 0.3, evidence: [...evidence, EVIDENCE.noBarcode] };
  const content: TagContent = {
    format,
    itemId: primaryItemId,
    ...(ownerIsil !== undefined && { isil: ownerIsil }),
    ...(item.form === 'uii' && setOf(item.setInformation)),
    confidence,
  };
  const bounded = withinBounds(content);
  return bounded ? { ...known, evidence, content: bounded } : { ...known, evidence: [...evidence, EVIDENCE.noBarcode] };
}

/** The header of the ISIL form is long enough to prove it; the text of the others must look like a barcode. */
function isPlausible(item: UhfLibraryTag, primaryItemId: string): boolean {
  return item.form === 'isil-epc' || BARCODE.test(primaryItemId);
}

function setOf(set: { parts: number; partNumber: number } | undefined): { part?: number; parts?: number } {
  return set ? { part: set.partNumber, parts: set.parts } : {};
}

function readGs1(epc: Uint8Array): TagReading {
  const decoded = decodeEpc(epc);
  if (!decoded.ok || decoded.value.kind === 'raw') {
    const evidence = decoded.ok
      ? [EVIDENCE.noLibraryForm, EVIDENCE.rawEpc]
      : [EVIDENCE.noLibraryForm, decoded.error.detail];
    return { format: 'unknown', ...(decoded.ok && { codec: 'epc' as const }), confidence: 0, evidence };
  }
  return { format: 'epc', codec: 'epc', confidence: 0.8, evidence: [evidenceOf('scheme', decoded.value.scheme)] };
}
