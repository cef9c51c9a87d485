/**
 * A Milesight VS133 over a line: counts who crosses, misses one or two in a hundred, and reports cumulative totals and
 * what came since the last report.
 *
 * Source: Milesight SensorDecoders, vs-series/vs133.
 */
import { encodeVs133, MILESIGHT_PORT } from '#contract/codec/milesight/vs133.ts';
import { encodeUplink } from '#contract/codec/things-stack/uplink.ts';
import { createRandom, fnv1a, restoreRandom, type Random, type RandomState } from '#sim/random/random.ts';

export interface CounterState {
  readonly totalIn: number;
  readonly totalOut: number;
  readonly frame: number;
  readonly random: RandomState;
}

const MISS_SHARE_MIN = 0.01;
const MISS_SHARE_SPAN = 0.01;
const BATTERY_PERCENT = 100;

export class PeopleCounter {
  readonly device: string;
  /** What this very device misses in each direction: the truth behind its counts. */
  readonly missShare: { readonly in: number; readonly out: number };
  readonly #random: Random;
  #totalIn: number;
  #totalOut: number;
  #periodIn = 0;
  #periodOut = 0;
  #frame: number;

  constructor(device: string, seed: number, state?: CounterState) {
    this.device = device;
    const fresh = createRandom(seed, `counter/${device}`);
    this.missShare = {
      in: MISS_SHARE_MIN + MISS_SHARE_SPAN * fresh.next(),
      out: MISS_SHARE_MIN + MISS_SHARE_SPAN * fresh.next(),
    };
    // The device hung there before we came: its totals do not begin at zero.
    const before = fresh.below(40_000);
    this.#random = state === undefined ? fresh : restoreRandom(state.random);
    this.#totalIn = state?.totalIn ?? before;
    this.#totalOut = state?.totalOut ?? before;
    this.#frame = state?.frame ?? 0;
  }

  cross(direction: 'in' | 'out'): void {
    if (this.#random.next() < this.missShare[direction]) return;
    if (direction === 'in') {
      this.#totalIn += 1;
      this.#periodIn += 1;
    } else {
      this.#totalOut += 1;
      this.#periodOut += 1;
    }
  }

  totals(): { readonly in: number; readonly out: number } {
    return { in: this.#totalIn, out: this.#totalOut };
  }

  /** The uplink as The Things Stack would publish it; begins a new period. */
  report(nowMs: number): string {
    const group = 'all' as const;
    const payload = encodeVs133([
      { kind: 'battery', percent: BATTERY_PERCENT },
      { kind: 'total', group, line: 1, direction: 'in', count: this.#totalIn },
      { kind: 'total', group, line: 1, direction: 'out', count: this.#totalOut },
      { kind: 'period', group, line: 1, in: this.#periodIn, out: this.#periodOut },
    ]);
    this.#periodIn = 0;
    this.#periodOut = 0;
    this.#frame += 1;
    return encodeUplink({
      applicationId: 'people-counters',
      deviceId: this.device,
      devEui: `24E124${fnv1a(this.device).toString(16).toUpperCase().padStart(10, '0')}`,
      receivedAt: new Date(nowMs).toISOString(),
      fPort: MILESIGHT_PORT,
      frameCounter: this.#frame,
      payload,
      receptions: [{ gatewayId: 'roof', rssiDbm: -71, snrDb: 9 }],
    });
  }

  state(): CounterState {
    return { totalIn: this.#totalIn, totalOut: this.#totalOut, frame: this.#frame, random: this.#random.state() };
  }
}
