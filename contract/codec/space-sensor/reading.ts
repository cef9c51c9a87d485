/**
 * What a sensor on a ceiling, a door or a desk says, whoever made it: before anybody knows which line or place it hangs
 * at. `channel` is the device's own: `1`, `2` … of its lines or regions, `all` for the device as a whole.
 *
 * Source: the makers' own documents, named in each decoder; the four kinds are those of the wire contract.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { JsonObject } from '#contract/codec/format.ts';

/** The device as a whole, where it has no lines or regions of its own. */
export const WHOLE_DEVICE = 'all';

interface Timed {
  /** ISO 8601, UTC, milliseconds. Absent: when the message came in. */
  readonly at?: string;
}

/** People across one of its lines. `in` and `out` are of a period; totals are cumulative and wrap at `totalBits`. */
export interface FlowReading extends Timed {
  readonly kind: 'flow';
  readonly channel: string;
  readonly from?: string;
  readonly in?: number;
  readonly out?: number;
  readonly totalIn?: number;
  readonly totalOut?: number;
  readonly totalBits: number;
}

/** `people` or `occupied` (0 or 1, or seats taken); null is unknown, never zero. */
export interface LevelReading extends Timed {
  readonly kind: 'level';
  readonly channel: string;
  readonly people: number | null;
  readonly occupied: number | null;
}

export interface EnvironmentReading extends Timed {
  readonly kind: 'environment';
  readonly quantity: string;
  readonly value: number | null;
  /** As the device reports it; `level` and `index` are the maker's own scales. */
  readonly unit: string;
}

export interface HealthReading extends Timed {
  readonly kind: 'health';
  readonly state: 'ok' | 'degraded' | 'dead';
  readonly flags: readonly string[];
  readonly batteryV?: number;
  readonly batteryPercent?: number;
}

export type SpaceReading = FlowReading | LevelReading | EnvironmentReading | HealthReading;

/** One message of a sensor. What could be read is there, whatever follows it. */
export interface SensorMessage {
  /** Under the maker's field names. Codes are numbers as sent, since makers rename their words between versions. */
  readonly values: JsonObject;
  readonly readings: readonly SpaceReading[];
  /** From the first byte that nobody documented; upper-case hex, as its length is unknown. */
  readonly unknown?: { readonly offset: number; readonly hex: string };
  /** Why the rest could not be read. */
  readonly error?: CodecError;
}

/** Below this a battery is to be changed; makers warn between 5 and 20 %. */
const LOW_BATTERY_PERCENT = 10;

/** The state that a device's flags and battery add up to. */
export function healthOf(
  flags: readonly string[],
  battery: { readonly percent?: number; readonly volts?: number } = {},
): HealthReading {
  const { percent, volts } = battery;
  const all = percent !== undefined && percent < LOW_BATTERY_PERCENT ? [...flags, 'low-battery'] : [...flags];
  return {
    kind: 'health',
    state: all.length === 0 ? 'ok' : 'degraded',
    flags: all,
    ...(volts !== undefined && { batteryV: volts }),
    ...(percent !== undefined && { batteryPercent: percent }),
  };
}

/** ISO 8601 of Unix seconds; undefined beyond what a date can hold. */
export function isoOfSeconds(seconds: number): string | undefined {
  return isoOfMs(seconds * 1000);
}

/** The four digits of an ISO 8601 year end before this. */
const LATEST_MS = Date.UTC(9999, 11, 31);

/** ISO 8601 of Unix milliseconds; undefined beyond what a date can hold. */
export function isoOfMs(ms: number): string | undefined {
  return Number.isFinite(ms) && ms >= 0 && ms < LATEST_MS ? new Date(ms).toISOString() : undefined;
}
