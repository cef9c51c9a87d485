/**
 * Values over time. Two implementations behind one interface, held to the same tests: InfluxDB, used whenever it is
 * configured, and SQLite files for a library without one. Writing the same point twice changes nothing.
 */
export type Measurement = 'sighting' | 'scan' | 'move' | 'level' | 'flow' | 'health' | 'environment';

export interface HistoryPoint {
  readonly measurement: Measurement;
  readonly library: string;
  /** Where it belongs in the plan; few values each, so that the number of series stays bounded. */
  readonly branch: string;
  readonly floor: string;
  readonly zone: string;
  /** Read point, line, zone or sensor; never an item or a tag (those are fields). */
  readonly subject: string;
  readonly kind: string;
  readonly atMs: number;
  /** `source:epoch:seq:index` or `fact:library:n`; makes the timestamp unique, so that equal events write equal points. */
  readonly eventId: string;
  readonly fields: Readonly<Record<string, number | string | boolean>>;
}

export interface HistoryWriteOutcome {
  readonly stored: number;
  /** Points that can never be stored, with the reason; everything else of the call was stored. */
  readonly refused: readonly { readonly point: HistoryPoint; readonly reason: string }[];
}

export interface HistorySeriesQuery {
  readonly library: string;
  readonly measurement: Measurement;
  readonly subject: string;
  readonly field: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
  readonly aggregate: 'mean' | 'max' | 'min' | 'last' | 'sum' | 'count';
}

export interface HistoryValue {
  readonly atMs: number;
  /** `null`: nothing known in that step. */
  readonly value: number | null;
}

export interface History {
  /** `influxdb` or `embedded`. */
  readonly kind: 'influxdb' | 'embedded';
  /**
   * Stores the points, at most 5,000 a call.
   *
   * Errors: `STO_UNAVAILABLE` (nothing is certain; keep the points and call again with the same ones).
   */
  write(points: readonly HistoryPoint[]): Promise<HistoryWriteOutcome>;
  /** One row per step from `fromMs` (inclusive) to `toMs` (exclusive). Errors: `STO_UNAVAILABLE`. */
  series(query: HistorySeriesQuery): Promise<readonly HistoryValue[]>;
  /** Whether it answers now. */
  ping(): Promise<boolean>;
  /** Drops what is older than the retention of its measurement. */
  trim(nowMs: number): Promise<void>;
  close(): Promise<void>;
}
