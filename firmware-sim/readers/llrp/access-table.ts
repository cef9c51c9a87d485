/**
 * The AccessSpecs of a reader, and what becomes of a tag that one of them fits: the first enabled one, in the order in
 * which they were added, is carried out on it.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 12 (access operation), 16.2.1.5 (results).
 */
import type { AccessOp, AccessSpec, TargetTag } from '#contract/codec/llrp/access-spec.ts';
import type { OpResult } from '#contract/codec/llrp/op-result.ts';
import { STATUS, STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import {
  isSelected,
  readTag,
  writeTag,
  type Gen2Access,
  type Gen2Bank,
  type Gen2Refusal,
  type Gen2Tag,
} from '#sim/readers/gen2-tag.ts';

const ACCESS_SPECS_MAX = 16;
/** A tag that does not like the password is silent. */
const READ_RESULT: Record<Gen2Refusal, number> = { 'memory-overrun': 1, 'memory-locked': 1, 'wrong-password': 2 };
const WRITE_RESULT: Record<Gen2Refusal, number> = { 'memory-overrun': 1, 'memory-locked': 2, 'wrong-password': 5 };

interface Held {
  spec: AccessSpec;
  performed: number;
}

export interface Performed {
  readonly accessSpecId: number;
  readonly results: readonly OpResult[];
}

export class AccessTable {
  readonly #held = new Map<number, Held>();

  all(): readonly AccessSpec[] {
    return [...this.#held.values()].map(({ spec }) => spec);
  }

  add(spec: AccessSpec): LlrpStatus {
    if (spec.id === 0) return fieldError('AccessSpecID 0 is reserved', STATUS.fieldOutOfRange);
    if (this.#held.has(spec.id)) return fieldError('there is an AccessSpec of this id', STATUS.fieldInvalid);
    if (spec.active) return fieldError('a new AccessSpec is disabled', STATUS.fieldInvalid);
    if (this.#held.size >= ACCESS_SPECS_MAX) return { code: STATUS.messageOverflowParameter, description: 'too many' };
    const other = spec.ops.find((op) => op.kind === 'other');
    if (other?.kind === 'other') {
      const parameterError = { parameterType: other.type, code: STATUS.parameterUnsupportedParameter };
      return { code: STATUS.messageParameterError, description: 'this operation is not supported', parameterError };
    }
    this.#held.set(spec.id, { spec, performed: 0 });
    return STATUS_OK;
  }

  delete(id: number): LlrpStatus {
    return this.#each(id, ({ spec }) => this.#held.delete(spec.id));
  }

  setActive(id: number, active: boolean): LlrpStatus {
    return this.#each(id, (held) => (held.spec = { ...held.spec, active }));
  }

  clear(): void {
    this.#held.clear();
  }

  /** Carries out what fits this tag at this antenna; undefined when nothing does. */
  perform(tag: Gen2Tag, antennaId: number, rospecId: number): Performed | undefined {
    for (const held of this.#held.values()) {
      const { spec } = held;
      const isHere = [0, antennaId].includes(spec.antennaId) && [0, rospecId].includes(spec.rospecId);
      if (!spec.active || !isHere || !spec.targets.every((target) => fits(tag, target))) continue;
      held.performed += 1;
      if (spec.operationsMax > 0 && held.performed >= spec.operationsMax) this.#held.delete(spec.id);
      return { accessSpecId: spec.id, results: performAll(tag, spec.ops) };
    }
    return undefined;
  }

  #each(id: number, change: (held: Held) => unknown): LlrpStatus {
    if (id !== 0 && !this.#held.has(id)) return fieldError('no such AccessSpec', STATUS.fieldInvalid);
    for (const held of [...this.#held.values()]) if (id === 0 || held.spec.id === id) change(held);
    return STATUS_OK;
  }
}

/** Only the bits that the mask names count. */
function fits(tag: Gen2Tag, target: TargetTag): boolean {
  const mask = fromHex(target.mask) ?? new Uint8Array();
  const data = fromHex(target.data) ?? new Uint8Array();
  const bank = target.memoryBank as Gen2Bank;
  const agrees = Array.from({ length: target.bits }, (_, bit) => bit)
    .filter((bit) => bitOf(mask, bit) === 1)
    .every((bit) => {
      const one = { bank, pointerBits: target.firstBit + bit, bits: 1, mask: Uint8Array.of(bitOf(data, bit) << 7) };
      return isSelected(tag, one);
    });
  return agrees === target.match;
}

function bitOf(bytes: Uint8Array, at: number): number {
  return ((bytes[at >>> 3] ?? 0) >>> (7 - (at % 8))) & 1;
}

/** One after the other, until one fails. */
function performAll(tag: Gen2Tag, ops: readonly AccessOp[]): OpResult[] {
  const results: OpResult[] = [];
  for (const op of ops) {
    if (op.kind === 'other') continue;
    const result = op.kind === 'read' ? read(tag, op) : write(tag, op);
    results.push(result);
    if (result.result !== 0) break;
  }
  return results;
}

function read(tag: Gen2Tag, op: Extract<AccessOp, { kind: 'read' }>): OpResult {
  const done = readTag(tag, accessOf(op), op.words);
  const { opSpecId } = op;
  if (done.ok) return { kind: 'read', result: 0, opSpecId, words: toHex(done.value) };
  return { kind: 'read', result: READ_RESULT[done.error], opSpecId, words: '' };
}

function write(tag: Gen2Tag, op: Extract<AccessOp, { kind: 'write' }>): OpResult {
  const data = fromHex(op.words) ?? new Uint8Array();
  const done = writeTag(tag, accessOf(op), data);
  const { opSpecId } = op;
  if (done.ok) return { kind: 'write', result: 0, opSpecId, wordsWritten: data.length / 2 };
  return { kind: 'write', result: WRITE_RESULT[done.error], opSpecId, wordsWritten: 0 };
}

function accessOf(op: { memoryBank: number; firstWord: number; accessPassword: number }): Gen2Access {
  const password = new Uint8Array(4);
  new DataView(password.buffer).setUint32(0, op.accessPassword);
  return { bank: op.memoryBank as Gen2Bank, firstWord: op.firstWord, password };
}

function fieldError(description: string, code: number): LlrpStatus {
  return { code: STATUS.messageFieldError, description, fieldError: { fieldIndex: 0, code } };
}
