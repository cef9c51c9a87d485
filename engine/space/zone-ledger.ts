/**
 * People per zone. A line joins two zones, so one crossing takes from the one what it gives to the other and people are
 * conserved; the state may go below zero, only what is shown never does.
 */
import type { Plan } from '#contract/domain/plan.ts';
import { countCrossing, type Crossing, type Totals } from './count-totals.ts';

/** Of each crossing this share is miscounted, which lets the variance grow. */
const MISCOUNT_SHARE = 0.03;
/** Half-width of the range shown, in standard deviations (95 %). */
const RANGE_SIGMA = 1.96;
const SILENT_PERIODS = 3;
const FACT_INTERVAL_MS = 5000;
/** Before the device showed its rhythm: the usual period of such counters. */
const PERIOD_MS_DEFAULT = 600_000;
const PERIOD_MS_MIN = 20_000;

export interface ZoneLevel {
  readonly people: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

const UNKNOWN: ZoneLevel = { people: null, low: null, high: null };

export interface LineFrame {
  readonly sensor: string;
  readonly line: string;
  readonly atMs: number;
  readonly periodMs: number | undefined;
  /** Times are the device's; silence is judged by when we heard. */
  readonly receivedAtMs: number;
  readonly totalIn: number;
  readonly totalOut: number;
  readonly totalBits: number;
}

export interface LineMemory {
  totals: Totals;
  receivedAtMs: number;
  periodMs: number;
}

export interface ZoneMemory {
  people: number;
  variance: number;
  atMs: number;
  shown: string;
  shownAtMs: number;
}

export class ZoneLedger {
  readonly zones = new Map<string, ZoneMemory>();
  /** By `line sensor`: two counters on one line must not read each other's totals. */
  readonly lines = new Map<string, LineMemory>();
  #ends = new Map<string, { readonly from: string | null; readonly to: string | null }>();
  #linesOf = new Map<string, string[]>();

  setPlan(plan: Plan): void {
    this.#ends = new Map(plan.lines.map((line) => [line.id, line]));
    this.#linesOf = new Map();
    for (const { id, from, to } of plan.lines) {
      for (const zone of new Set([from, to])) {
        if (zone !== null) this.#linesOf.set(zone, [...(this.#linesOf.get(zone) ?? []), id]);
      }
    }
  }

  get places(): readonly string[] {
    return [...this.#linesOf.keys()];
  }

  zonesOf(line: string): string[] {
    const ends = this.#ends.get(line);
    return [ends?.from, ends?.to].flatMap((zone) => zone ?? []);
  }

  /** Takes the totals of one device in; gives what they meant. */
  take(frame: LineFrame): Crossing['how'] {
    const key = lineKey(frame.line, frame.sensor);
    const known = this.lines.get(key);
    const totals = { atMs: frame.atMs, in: frame.totalIn, out: frame.totalOut };
    const crossing = countCrossing(known?.totals, totals, frame.totalBits);
    if (crossing.how !== 'late') {
      const periodMs = frame.periodMs ?? (known === undefined ? undefined : frame.atMs - known.totals.atMs);
      this.lines.set(key, {
        totals,
        receivedAtMs: Math.max(frame.receivedAtMs, known?.receivedAtMs ?? 0),
        periodMs:
          periodMs !== undefined && periodMs > 0
            ? Math.max(PERIOD_MS_MIN, periodMs)
            : (known?.periodMs ?? PERIOD_MS_DEFAULT),
      });
    }
    const ends = this.#ends.get(frame.line);
    if (ends !== undefined) {
      this.#add(ends.to, crossing.in - crossing.out, crossing, frame.atMs);
      this.#add(ends.from, crossing.out - crossing.in, crossing, frame.atMs);
    }
    return crossing.how;
  }

  /** The seam for anchors: a head count, a level sensor, or the closed building sets the state anew. */
  anchor(place: string, people: number, variance: number, atMs: number): void {
    const zone = this.zones.get(place);
    this.zones.set(place, { shown: '', shownAtMs: 0, ...zone, people, variance, atMs });
  }

  /** What is shown: unknown before every line of the zone spoke once, and while one of them is silent too long. */
  level(place: string, nowMs: number): ZoneLevel {
    const zone = this.zones.get(place);
    if (zone === undefined || !this.#areLinesHeard(place, nowMs)) return UNKNOWN;
    const half = RANGE_SIGMA * Math.sqrt(zone.variance);
    return {
      people: Math.max(0, Math.round(zone.people)),
      low: Math.max(0, Math.floor(zone.people - half)),
      high: Math.max(0, Math.ceil(zone.people + half)),
    };
  }

  /** The level as it was last reported: what screens show follows from the facts alone. */
  shown(place: string): ZoneLevel {
    const shown = this.zones.get(place)?.shown ?? '';
    return shown === '' ? UNKNOWN : (JSON.parse(shown) as ZoneLevel);
  }

  /** Levels that changed since they were last reported, at most one per zone and five seconds. */
  takeNews(nowMs: number): { readonly place: string; readonly level: ZoneLevel; readonly atMs: number }[] {
    const news = [];
    for (const place of this.places) {
      const level = this.level(place, nowMs);
      const zone = this.zones.get(place);
      const shown = JSON.stringify(level);
      const known = zone?.shown === '' ? JSON.stringify(UNKNOWN) : zone?.shown;
      if (zone === undefined || known === shown || nowMs - zone.shownAtMs < FACT_INTERVAL_MS) continue;
      zone.shown = shown;
      zone.shownAtMs = nowMs;
      news.push({ place, level, atMs: zone.atMs });
    }
    return news;
  }

  #add(place: string | null, people: number, crossing: Crossing, atMs: number): void {
    if (place === null) return;
    const zone = this.zones.get(place) ?? { people: 0, variance: 0, atMs, shown: '', shownAtMs: 0 };
    zone.people += people;
    zone.variance += MISCOUNT_SHARE * (crossing.in + crossing.out);
    zone.atMs = Math.max(zone.atMs, atMs);
    this.zones.set(place, zone);
  }

  #areLinesHeard(place: string, nowMs: number): boolean {
    const lines = this.#linesOf.get(place) ?? [];
    return lines.every((line) => {
      const heard = [...this.lines].filter(([key]) => key.startsWith(`${line} `)).map(([, memory]) => memory);
      return (
        heard.length > 0 && heard.every((memory) => nowMs - memory.receivedAtMs <= SILENT_PERIODS * memory.periodMs)
      );
    });
  }
}

export function lineKey(line: string, sensor: string): string {
  return `${line} ${sensor}`;
}
