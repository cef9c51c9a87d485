/**
 * AccessSpec (207): reading and writing the memory of tags while they are inventoried.
 *
 *     207 | id u32 | antenna u16, 0 = all | protocol u8 | active: bit 7 of u8 | ROSpec u32, 0 = all | 208 | 209 | 239? | Custom* |
 *     208 | 0 none, 1 after n operations u8 | n u16 |
 *     209 | 338 | operations 341, 342, others raw | Custom* |
 *     338 | 339 | 339? |
 *     339 | bank: bits 7-6, match: bit 5 of u8 | first bit u16 | mask bits u16, bytes | data bits u16, bytes |
 *     341 read  | op u16 | password u32 | bank: bits 7-6 of u8 | word u16 | words u16 |
 *     342 write | op u16 | password u32 | bank: bits 7-6 of u8 | word u16 | n u16, n words |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 12.2, 17.2.5, 16.2.1.3 and 17.3.1.3.
 */
import { fromHex, toHex } from '#contract/hex.ts';
import { CUSTOM_PARAMETER, readCustom, writeCustom, type CustomParameter } from '#contract/codec/llrp/custom.ts';
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

export const ACCESS_SPEC = 207;
const STOP_TRIGGER = 208;
const ACCESS_COMMAND = 209;
const ACCESS_REPORT_SPEC = 239;
const TAG_SPEC = 338;
const TARGET_TAG = 339;
const READ = 341;
const WRITE = 342;

/** Memory banks of a C1G2 tag. */
export const MEMORY_BANK = { reserved: 0, epc: 1, tid: 2, user: 3 } as const;

/** Tags whose `memoryBank` from `firstBit` on agrees with `data` wherever `mask` has a one. */
export interface TargetTag {
  readonly memoryBank: number;
  /** False: the tags that do not agree. */
  readonly match: boolean;
  readonly firstBit: number;
  /** Bits of mask and data; 0 = every tag. */
  readonly bits: number;
  /** Upper-case hex, padded with zero bits to whole bytes. */
  readonly mask: string;
  readonly data: string;
}

interface MemoryOp {
  readonly opSpecId: number;
  /** 0 = none. */
  readonly accessPassword: number;
  readonly memoryBank: number;
  readonly firstWord: number;
}

export type AccessOp =
  | (MemoryOp & { readonly kind: 'read'; /** 0 = to the end of the bank. */ readonly words: number })
  | (MemoryOp & { readonly kind: 'write'; /** Hex of whole 16-bit words. */ readonly words: string })
  | { readonly kind: 'other'; readonly type: number; readonly bytes: Uint8Array };

export interface AccessSpec {
  readonly id: number;
  readonly antennaId: number;
  readonly airProtocol: number;
  readonly active: boolean;
  readonly rospecId: number;
  /** 0 = until it is deleted. */
  readonly operationsMax: number;
  /** One or two; a tag must fit all. */
  readonly targets: readonly TargetTag[];
  readonly ops: readonly AccessOp[];
  /** 0 with the ROSpec's report, 1 at the end of the access; absent: the reader's default. */
  readonly reportTrigger?: number;
  readonly custom: readonly CustomParameter[];
}

/** Reads the value of an AccessSpec parameter. */
export function readAccessSpec(body: FieldReader): AccessSpec {
  const head = {
    id: body.u32(),
    antennaId: body.u16(),
    airProtocol: body.u8(),
    active: body.u8() >= 0x80,
    rospecId: body.u32(),
  };
  let operationsMax = 0;
  let command: Pick<AccessSpec, 'targets' | 'ops'> = { targets: [], ops: [] };
  let reportTrigger: number | undefined;
  const custom: CustomParameter[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === STOP_TRIGGER) operationsMax = value.u8() === 1 ? value.u16() : 0;
    else if (type === ACCESS_COMMAND) command = readCommand(value);
    else if (type === ACCESS_REPORT_SPEC) reportTrigger = value.u8();
    else if (type === CUSTOM_PARAMETER) custom.push(readCustom(value));
  }
  return { ...head, operationsMax, ...command, ...(reportTrigger !== undefined && { reportTrigger }), custom };
}

function readCommand(body: FieldReader): Pick<AccessSpec, 'targets' | 'ops'> {
  const targets: TargetTag[] = [];
  const ops: AccessOp[] = [];
  for (const { type, body: value } of body.parameters()) {
    if (type === TAG_SPEC) {
      for (const target of value.parameters()) if (target.type === TARGET_TAG) targets.push(readTarget(target.body));
    } else if (type === READ) {
      ops.push({ kind: 'read', ...readMemoryOp(value), words: value.u16() });
    } else if (type === WRITE) {
      ops.push({ kind: 'write', ...readMemoryOp(value), words: toHex(value.take(2 * value.u16())) });
    } else ops.push({ kind: 'other', type, bytes: value.rest() });
  }
  return { targets, ops };
}

function readTarget(body: FieldReader): TargetTag {
  const flags = body.u8();
  const firstBit = body.u16();
  const bits = body.u16();
  const mask = toHex(body.take(Math.ceil(bits / 8)));
  const data = toHex(body.take(Math.ceil(body.u16() / 8)));
  return { memoryBank: flags >> 6, match: (flags & 0x20) !== 0, firstBit, bits, mask, data };
}

function readMemoryOp(body: FieldReader): MemoryOp {
  return {
    opSpecId: body.u16(),
    accessPassword: body.u32(),
    memoryBank: body.u8() >> 6,
    firstWord: body.u16(),
  };
}

/** Writes one AccessSpec parameter. */
export function writeAccessSpec(out: FieldWriter, spec: AccessSpec): void {
  const { reportTrigger } = spec;
  out.tlv(ACCESS_SPEC, () => {
    out.u32(spec.id);
    out.u16(spec.antennaId);
    out.u8(spec.airProtocol);
    out.u8(spec.active ? 0x80 : 0);
    out.u32(spec.rospecId);
    out.tlv(STOP_TRIGGER, () => {
      out.u8(spec.operationsMax > 0 ? 1 : 0);
      out.u16(spec.operationsMax);
    });
    out.tlv(ACCESS_COMMAND, () => {
      out.tlv(TAG_SPEC, () => {
        for (const target of spec.targets) writeTarget(out, target);
      });
      for (const op of spec.ops) writeOp(out, op);
    });
    if (reportTrigger !== undefined) {
      out.tlv(ACCESS_REPORT_SPEC, () => {
        out.u8(reportTrigger);
      });
    }
    writeCustom(out, spec.custom);
  });
}

function writeTarget(out: FieldWriter, target: TargetTag): void {
  const bytes = Math.ceil(target.bits / 8);
  out.tlv(TARGET_TAG, () => {
    out.u8((target.memoryBank << 6) | (target.match ? 0x20 : 0));
    out.u16(target.firstBit);
    for (const bits of [target.mask, target.data]) {
      out.u16(target.bits);
      out.put(hexBytes(bits).subarray(0, bytes));
    }
  });
}

function writeOp(out: FieldWriter, op: AccessOp): void {
  switch (op.kind) {
    case 'read':
      out.tlv(READ, () => {
        writeMemoryOp(out, op);
        out.u16(op.words);
      });
      return;
    case 'write':
      out.tlv(WRITE, () => {
        writeMemoryOp(out, op);
        const words = hexBytes(op.words);
        out.u16(words.length / 2);
        out.put(words);
      });
      return;
    case 'other':
      out.tlv(op.type, () => {
        out.put(op.bytes);
      });
  }
}

function writeMemoryOp(out: FieldWriter, op: MemoryOp): void {
  out.u16(op.opSpecId);
  out.u32(op.accessPassword);
  out.u8(op.memoryBank << 6);
  out.u16(op.firstWord);
}

function hexBytes(text: string): Uint8Array {
  return fromHex(text) ?? new Uint8Array(0);
}
