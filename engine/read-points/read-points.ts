/** Which antennas could speak just now, from their own scan reports and from the lack of them. */
import type { ScanObservation } from '#contract/wire/observation.ts';

export type ReadPointState = ScanObservation['state'];

/** Edges report every 30 s: three reports in a row are missing. Counted in ticks, so that an outage of ours kills nobody. */
export const SILENT_TICKS_MAX = 95;

export interface ReadPointMemory {
  readonly id: string;
  state: ReadPointState;
  sinceMs: number;
  lastHeardMs: number;
  /** Number of the tick before the latest scan report. */
  scanTick: number;
  /** Cycles of all live windows. */
  cycles: number;
}

export interface ReadPointNews {
  readonly id: string;
  readonly state: ReadPointState;
  readonly atMs: number;
  readonly rule: 'scan-report' | 'no-scan-report';
}

export class ReadPoints {
  readonly byId = new Map<string, ReadPointMemory>();

  /** A report older than the newest one changes nothing now. */
  take(
    scan: { readonly id: string; readonly state: ReadPointState; readonly toMs: number; readonly cycles: number },
    tick: number,
  ): ReadPointNews | undefined {
    const known = this.byId.get(scan.id);
    if (known === undefined) {
      const { id, state, toMs, cycles } = scan;
      this.byId.set(id, { id, state, sinceMs: toMs, lastHeardMs: toMs, scanTick: tick, cycles });
      return { id, state, atMs: toMs, rule: 'scan-report' };
    }
    if (scan.toMs < known.lastHeardMs) return undefined;
    known.lastHeardMs = scan.toMs;
    known.scanTick = tick;
    known.cycles += scan.cycles;
    return this.#change(known, scan.state, { atMs: scan.toMs, rule: 'scan-report' });
  }

  /** To be called at each tick. */
  findSilent(tick: number, nowMs: number): ReadPointNews[] {
    const news: ReadPointNews[] = [];
    for (const known of this.byId.values()) {
      if (known.state !== 'live' || tick - known.scanTick < SILENT_TICKS_MAX) continue;
      const change = this.#change(known, 'dead', { atMs: nowMs, rule: 'no-scan-report' });
      if (change !== undefined) news.push(change);
    }
    return news.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Unknown antennas count as live: what they report is heard. */
  isLive(id: string): boolean {
    return (this.byId.get(id)?.state ?? 'live') === 'live';
  }

  #change(
    known: ReadPointMemory,
    state: ReadPointState,
    why: Pick<ReadPointNews, 'atMs' | 'rule'>,
  ): ReadPointNews | undefined {
    if (known.state === state) return undefined;
    known.state = state;
    known.sinceMs = why.atMs;
    return { id: known.id, state, ...why };
  }
}
