/**
 * What a people counter can say, one type for each kind of channel.
 *
 * Source: Milesight SensorDecoders, vs-series/vs133.
 */

/** Whom a count covers: everybody, or the people the device takes for children (a part of everybody). */
export type CountGroup = 'all' | 'child';

/** A count or a time that may also be sent late, as history. */
export type Vs133Telemetry =
  /** Crossings of a line since the last reset; 32 bits. */
  | {
      readonly kind: 'total';
      readonly group: CountGroup;
      readonly line: number;
      readonly direction: 'in' | 'out';
      readonly count: number;
    }
  /** Crossings since the last report; a lost frame loses them, so prefer totals. */
  | {
      readonly kind: 'period';
      readonly group: CountGroup;
      readonly line: number;
      readonly in: number;
      readonly out: number;
    }
  /** People in regions 1 to 4 at this moment. */
  | { readonly kind: 'regions'; readonly group: CountGroup; readonly people: readonly number[] };

export type Vs133Now =
  | Vs133Telemetry
  | {
      readonly kind: 'dwell';
      readonly group: CountGroup;
      readonly region: number;
      readonly average: number;
      readonly longest: number;
    }
  | { readonly kind: 'battery'; readonly percent: number }
  /** The lens of a node is covered; node 0 is the master. */
  | { readonly kind: 'covered'; readonly node: number; readonly active: boolean }
  /** Versions, serial number and the like; `type` is the channel type behind FF. */
  | { readonly kind: 'device'; readonly type: number; readonly bytes: Uint8Array };

/** In history, dwell comes in two halves. */
export type Vs133Past =
  | Vs133Telemetry
  | {
      readonly kind: 'dwell-half';
      readonly group: CountGroup;
      readonly region: number;
      readonly half: 'average' | 'longest';
      readonly dwell: number;
    };

export type Vs133Reading =
  Vs133Now | { readonly kind: 'history'; readonly atSeconds: number; readonly reading: Vs133Past };
