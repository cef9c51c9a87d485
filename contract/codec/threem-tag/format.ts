import { byteField, fromJson, hexBytes } from '#contract/codec/format-json.ts';
import { badValue, checkDerived, fillMemory, memorySize, restField } from '#contract/codec/tag/encode-input.ts';
/**
 * Tags in 3M's own layout as JSON. A tag fresh from the factory is `{"blank": true, "memoryBytes": 32}`.
 *
 * Source: Biblio::RFID::RFID501; see layout.ts.
 */
import { z } from 'zod';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject } from '#contract/codec/format.ts';
import { decodeLayout, encodeLayout, isItemId, isThreeMBlank, ITEM_TYPES } from '#contract/codec/threem-tag/layout.ts';
import { toHex } from '#contract/hex.ts';
import { ok, type Result } from '#contract/result.ts';

const BLANK_BYTES = 24;
const LAYOUT_BYTES_MIN = 28;
const DEFAULT_MEMORY_BYTES = 32;

const nibble = z.int().min(0).max(15);
const item = z.strictObject({
  setIndex: nibble.default(1),
  setTotal: nibble.default(1),
  itemType: byteField.default(1),
  itemTypeName: z.string().optional(),
  primaryItemId: z.string().refine(isItemId, 'must be at most 16 printable ASCII characters'),
  branch: z.int().min(0).max(0xfff).default(0),
  library: z.int().min(0).max(0xfffff).default(0),
  custom: z.int().min(-0x8000_0000).max(0x7fff_ffff).default(0),
  memoryBytes: memorySize.min(LAYOUT_BYTES_MIN).default(DEFAULT_MEMORY_BYTES),
  rest: hexBytes().optional(),
});
const blank = z.strictObject({
  blank: z.literal(true),
  memoryBytes: memorySize.min(BLANK_BYTES).default(DEFAULT_MEMORY_BYTES),
});

export const threeMTagFormat: Format = {
  name: '3m-tag',
  summary: 'HF library tag in the layout 3M used before the standard (RFID 501): the memory of the tag',
  notation: 'hex',
  decode,
  encode,
};

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  if (isThreeMBlank(bytes)) return ok({ blank: true, memoryBytes: bytes.length });
  const decoded = decodeLayout(bytes);
  if (!decoded.ok) return decoded;
  const { rest, itemType, ...fields } = decoded.value;
  const behind = restField(rest);
  const name = ITEM_TYPES[itemType];
  return ok({
    ...fields,
    itemType,
    ...(name !== undefined && { itemTypeName: name }),
    memoryBytes: bytes.length,
    ...(behind && { rest: toHex(behind) }),
  });
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  if (typeof value === 'object' && value !== null && 'blank' in value) {
    const parsed = fromJson(blank, value);
    if (!parsed.ok) return parsed;
    return fillMemory(new Uint8Array(BLANK_BYTES).fill(0x55), parsed.value.memoryBytes);
  }
  const parsed = fromJson(item, value);
  if (!parsed.ok) return parsed;
  const { memoryBytes, rest, itemTypeName, ...fields } = parsed.value;
  const checked = checkDerived({ itemTypeName }, { itemTypeName: ITEM_TYPES[fields.itemType] }, 'itemType');
  if (!checked.ok) return checked;
  if (rest && rest.length > memoryBytes - LAYOUT_BYTES_MIN) {
    return badValue('rest', `must be at most ${memoryBytes - LAYOUT_BYTES_MIN} bytes, or memoryBytes more`);
  }
  return fillMemory(encodeLayout({ ...fields, rest: rest ?? new Uint8Array(0) }), memoryBytes);
}
