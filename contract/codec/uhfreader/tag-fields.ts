/**
 * What the commands about tags share: which tag is meant, and what an inventory tells of each.
 *
 * Source: UHFReader288MP User's Manual V1.14, 8.2.1 and 8.2.2 (the mask is counted in bits); UHFReader18 User's Manual
 * V2.0, 8.2.2 (the mask is counted in bytes of the EPC). The phase behind a tag (bit 6 of the length) came with the
 * UHFEx10 readers and is laid out as the vendor's own library reads it.
 */
import { z } from 'zod';
import {
  group,
  hexSchema,
  hexToBytes,
  optional,
  struct,
  u16,
  u24,
  u8,
  wordsSchema,
  type Body,
  type ByteReader,
  type Field,
  type FieldValue,
} from '#contract/codec/uhfreader/fields.ts';

const BITS_PER_BYTE = 8;
/** Memory bank, first bit, length in bits. */
const MASK_HEAD_BYTES = 4;

export interface BitMask {
  readonly maskMem: number;
  readonly maskAdr: number;
  readonly maskLen: number;
  readonly maskData: string;
}

/** Tags whose memory has these bits. */
export const bitMask: Field<BitMask> = {
  read: (from) => {
    const maskMem = from.byte();
    const maskAdr = from.uint(2);
    const maskLen = from.byte();
    return { maskMem, maskAdr, maskLen, maskData: from.hex(maskDataBytes(maskLen)) };
  },
  write: ({ maskMem, maskAdr, maskLen, maskData }) => [
    maskMem,
    ...u16.write(maskAdr),
    maskLen,
    ...hexToBytes(maskData),
  ],
  schema: z
    .strictObject({ maskMem: u8.schema, maskAdr: u16.schema, maskLen: u8.schema, maskData: hexSchema })
    .refine(
      ({ maskLen, maskData }) => maskData.length === 2 * maskDataBytes(maskLen),
      'maskData has as many bytes as maskLen bits need',
    ),
};

function maskDataBytes(bits: number): number {
  return Math.ceil(bits / BITS_PER_BYTE);
}

/** Tags with the EPC named in the command, compared in these bytes only. */
export const byteMask = group(struct({ maskAdr: u8, maskLen: u8 }));

/** Where a TID inventory reads, in words. */
const tid = group(struct({ adrTid: u8, lenTid: u8 }));
/** One inventory's own antenna (80 = 1, 81 = 2, …) and time (x 100 ms). */
const search = group(struct({ target: u8, ant: u8, scanTime: u8 }));

interface Selection {
  readonly mask?: BitMask | undefined;
}

interface Groups extends Selection {
  readonly tid?: FieldValue<typeof tid> | undefined;
  readonly search?: FieldValue<typeof search> | undefined;
}

const TID_BYTES = 2;
const SEARCH_BYTES = 3;

/** A mask is there when what its length byte says leaves one of `tails` bytes behind it. */
function readMask(from: ByteReader, tails: readonly number[]): BitMask | undefined {
  const maskLen = from.peek(MASK_HEAD_BYTES - 1);
  if (maskLen === undefined) return undefined;
  const tailBytes = from.leftBytes - MASK_HEAD_BYTES - maskDataBytes(maskLen);
  return tails.includes(tailBytes) ? bitMask.read(from) : undefined;
}

/** `fields`, then any of mask, TID and search: only the number of bytes tells which are there. */
export function searching<Value extends object>(fields: Body<Value>, has: { search: boolean }): Body<Value & Groups> {
  const tails = has.search ? [0, TID_BYTES, SEARCH_BYTES, TID_BYTES + SEARCH_BYTES] : [0, TID_BYTES];
  const groups = { mask: optional(bitMask), tid: optional(tid), ...(has.search && { search: optional(search) }) };
  return {
    read(from) {
      const value = fields.read(from);
      const mask = readMask(from, tails);
      const left = from.leftBytes;
      const hasTid = left === TID_BYTES || left === TID_BYTES + SEARCH_BYTES;
      return {
        ...value,
        ...(mask && { mask }),
        ...(hasTid && { tid: tid.read(from) }),
        ...(has.search && left >= SEARCH_BYTES && { search: search.read(from) }),
      };
    },
    write: (value) => [
      ...fields.write(value),
      ...groups.mask.write(value.mask),
      ...(value.tid ? tid.write(value.tid) : []),
      ...(value.search ? search.write(value.search) : []),
    ],
    shape: {
      ...fields.shape,
      ...Object.fromEntries(Object.entries(groups).map(([name, { schema }]) => [name, schema])),
    },
  };
}

/** `head`, a mask or none, `body`, a search or none. */
export function masked<Head extends object, Value extends object>(
  head: Body<Head>,
  body: Body<Value>,
  bodyBytes: number,
): Body<Head & Value & Omit<Groups, 'tid'>> {
  return {
    read(from) {
      const value = head.read(from);
      const mask = readMask(from, [bodyBytes, bodyBytes + SEARCH_BYTES]);
      const rest = body.read(from);
      return { ...value, ...rest, ...(mask && { mask }), ...(from.leftBytes > 0 && { search: search.read(from) }) };
    },
    write: (value) => [
      ...head.write(value),
      ...(value.mask ? bitMask.write(value.mask) : []),
      ...body.write(value),
      ...(value.search ? search.write(value.search) : []),
    ],
    shape: { ...head.shape, ...body.shape, mask: bitMask.schema.optional(), search: search.schema.optional() },
  };
}

export interface OnTag<Mask> {
  /** The whole EPC, words. Absent: the mask alone says which tag. */
  readonly epc?: string | undefined;
  readonly mask?: Mask | undefined;
}

/** In place of the number of words of an EPC: the tag is chosen by the mask at the end. */
const BY_MASK = 0xff;

/** ENum | EPC | `body` | mask. Where `byMaskAlone`, an ENum of FF stands for an EPC that is not there. */
export function onTag<Value extends object, Mask>(
  body: Body<Value>,
  mask: Field<Mask>,
  byMaskAlone: boolean,
): Body<Value & OnTag<Mask>> {
  return {
    read(from) {
      const enumber = from.byte();
      const hasEpc = !byMaskAlone || enumber !== BY_MASK;
      const epc = hasEpc ? from.hex(2 * enumber) : undefined;
      const value = body.read(from);
      const hasMask = !hasEpc || from.leftBytes > 0;
      return { ...value, ...(epc !== undefined && { epc }), ...(hasMask && { mask: mask.read(from) }) };
    },
    write: (value) => [
      ...(value.epc === undefined ? [BY_MASK] : [value.epc.length / 4, ...hexToBytes(value.epc)]),
      ...body.write(value),
      ...(value.mask === undefined ? [] : mask.write(value.mask)),
    ],
    shape: { epc: byMaskAlone ? wordsSchema.optional() : wordsSchema, ...body.shape, mask: mask.schema.optional() },
    check: ({ epc, mask: given }) =>
      epc === undefined && given === undefined ? 'an epc or a mask says which tag' : undefined,
  };
}

/** WNum, counting the words of `data`, then as {@link onTag}. */
export function writingOnTag<Value extends { readonly data: string }, Mask>(
  body: (words: number) => Body<Value>,
  mask: Field<Mask>,
  byMaskAlone: boolean,
): Body<Value & OnTag<Mask>> {
  const sized = (count: number): Body<Value & OnTag<Mask>> => onTag(body(count), mask, byMaskAlone);
  const anyCount = sized(0);
  return {
    read: (from) => sized(from.byte()).read(from),
    write: (value) => [value.data.length / 4, ...anyCount.write(value)],
    shape: anyCount.shape,
    check: (value) => anyCount.check?.(value),
  };
}

export interface HeardTag {
  /** The EPC, or the TID where that was asked for. */
  readonly epc: string;
  /** Behind the EPC where the tag has Impinj FastID. */
  readonly tid?: string | undefined;
  /** As the reader measures it. */
  readonly rssi: number;
  readonly phase?: FieldValue<typeof phase> | undefined;
}

const phase = group(struct({ phaseBegin: u16, phaseEnd: u16, frequencyKhz: u24 }));

const HAS_TID = 0x80;
const HAS_PHASE = 0x40;
const FAST_TID_BYTES = 12;

/**
 *     | bit 7: TID, bit 6: phase, length of the data | data: EPC, TID | RSSI | phase |
 *
 * Readers older than UHFEx10 use bit 6 for the length too: such a tag is read when the other form does not fit.
 */
function heardTag(lengthMask: 0x3f | 0x7f): Field<HeardTag> {
  return {
    read(from) {
      const head = from.byte();
      const length = head & lengthMask;
      const hasTid = (head & HAS_TID) !== 0;
      const epc = from.hex(hasTid ? length - FAST_TID_BYTES : length);
      return {
        epc,
        ...(hasTid && { tid: from.hex(FAST_TID_BYTES) }),
        rssi: from.byte(),
        ...((head & ~lengthMask & HAS_PHASE) !== 0 && { phase: phase.read(from) }),
      };
    },
    write: ({ epc, tid: tagTid, rssi, phase: tagPhase }) => {
      const data = [...hexToBytes(epc), ...(tagTid === undefined ? [] : hexToBytes(tagTid))];
      const flags = (tagTid === undefined ? 0 : HAS_TID) | (tagPhase === undefined ? 0 : HAS_PHASE);
      return [flags | data.length, ...data, rssi, ...(tagPhase === undefined ? [] : phase.write(tagPhase))];
    },
    schema: z
      .strictObject({
        epc: hexSchema,
        tid: hexSchema.refine(({ length }) => length === 2 * FAST_TID_BYTES, '24 hexadecimal digits').optional(),
        rssi: u8.schema,
        phase: phase.schema.optional(),
      })
      .refine((tag) => {
        const bytes = (tag.epc.length + (tag.tid?.length ?? 0)) / 2;
        return bytes <= (tag.phase === undefined ? 0x7f : 0x3f);
      }, 'an EPC and a TID of at most 127 bytes, with a phase 63'),
  };
}

/** One tag of each form, in that order. */
export const HEARD_TAGS = [heardTag(0x3f), heardTag(0x7f)] as const;

/** The first form that fits to the last byte. */
export function firstFit<Value>(forms: readonly [Field<Value>, ...Field<Value>[]]): Field<Value> {
  const [first] = forms;
  return {
    read(from) {
      const fitting = forms.find((form) => {
        const trial = from.fork();
        form.read(trial);
        return trial.isExact;
      });
      return (fitting ?? first).read(from);
    },
    write: (value) => first.write(value),
    schema: first.schema,
  };
}
