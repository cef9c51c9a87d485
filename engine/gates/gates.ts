/**
 * What a gate decided, beside what the ILS says of the copy:
 *
 *     alarm  + lent by the ILS            -> alarmed though lent        (at once)
 *     alarm  + anything else              -> alarm                      (at once)
 *     passed + still available afterwards -> left without a loan        (after a while: a loan may be on its way to us)
 *
 * A tag that went through with its loan in order is nobody's business and leaves no fact.
 */
import type { GateObservation } from '#contract/wire/observation.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import type { Finding, MemoryRow } from '#engine/engine-rows.ts';

/** An ILS that is asked every few minutes has told of the loan by then. */
const LOAN_KNOWN_MS = 600_000;
/** A day of a big branch; beyond it the oldest are judged at once. */
const WAITING_MAX = 5000;

export interface GatesPort {
  find(finding: Finding): void;
  /** The copy of a tag; undefined where the catalogue knows none. */
  itemOf(tag: string): string | undefined;
  /** What the ILS says, and when it said so last. */
  ilsOf(barcode: string): { readonly status: IlsStatusName; readonly atMs: number };
}

interface Passed {
  readonly gate: string;
  readonly tag: string;
  readonly item: string;
  readonly direction: GateObservation['direction'];
  readonly rule: string;
  readonly atMs: number;
}

export class Gates {
  readonly #port: GatesPort;
  /** By number, so in the order in which they came. */
  readonly #waiting = new Map<number, Passed>();
  readonly #touched = new Set<number>();
  #next = 1;

  constructor(port: GatesPort) {
    this.#port = port;
  }

  take({ gate, direction, decision, rule, tag = '' }: GateObservation, atMs: number): void {
    const item = this.#port.itemOf(tag);
    if (decision === 'alarm') {
      const ilsStatus = item === undefined ? 'unknown' : this.#port.ilsOf(item).status;
      const finding = ilsStatus === 'on-loan' ? 'alarmed-though-lent' : 'alarm';
      this.#find({ gate, item: item ?? null, tag, direction, rule, ilsStatus, finding, atMs });
      return;
    }
    // Who brings a book of ours back has it still on his account, and what is not ours is not for us to judge.
    if (item === undefined || direction === 'in') return;
    const number = this.#next;
    this.#next += 1;
    this.#waiting.set(number, { gate, tag, item, direction, rule, atMs });
    this.#touched.add(number);
    if (this.#waiting.size > WAITING_MAX) this.#judgeOldest(Infinity);
  }

  tick(nowMs: number): void {
    while (this.#judgeOldest(nowMs));
  }

  takeMemory(slice: string): MemoryRow[] {
    const rows = [...this.#touched].map((number) => {
      const passed = this.#waiting.get(number);
      return { slice, key: String(number), body: passed === undefined ? null : JSON.stringify(passed) };
    });
    this.#touched.clear();
    return rows;
  }

  recall(bodies: readonly (readonly [key: string, body: string])[]): void {
    const rows = bodies.map(([key, body]) => [Number(key), JSON.parse(body) as Passed] as const);
    for (const [number, passed] of rows.toSorted(([a], [b]) => a - b)) {
      this.#waiting.set(number, passed);
      this.#next = number + 1;
    }
  }

  /** False when the oldest must still wait. */
  #judgeOldest(nowMs: number): boolean {
    const [oldest] = this.#waiting;
    if (oldest === undefined) return false;
    const [number, passed] = oldest;
    if (nowMs < passed.atMs + LOAN_KNOWN_MS) return false;
    this.#waiting.delete(number);
    this.#touched.add(number);
    const { status, atMs } = this.#port.ilsOf(passed.item);
    // Only a word of the ILS that is younger than the passage says that there was no loan.
    if (status === 'available' && atMs > passed.atMs) {
      this.#find({ ...passed, ilsStatus: status, finding: 'left-without-loan' });
    }
    return true;
  }

  #find({ gate, atMs, rule, ...rest }: Omit<Passed, 'item'> & Omit<NonNullable<Finding['gate']>, 'rule'>): void {
    this.#port.find({
      at: new Date(atMs).toISOString(),
      kind: 'gate-event',
      subject: gate,
      gate: { ...rest, rule },
      evidence: { rule, competitors: [] },
    });
  }
}
