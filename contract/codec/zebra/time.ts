/**
 * Zebra's times: ISO 8601 with an offset without colon, or unix milliseconds.
 *
 * Source: Zebra IoT Connector, tag data events ("timestamp": "2023-03-01T13:57:29.126+0000"); `zoneHistory` with unix
 * milliseconds.
 */
import type { Json } from '#contract/codec/format.ts';

const ISO = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)$/;
const UNIX_MS_MIN = Date.UTC(2000, 0, 1);
const UNIX_MS_MAX = Date.UTC(2100, 0, 1);

export interface PlainTime {
  /** UTC with milliseconds, or more digits where the reader sends more. */
  readonly at: string;
  /** Absent for the usual text. */
  readonly atWritten?: 'unix-ms';
}

/** `undefined` where the value is no time: it is kept as it came. */
export function readZebraTime(value: Json | undefined): PlainTime | undefined {
  if (typeof value === 'number') {
    const isTime = Number.isInteger(value) && value >= UNIX_MS_MIN && value <= UNIX_MS_MAX;
    return isTime ? { at: new Date(value).toISOString(), atWritten: 'unix-ms' } : undefined;
  }
  const parts = typeof value === 'string' ? ISO.exec(value) : null;
  if (parts === null) return undefined;
  const [, seconds = '', fraction = '', zone = ''] = parts;
  const secondsMs = Date.parse(`${seconds}${zone === 'Z' ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2')}`);
  if (!(secondsMs >= 0 && secondsMs <= UNIX_MS_MAX)) return undefined;
  return { at: `${new Date(secondsMs).toISOString().slice(0, 19)}.${fraction.padEnd(3, '0')}Z` };
}

/** Inverse, in the reader's own spelling; `undefined` when `at` is no time. */
export function writeZebraTime(at: Json, written: Json | undefined): Json | undefined {
  const plain = typeof at === 'string' ? readZebraTime(at) : undefined;
  if (plain === undefined) return undefined;
  if (written === 'unix-ms') return Date.parse(plain.at);
  return written === undefined ? plain.at.replace('Z', '+0000') : undefined;
}
