import { byteField, fromJson, hexBytes } from '#contract/codec/format-json.ts';
import { badValue, checkDerived, fillMemory, memorySize, restField } from '#contract/codec/tag/encode-input.ts';
/**
 * Tags in the variable-length model as JSON.
 *
 * `objects` is what stands on the tag; the fields beside it say what follows from them, and are checked when they come
 * back. Without `objects`, they are enough to write a tag. An object has `value`, and `data` where the value alone does
 * not give the same bytes again (a fill other than the standard's, bytes that are no text).
 *
 * Source: ISO 28560-2; ISO/IEC 15962.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, Json, JsonObject } from '#contract/codec/format.ts';
import { buildObjects, compactionOf } from '#contract/codec/iso28560-2/build.ts';
import { COMPACTIONS } from '#contract/codec/iso28560-2/compaction.ts';
import { ELEMENT_NAMES, OID_MAX, usageName } from '#contract/codec/iso28560-2/elements.ts';
import { decodeObjects, DSFID_28560_2, encodeObjects } from '#contract/codec/iso28560-2/memory.ts';
import type { TagObject } from '#contract/codec/iso28560-2/object.ts';
import { contentOf, readValue, writeValue, type ObjectContent } from '#contract/codec/iso28560-2/values.ts';
import { toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

const DATA_BYTES_MAX = 0x3fff;
const HF_BLOCK_BYTES = 4;

/** A content parameter may list more than the standard has, if it is long enough. */
const listedOid = z
  .int()
  .min(3)
  .max(8 * DATA_BYTES_MAX + 2);
const nibble = z.int().min(0).max(15);
const part = z.int().min(0).max(999);
const objectInput = z.strictObject({
  oid: z.int().min(1).max(OID_MAX),
  name: z.string().optional(),
  compaction: z.enum(COMPACTIONS).optional(),
  value: z.union([z.string(), z.array(listedOid)]).optional(),
  data: hexBytes().optional(),
  /** Count of zero bytes behind the data. */
  padding: byteField.optional(),
  /** Pad bytes that are not zero. */
  padBytes: hexBytes().optional(),
  offsetFirst: z.literal(true).optional(),
  lengthBytes: z.literal(2).optional(),
});
type ObjectInput = z.infer<typeof objectInput>;

const input = z.strictObject({
  dsfid: z.literal('06').optional(),
  primaryItemId: z.string().optional(),
  ownerIsil: z.string().optional(),
  setInformation: z.strictObject({ parts: part, partNumber: part }).optional(),
  typeOfUsage: nibble.optional(),
  typeOfUsageSub: nibble.optional(),
  typeOfUsageName: z.string().optional(),
  contentParameter: z.array(z.int()).optional(),
  objects: z.array(objectInput).optional(),
  memoryBytes: memorySize.optional(),
  rest: hexBytes().optional(),
});

export const iso28560Part2Format: Format = {
  name: 'iso28560-2',
  summary: 'HF library tag with ISO/IEC 15962 objects (ISO 28560-2): the memory of the tag',
  notation: 'hex',
  decode,
  encode,
};

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const decoded = decodeObjects(bytes);
  if (!decoded.ok) return decoded;
  const { dsfid, objects, rest } = decoded.value;
  const behind = restField(rest);
  return ok({
    ...(dsfid !== undefined && { dsfid: '06' }),
    ...describe(contentOf(objects)),
    objects: objects.map(objectToJson),
    memoryBytes: bytes.length,
    ...(behind && { rest: toHex(behind) }),
  });
}

function describe(content: ObjectContent): JsonObject {
  const { typeOfUsage } = content;
  return {
    ...(content as JsonObject),
    ...(typeOfUsage !== undefined && { typeOfUsageName: usageName(typeOfUsage) }),
  };
}

function objectToJson(object: TagObject): Json {
  const { oid, compaction, data, padding, isOffsetFirst, lengthBytes } = object;
  const value = readValue(object);
  const again = value === undefined ? undefined : writeValue(oid, compaction, value);
  const isExact = again !== undefined && toHex(again) === toHex(data);
  const odd = padding && restField(padding);
  return {
    oid,
    name: ELEMENT_NAMES[oid] ?? 'Not defined',
    compaction: COMPACTIONS[compaction] ?? '',
    ...(value !== undefined && { value }),
    ...(!isExact && { data: toHex(data) }),
    ...(padding && (odd ? { padBytes: toHex(odd) } : { padding: padding.length })),
    ...(isOffsetFirst && { offsetFirst: true }),
    ...(lengthBytes !== undefined && { lengthBytes }),
  };
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const parsed = fromJson(input, value);
  if (!parsed.ok) return parsed;
  const { dsfid, objects: given, memoryBytes, rest, ...content } = parsed.value;
  const objects = given ? objectsFromJson(given, content) : newObjects(content);
  if (!objects.ok) return objects;
  if (rest && rest.length > 0 && rest[0] !== 0)
    return badValue('rest', 'must begin with 00, the end mark of the objects');
  const bytes = encodeObjects({
    ...(dsfid && { dsfid: DSFID_28560_2 }),
    objects: objects.value,
    rest: rest ?? new Uint8Array(0),
  });
  return fillMemory(bytes, memoryBytes);
}

function objectsFromJson(
  given: readonly ObjectInput[],
  content: Readonly<Record<string, unknown>>,
): Result<readonly TagObject[], EncodeError> {
  if (given.length === 0) return badValue('objects', 'must hold at least one object');
  const objects: TagObject[] = [];
  for (const [index, one] of given.entries()) {
    const object = objectFromJson(one, `objects.${index}`);
    if (!object.ok) return object;
    objects.push(object.value);
  }
  const checked = checkDerived(content, describe(contentOf(objects)), 'objects');
  return checked.ok ? ok(objects) : checked;
}

function objectFromJson(given: ObjectInput, path: string): Result<TagObject, EncodeError> {
  const { oid, value, padding, padBytes, offsetFirst, lengthBytes } = given;
  const name = given.compaction ?? (value === undefined ? 'application-defined' : compactionOf(oid, value));
  const compaction = COMPACTIONS.indexOf(name);
  const data = given.data ?? (value === undefined ? undefined : writeValue(oid, compaction, value));
  if (data === undefined) return badValue(`${path}.value`, `must be a value that ${name} can hold, or give data`);
  if (data.length > DATA_BYTES_MAX) return badValue(`${path}.data`, `must be at most ${DATA_BYTES_MAX} bytes`);
  if (padBytes !== undefined && (padBytes.length > 0xff || padding !== undefined)) {
    return badValue(`${path}.padBytes`, 'must be at most 255 bytes, and not beside padding');
  }
  const pad = padBytes ?? (padding === undefined ? undefined : new Uint8Array(padding));
  const object: TagObject = {
    oid,
    compaction,
    data,
    ...(pad && { padding: pad }),
    ...(offsetFirst && { isOffsetFirst: true }),
    ...(lengthBytes !== undefined && { lengthBytes }),
  };
  const said = readValue(object);
  if (value !== undefined && JSON.stringify(said) !== JSON.stringify(value)) {
    return badValue(
      `${path}.value`,
      `must be ${JSON.stringify(said) as string | undefined} as data says; change that, or leave one out`,
    );
  }
  return ok(object);
}

function newObjects(content: Omit<z.infer<typeof input>, 'objects'>): Result<readonly TagObject[], EncodeError> {
  const { typeOfUsageName, contentParameter, ...fields } = content;
  const built = buildObjects(fields as ObjectContent, HF_BLOCK_BYTES);
  if (typeof built === 'string') return badValue(built, reasons[built] ?? 'does not fit');
  const checked = checkDerived({ typeOfUsageName, contentParameter }, describe(contentOf(built)), 'the tag');
  return checked.ok ? ok(built) : err(checked.error);
}

const reasons: Readonly<Partial<Record<keyof ObjectContent, string>>> = {
  primaryItemId: 'must be a text of one character or more; or give objects',
  ownerIsil: 'must be an ISIL: letters, digits, - / :',
};
