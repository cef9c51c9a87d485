/**
 * Single tags, by AccessSpecs that the reader carries out when it next inventories the tag:
 *
 *     ADD -> ENABLE -> the result stands in a tag report, known by its OpSpecID -> DELETE
 *
 * A reader carries out only the first AccessSpec that fits a tag, so the standing one, which reads memory from every tag,
 * is disabled meanwhile.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 12 (access operation) and 16.2.1.5 (results).
 */
import { AIR_PROTOCOL_C1G2 } from '#contract/codec/llrp/rospec.ts';
import { MEMORY_BANK, type AccessOp, type AccessSpec } from '#contract/codec/llrp/access-spec.ts';
import type { OpResult } from '#contract/codec/llrp/op-result.ts';
import { STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import { fromHex, toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { LlrpConnection } from '#gateway/drivers/llrp/connection.ts';
import type { LlrpSettings } from '#gateway/drivers/llrp/settings.ts';
import type { AccessFault, Gen2Place, UhfTagAccess } from '#gateway/drivers/tag-access.ts';

/** OpSpecIDs of the standing AccessSpec; those of commands are counted on from COMMAND_OP_MIN. */
export const STANDING_OP = { tid: 1, user: 2 } as const;
const COMMAND_OP_MIN = 100;
const COMMAND_OP_MAX = 0xffff;
const STANDING_ID = 1;
const COMMAND_ID = 2;
/** The EPC stands behind CRC and PC. */
const EPC_FIRST_BIT = 32;

export interface AccessOptions {
  readonly connection: LlrpConnection;
  readonly memory: LlrpSettings['memory'];
  readonly timeoutMs: number;
}

interface Waiting {
  readonly opSpecId: number;
  resolve(result: OpResult | undefined): void;
  reject(error: unknown): void;
}

export class LlrpTagAccess implements UhfTagAccess {
  readonly kind = 'uhf';
  readonly #options: AccessOptions;
  readonly #standing: AccessSpec | undefined;
  #opSpecId = COMMAND_OP_MIN;
  #waiting: Waiting | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AccessOptions) {
    this.#options = options;
    this.#standing = standingSpec(options.memory);
  }

  /** Lets the reader read memory from every tag, if settings say so; what it said when it refused. */
  async start(): Promise<LlrpStatus> {
    return this.#standing === undefined ? STATUS_OK : this.#put(this.#standing);
  }

  async readWords(place: Gen2Place, wordCount: number): Promise<Result<Uint8Array, AccessFault>> {
    const done = await this.#inTurn(place.epc, { kind: 'read', ...memoryOf(place), words: wordCount });
    if (!done.ok) return done;
    const words = done.value.kind === 'read' ? fromHex(done.value.words) : undefined;
    if (words?.length === 2 * wordCount) return ok(words);
    return err({ code: 'read-failed', detail: `${(words?.length ?? 0) / 2} of ${wordCount} words were read` });
  }

  async writeWords(place: Gen2Place, data: Uint8Array): Promise<Result<void, AccessFault>> {
    const done = await this.#inTurn(place.epc, { kind: 'write', ...memoryOf(place), words: toHex(data) });
    if (!done.ok) return done;
    const written = done.value.kind === 'read' ? 0 : done.value.wordsWritten;
    if (2 * written === data.length) return ok(undefined);
    return err({ code: 'write-failed', detail: `${written} of ${data.length / 2} words were written` });
  }

  /** Takes the result it waits for from the reports that pass. */
  take(tags: readonly TagReport[]): void {
    for (const { opResults } of tags) {
      const result = opResults?.find(({ opSpecId }) => opSpecId === this.#waiting?.opSpecId);
      if (result !== undefined) this.#waiting?.resolve(result);
    }
  }

  /** The connection is over. */
  end(error: unknown): void {
    this.#waiting?.reject(error);
  }

  /** One at a time: readers take few AccessSpecs, and the order of writes matters. */
  #inTurn(epc: string, op: OpWithoutId): Promise<Result<OpResult, AccessFault>> {
    const done = this.#last.then(() => this.#run(epc, op));
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #run(epc: string, op: OpWithoutId): Promise<Result<OpResult, AccessFault>> {
    const opSpecId = this.#opSpecId;
    this.#opSpecId = opSpecId === COMMAND_OP_MAX ? COMMAND_OP_MIN : opSpecId + 1;
    await this.#pauseStanding(true);
    const waiting = this.#wait(opSpecId);
    try {
      const status = await this.#put(commandSpec(epc, { ...op, opSpecId }));
      if (status.code !== 0) {
        return err({
          code: 'not-supported',
          detail: `the reader refused with status ${status.code} ${status.description}`,
        });
      }
      const result = await waiting.result;
      if (result === undefined) {
        return err({ code: 'no-tag', detail: `the tag was not read within ${this.#options.timeoutMs} ms` });
      }
      return judge(result, op);
    } finally {
      waiting.stop();
      // The reader has deleted it by itself if it was carried out; either answer will do.
      await this.#request('delete-access-spec', COMMAND_ID);
      await this.#pauseStanding(false);
    }
  }

  #wait(opSpecId: number): { readonly result: Promise<OpResult | undefined>; stop(): void } {
    let timer: NodeJS.Timeout | undefined;
    const result = new Promise<OpResult | undefined>((resolve, reject) => {
      this.#waiting = { opSpecId, resolve, reject };
      timer = setTimeout(() => {
        resolve(undefined);
      }, this.#options.timeoutMs);
    });
    // Whether anybody still waits when the connection ends depends on the step.
    result.catch(() => undefined);
    const stop = (): void => {
      clearTimeout(timer);
      this.#waiting = undefined;
    };
    return { result, stop };
  }

  async #pauseStanding(isPaused: boolean): Promise<void> {
    if (this.#standing === undefined) return;
    await this.#request(isPaused ? 'disable-access-spec' : 'enable-access-spec', STANDING_ID);
  }

  async #put(accessSpec: AccessSpec): Promise<LlrpStatus> {
    const { connection } = this.#options;
    const added = await connection.request({ kind: 'add-access-spec', accessSpec }, 'add-access-spec-response');
    return added.status.code === 0 ? this.#request('enable-access-spec', accessSpec.id) : added.status;
  }

  async #request(
    kind: 'enable-access-spec' | 'disable-access-spec' | 'delete-access-spec',
    id: number,
  ): Promise<LlrpStatus> {
    const { status } = await this.#options.connection.request({ kind, id }, `${kind}-response`);
    return status;
  }
}

type MemoryOp = Extract<AccessOp, { kind: 'read' | 'write' }>;
type OpWithoutId = MemoryOp extends infer Op ? (Op extends unknown ? Omit<Op, 'opSpecId'> : never) : never;

function memoryOf(place: Gen2Place): { accessPassword: number; memoryBank: number; firstWord: number } {
  const password = Number.parseInt(toHex(place.password ?? Uint8Array.of(0)), 16);
  return { accessPassword: password, memoryBank: place.bank, firstWord: place.firstWord };
}

/** Once, on the tag that has this EPC, wherever it is heard. */
function commandSpec(epc: string, op: AccessOp): AccessSpec {
  const mask = 'F'.repeat(epc.length);
  const target = { memoryBank: MEMORY_BANK.epc, match: true, firstBit: EPC_FIRST_BIT, bits: 4 * epc.length };
  return { ...specOf(COMMAND_ID, [op]), operationsMax: 1, targets: [{ ...target, mask, data: epc }] };
}

function standingSpec({ tidWords, userWords }: LlrpSettings['memory']): AccessSpec | undefined {
  const read = (opSpecId: number, memoryBank: number, words: number): AccessOp[] =>
    words === 0 ? [] : [{ kind: 'read', opSpecId, accessPassword: 0, memoryBank, firstWord: 0, words }];
  const ops = [
    ...read(STANDING_OP.tid, MEMORY_BANK.tid, tidWords),
    ...read(STANDING_OP.user, MEMORY_BANK.user, userWords),
  ];
  return ops.length === 0 ? undefined : specOf(STANDING_ID, ops);
}

/** On every tag, without end; the results come with the tag reports. */
function specOf(id: number, ops: readonly AccessOp[]): AccessSpec {
  const anyTag = { memoryBank: MEMORY_BANK.epc, match: true, firstBit: 0, bits: 0, mask: '', data: '' };
  return {
    id,
    antennaId: 0,
    airProtocol: AIR_PROTOCOL_C1G2,
    active: false,
    rospecId: 0,
    operationsMax: 0,
    targets: [anyTag],
    ops,
    reportTrigger: 0,
    custom: [],
  };
}

/** Of a read 1 is whatever the tag did not like; 4 and up came with LLRP 1.1, as did 7 of a write. */
const READ_FAULTS: Readonly<Record<number, AccessFault['code']>> = { 2: 'no-tag' };
const WRITE_FAULTS: Readonly<Record<number, AccessFault['code']>> = {
  1: 'no-such-block',
  2: 'locked',
  5: 'no-tag',
  7: 'wrong-password',
};

function judge(result: OpResult, { kind, accessPassword }: OpWithoutId): Result<OpResult, AccessFault> {
  if (result.result === 0) return ok(result);
  const told =
    kind === 'read' ? (READ_FAULTS[result.result] ?? 'read-failed') : (WRITE_FAULTS[result.result] ?? 'write-failed');
  // Without a password, what is locked may only want it.
  const code = told === 'locked' && accessPassword === 0 ? 'wrong-password' : told;
  return err({ code, detail: `the reader gives ${result.result} as the result of the ${kind}` });
}
