/**
 * What each read point lately said of each tag, in flat arrays: two million tags must fit into memory, and a sighting
 * may cost no more than a few dozen additions.
 *
 * One row per tag, eight slots per row, one read point per slot. Everything decays with the live cycles that the read
 * point had since, so that old evidence makes room for new.
 */
import { assert } from '#contract/assert.ts';

export const SLOTS_PER_TAG = 8;
export const EMPTY = -1;

/** Marks a slot whose event is not known. */
const NO_EVENT = -1;

/** The observation that last said something in this slot. */
export interface EventRef {
  /** Number of `source:epoch` in the engine's list. */
  readonly stream: number;
  readonly seq: number;
  readonly index: number;
}

export class EvidenceTable {
  #capacity = 0;
  #tags = 0;
  /** Number of the read point, or EMPTY. */
  readPoint = new Int32Array(0);
  /** Live cycles, cycles with a read, reads with RSSI and the sum of their dBm, all decayed alike. */
  live = new Float32Array(0);
  seen = new Float32Array(0);
  reads = new Float32Array(0);
  sumDbm = new Float32Array(0);
  /** Evidence that the tag has moved to this place since it settled at the present one; natural logarithm, 0 for none. */
  suspicion = new Float32Array(0);
  /** What the newest reports say, in dBm; NaN before any power was told. Beside the mean of the stay it shows a change. */
  recentDbm = new Float32Array(0);
  /** Probability of the place at the last judgement, in 255ths. */
  weight = new Uint8Array(0);
  /** 1 while the antenna does not hear the tag any more: what it once heard still tells how the tag stands. */
  lost = new Uint8Array(0);
  /** When the tag was last heard there; Unix milliseconds. */
  lastMs = new Float64Array(0);
  /** When it was first heard there in the present stay. */
  firstMs = new Float64Array(0);
  #eventStream = new Int32Array(0);
  #eventSeq = new Float64Array(0);
  #eventIndex = new Uint16Array(0);

  /** Bytes held per tag. */
  static readonly BYTES_PER_TAG = SLOTS_PER_TAG * (4 * 8 + 8 * 3 + 4);

  /** A new row without evidence; its number. */
  addTag(): number {
    if (this.#tags === this.#capacity) this.#grow(Math.max(1024, Math.ceil(this.#capacity * 1.5)));
    this.#tags += 1;
    return this.#tags - 1;
  }

  firstSlot(tag: number): number {
    return tag * SLOTS_PER_TAG;
  }

  find(tag: number, readPoint: number): number {
    const start = tag * SLOTS_PER_TAG;
    for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
      if (this.readPoint[slot] === readPoint) return slot;
    }
    return EMPTY;
  }

  /** The slot of a read point; when all are taken, the weakest gives way (never `kept`). */
  claim(tag: number, readPoint: number, kept: number): number {
    const found = this.find(tag, readPoint);
    if (found !== EMPTY) return found;
    const start = tag * SLOTS_PER_TAG;
    let weakest = EMPTY;
    let weakestShare = Infinity;
    for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
      if (this.readPoint[slot] === EMPTY) return this.#open(slot, readPoint);
      if (this.readPoint[slot] === kept) continue;
      // Lost, or else heard in the fewest cycles: what the place judgement would miss least.
      const share = ((this.seen[slot] ?? 0) + 0.5) / ((this.live[slot] ?? 0) + 1) - (this.lost[slot] ?? 0);
      if (share >= weakestShare) continue;
      weakest = slot;
      weakestShare = share;
    }
    assert(weakest !== EMPTY, 'at most one slot is kept');
    return this.#open(weakest, readPoint);
  }

  clear(slot: number): void {
    this.readPoint[slot] = EMPTY;
  }

  /** What was gathered belongs to a stay that is over; the slot stays open. */
  restart(slot: number): void {
    this.live[slot] = 0;
    this.seen[slot] = 0;
    this.reads[slot] = 0;
    this.sumDbm[slot] = 0;
    this.suspicion[slot] = 0;
  }

  /** Taken slots of a tag, in slot order. */
  slots(tag: number): number[] {
    const found: number[] = [];
    const start = tag * SLOTS_PER_TAG;
    for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1)
      if (this.readPoint[slot] !== EMPTY) found.push(slot);
    return found;
  }

  event(slot: number): EventRef | undefined {
    const stream = this.#eventStream[slot] ?? NO_EVENT;
    return stream === NO_EVENT
      ? undefined
      : { stream, seq: this.#eventSeq[slot] ?? 0, index: this.#eventIndex[slot] ?? 0 };
  }

  setEvent(slot: number, event: EventRef | undefined): void {
    this.#eventStream[slot] = event?.stream ?? NO_EVENT;
    this.#eventSeq[slot] = event?.seq ?? 0;
    this.#eventIndex[slot] = event?.index ?? 0;
  }

  #open(slot: number, readPoint: number): number {
    this.readPoint[slot] = readPoint;
    this.live[slot] = 0;
    this.seen[slot] = 0;
    this.reads[slot] = 0;
    this.sumDbm[slot] = 0;
    this.suspicion[slot] = 0;
    this.recentDbm[slot] = NaN;
    this.weight[slot] = 0;
    this.lost[slot] = 0;
    this.lastMs[slot] = 0;
    this.firstMs[slot] = 0;
    this.#eventStream[slot] = NO_EVENT;
    return slot;
  }

  #grow(tags: number): void {
    const length = tags * SLOTS_PER_TAG;
    const taken = this.#capacity * SLOTS_PER_TAG;
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.readPoint = grown(new Int32Array(length), this.readPoint).fill(EMPTY, taken);
    this.live = grown(new Float32Array(length), this.live);
    this.seen = grown(new Float32Array(length), this.seen);
    this.reads = grown(new Float32Array(length), this.reads);
    this.sumDbm = grown(new Float32Array(length), this.sumDbm);
    this.recentDbm = grown(new Float32Array(length), this.recentDbm);
    this.weight = grown(new Uint8Array(length), this.weight);
    this.lost = grown(new Uint8Array(length), this.lost);
    this.suspicion = grown(new Float32Array(length), this.suspicion);
    this.lastMs = grown(new Float64Array(length), this.lastMs);
    this.firstMs = grown(new Float64Array(length), this.firstMs);
    this.#eventStream = grown(new Int32Array(length), this.#eventStream);
    this.#eventSeq = grown(new Float64Array(length), this.#eventSeq);
    this.#eventIndex = grown(new Uint16Array(length), this.#eventIndex);
    this.#capacity = tags;
  }
}
