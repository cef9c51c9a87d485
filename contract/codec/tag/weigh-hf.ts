/**
 * How well a memory fits each HF format, from 0 (not at all) to 1.
 *
 * | format | must hold | weight |
 * | --- | --- | --- |
 * | iso28560-3 | CRC right | 1 |
 * |            | no CRC: version, usage, count of parts, owner and barcode look right | 0.7, with DSFID 3E 0.8 |
 * | 3m-tag     | mark, set, type, ASCII item id, zeros behind: all exactly | 0.75, with an AFI of 3M's gates 0.85 |
 * | iso28560-2 | every element known, once, as the standard writes it; zeros behind; a barcode | 0.3 |
 * |            | the content parameter lists the elements that are there | + 0.3 |
 * |            | zeros behind the last element: 8 and more, 4 to 7 | + 0.3, + 0.15 |
 * |            | DSFID 06 | + 0.4 |
 * |            | an owner that reads like an ISIL; a usage of the standard; a set that counts; a library's AFI | + 0.15; 0.1; 0.05; 0.1 |
 *
 * A DSFID that names another format takes every format without checksum below the limit.
 *
 * Source: the formats as in their folders; DSFID 06 (ISO/IEC 15962, data format 6) and 3E (TH Wildau, tag server);
 * AFIs D6, D7, DA as in Biblio::RFID. The weights are ours; the measured rate of false barcodes stands in the tests.
 */
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import type { Iso28560Tag } from '#contract/codec/iso28560-3/basic-block.ts';
import { chooseCompaction, COMPACTIONS } from '#contract/codec/iso28560-2/compaction.ts';
import { KNOWN_OID_MAX, OID } from '#contract/codec/iso28560-2/elements.ts';
import type { ObjectMemory } from '#contract/codec/iso28560-2/memory.ts';
import type { TagObject } from '#contract/codec/iso28560-2/object.ts';
import { contentOf, readValue, writeValue } from '#contract/codec/iso28560-2/values.ts';
import { EVIDENCE, evidenceOf } from '#contract/codec/tag/evidence.ts';
import { UNCHECKED_CONFIDENCE_MAX, type TagMemory } from '#contract/codec/tag/reading.ts';
import { ITEM_TYPES, type ThreeMTag } from '#contract/codec/threem-tag/layout.ts';

/** Data formats that the chip itself names. */
export const DSFID = { 'iso28560-2': 0x06, 'iso28560-3': 0x3e } as const;

/** A confidence, and what it rests on. */
export interface Weight {
  readonly confidence: number;
  readonly evidence: readonly string[];
}

type Hf = NonNullable<TagMemory['hf']>;

const UNSET_DSFID = 0;
const CONTRADICTED_MAX = 0.4;
const ITEM_ID_MIN = 4;
const LIBRARY_AFIS: readonly number[] = [AFI.inStock, AFI.onLoan];
const THREE_M_AFIS: readonly number[] = [0xd6, 0xd7, 0xda];
const USAGE_MAX = 9;
/** More parts than this have no item that is lent. */
const PARTS_MAX = 50;

/** Adds pieces of evidence up. */
class Scale {
  #sum = 0;
  readonly #evidence: string[] = [];

  add(weight: number, evidence: string): void {
    this.#sum += weight;
    this.#evidence.push(evidence);
  }

  addIf(holds: boolean, weight: number, evidence: string): void {
    if (holds) this.add(weight, evidence);
  }

  /** `expected`: DSFID of the format; undefined if it has none. */
  result({ dsfid }: Hf, expected: number | undefined): Weight {
    const isOther = dsfid !== undefined && dsfid !== UNSET_DSFID && dsfid !== expected;
    // Chips carry any DSFID where the format knows none; only that of another format speaks against it.
    const isContradicted = isOther && (expected !== undefined || isFormatDsfid(dsfid));
    if (isContradicted) this.add(0, evidenceOf('otherDsfid', dsfid));
    const max = isContradicted ? CONTRADICTED_MAX : UNCHECKED_CONFIDENCE_MAX;
    return { confidence: Number(Math.min(this.#sum, max).toFixed(2)), evidence: this.#evidence };
  }
}

function isFormatDsfid(dsfid: number): boolean {
  return dsfid === DSFID['iso28560-2'] || dsfid === DSFID['iso28560-3'];
}

function hasAfiOf(afis: readonly number[], afi: number | undefined): boolean {
  return afi !== undefined && afis.includes(afi);
}

/** Weighs a tag in the fixed-length model. */
export function weighFixedLength(tag: Iso28560Tag, hf: Hf): Weight {
  if (tag.confidence === 'crc') return { confidence: 1, evidence: [EVIDENCE.crc] };
  const { itemId, usage, parts, country } = tag;
  const isLikely = isBarcode(itemId) && usage <= USAGE_MAX && parts <= PARTS_MAX && /^(?:[A-Z]{2})?$/.test(country);
  if (!isLikely) return { confidence: 0.3, evidence: [EVIDENCE.fixedBegins] };
  const scale = new Scale();
  scale.add(0.7, EVIDENCE.fixedHolds);
  scale.addIf(hf.dsfid === DSFID['iso28560-3'], 0.1, evidenceOf('dsfid', DSFID['iso28560-3']));
  return scale.result(hf, DSFID['iso28560-3']);
}

/** Weighs a tag in 3M's layout. */
export function weighThreeM(tag: ThreeMTag, hf: Hf): Weight {
  const { setIndex, setTotal, itemType, primaryItemId, rest } = tag;
  const isSet = setIndex >= 1 && setIndex <= setTotal;
  const isExact = isSet && ITEM_TYPES[itemType] !== undefined && isBarcode(primaryItemId) && isZero(rest);
  if (!isExact) return { confidence: 0.2, evidence: [EVIDENCE.threeMBegins] };
  const scale = new Scale();
  scale.add(0.75, EVIDENCE.threeMHolds);
  scale.addIf(hasAfiOf(THREE_M_AFIS, hf.afi), 0.1, evidenceOf('afi', hf.afi ?? 0));
  return scale.result(hf, undefined);
}

/** Weighs a memory of ISO/IEC 15962 objects. */
export function weighObjects({ objects, rest }: ObjectMemory, hf: Hf): Weight {
  const content = contentOf(objects);
  const isStrict =
    isZero(rest) &&
    new Set(objects.map((object) => object.oid)).size === objects.length &&
    objects.every(isAsWritten) &&
    isLikelyItem(objects, content.primaryItemId ?? '') &&
    hasGoodSet(objects);
  if (!isStrict) return { confidence: 0.1, evidence: [EVIDENCE.objectsOdd] };
  const scale = new Scale();
  scale.add(0.3, EVIDENCE.objectsHold);
  scale.addIf(listsItself(objects, content.contentParameter), 0.3, EVIDENCE.listed);
  scale.addIf(rest.length >= 8, 0.3, EVIDENCE.zerosBehind);
  scale.addIf(rest.length >= 4 && rest.length < 8, 0.15, EVIDENCE.zerosBehind);
  scale.addIf(hf.dsfid === DSFID['iso28560-2'], 0.4, evidenceOf('dsfid', DSFID['iso28560-2']));
  scale.addIf(content.ownerIsil !== undefined, 0.15, EVIDENCE.isil);
  scale.addIf(content.typeOfUsage !== undefined && content.typeOfUsage <= USAGE_MAX, 0.1, EVIDENCE.usage);
  scale.addIf(content.setInformation !== undefined, 0.05, EVIDENCE.set);
  scale.addIf(hasAfiOf(LIBRARY_AFIS, hf.afi), 0.1, evidenceOf('afi', hf.afi ?? 0));
  return scale.result(hf, DSFID['iso28560-2']);
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

/** What can stand on a barcode label: long enough, a digit in it, no odd characters. */
function isBarcode(text: string): boolean {
  return (
    text.length >= ITEM_ID_MIN && /^[A-Za-z0-9](?:[A-Za-z0-9 ./:$+-]*[A-Za-z0-9])$/.test(text) && /[0-9]/.test(text)
  );
}

/**
 * A barcode in the compaction that the standard gives to it. Data that end in zero bytes most likely have a wrong
 * length: true ones hardly ever do.
 */
function isLikelyItem(objects: readonly TagObject[], primaryItemId: string): boolean {
  const item = objects.find((object) => object.oid === OID.primaryItemId);
  const compaction = COMPACTIONS[item?.compaction ?? 0];
  if (!item || compaction === 'application-defined' || !isBarcode(primaryItemId)) return false;
  const endsInZeros = item.data.length > 2 && isZero(item.data.subarray(-2));
  // Octets and UTF-8 hold every barcode, and writers fall back on them.
  const isGeneral = compaction === 'octet-string' || compaction === 'utf-8';
  return isGeneral || (compaction === chooseCompaction(primaryItemId) && !endsInZeros);
}

/** Prefix, hyphen, identifier: at most 16 characters in all. */
const ISIL = /^(?=.{3,16}$)[A-Za-z0-9]{1,4}-[A-Za-z0-9:/-]+$/;

/** A known element with zero padding, whose value gives the same bytes when it is written by the rules. */
function isAsWritten(object: TagObject): boolean {
  const { oid, compaction, data, padding, lengthBytes } = object;
  if (oid > KNOWN_OID_MAX || data.length === 0 || lengthBytes !== undefined) return false;
  if (padding !== undefined && !isZero(padding)) return false;
  const value = readValue(object);
  if (oid === OID.contentParameter) return compaction === 0 && typeof value !== 'string' && data.length <= 5;
  if (oid === OID.typeOfUsage) return data.length <= 2;
  // An application may define its own coding of other elements.
  if (value === undefined) return compaction === 0 && oid !== OID.primaryItemId;
  if (typeof value !== 'string') return false;
  if (oid === OID.ownerIsil || oid === OID.illBorrowerIsil) return ISIL.test(value);
  const written = writeValue(oid, compaction, value);
  const isSame = written?.length === data.length && written.every((byte, at) => byte === data[at]);
  const isInteger = COMPACTIONS[compaction] === 'integer';
  return isSame && !/\p{Cc}/u.test(value) && (!isInteger || value.length >= 2);
}

/** Set information, if there is any, counts from 1 to the number of parts. */
function hasGoodSet(objects: readonly TagObject[]): boolean {
  if (!objects.some((object) => object.oid === OID.setInformation)) return true;
  const set = contentOf(objects).setInformation;
  return set !== undefined && set.partNumber >= 1 && set.partNumber <= set.parts;
}

/** Whether the content parameter lists exactly the elements that are there besides item id and itself. */
function listsItself(objects: readonly TagObject[], listed: readonly number[] | undefined): boolean {
  if (listed === undefined) return false;
  const others = objects.map(({ oid }) => oid).filter((oid) => oid > OID.contentParameter);
  return listed.length > 0 && listed.length === others.length && others.every((oid) => listed.includes(oid));
}
