/**
 * The data elements of a new tag: primary item id, content parameter, owner, set, usage.
 *
 * The primary item id is filled up to the end of a memory block, as in the example of the standard, so that it can be
 * locked by itself.
 *
 * Source: ISO 28560-2, 7 and annex D.
 */
import { chooseCompaction, COMPACTIONS, writeText, type Compaction } from '#contract/codec/iso28560-2/compaction.ts';
import { OID } from '#contract/codec/iso28560-2/elements.ts';
import { writeObject, type TagObject } from '#contract/codec/iso28560-2/object.ts';
import { writeSet, writeValue, type ElementValue, type ObjectContent } from '#contract/codec/iso28560-2/values.ts';

/** The compaction the standard gives to a value of this element. */
export function compactionOf(oid: number, value: ElementValue): Compaction {
  if (typeof value !== 'string') return 'application-defined';
  const hasOwnRule = oid === OID.ownerIsil || oid === OID.illBorrowerIsil || oid === OID.typeOfUsage;
  return hasOwnRule && writeValue(oid, 0, value) !== undefined ? 'application-defined' : chooseCompaction(value);
}

/** One element with the compaction the standard gives to it; undefined if it cannot hold the value. */
export function buildObject(oid: number, value: ElementValue): TagObject | undefined {
  const compaction = compactionOf(oid, value);
  const data =
    compaction === 'application-defined' || typeof value !== 'string'
      ? writeValue(oid, 0, value)
      : writeText(compaction, value);
  return data && { oid, compaction: COMPACTIONS.indexOf(compaction), data };
}

/** Fills an element with pad bytes so that the next one begins a block. The offset byte itself takes part. */
export function padToBlock(object: TagObject, blockBytes: number): TagObject {
  const over = writeObject(object).length % blockBytes;
  return over === 0 ? object : { ...object, padding: new Uint8Array(blockBytes - over - 1) };
}

/** Elements of a new tag, or the name of the field that no element can hold. */
export function buildObjects(content: ObjectContent, blockBytes: number): readonly TagObject[] | keyof ObjectContent {
  const { primaryItemId, ownerIsil, setInformation, typeOfUsage, typeOfUsageSub = 0 } = content;
  const item = primaryItemId === undefined ? undefined : buildObject(OID.primaryItemId, primaryItemId);
  if (!item || item.data.length === 0) return 'primaryItemId';
  const others: TagObject[] = [];
  if (ownerIsil !== undefined) {
    const data = writeValue(OID.ownerIsil, 0, ownerIsil);
    if (!data) return 'ownerIsil';
    others.push({ oid: OID.ownerIsil, compaction: 0, data });
  }
  if (setInformation) {
    const object = buildObject(OID.setInformation, writeSet(setInformation));
    if (!object) return 'setInformation';
    others.push(object);
  }
  if (typeOfUsage !== undefined) {
    others.push({ oid: OID.typeOfUsage, compaction: 0, data: Uint8Array.of((typeOfUsage << 4) | typeOfUsageSub) });
  }
  const listed = buildObject(
    OID.contentParameter,
    others.map((object) => object.oid),
  );
  return [padToBlock(item, blockBytes), ...(listed ? [listed] : []), ...others];
}
