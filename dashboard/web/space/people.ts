import type { SpaceRow } from '#contract/wire/live.ts';
import type { SpaceDay } from '#contract/wire/rest.ts';

/** How full a place is, with its doubt, as shares of its capacity for the bar. */
export interface Fill {
  readonly share: number;
  readonly lowShare: number;
  readonly highShare: number;
}

/** `null` where people or capacity are unknown: an empty bar would claim an empty room. */
export function fillOf(row: SpaceRow): Fill | null {
  if (row.people === null || row.capacity === null || row.capacity === 0) return null;
  const { capacity } = row;
  const share = (people: number): number => Math.min(1, Math.max(0, people / capacity));
  return {
    share: share(row.people),
    lowShare: share(row.low ?? row.people),
    highShare: share(row.high ?? row.people),
  };
}

/** From here on a place is worth a look, and from there on it is full. */
const LOOK_SHARE = 0.85;

export function fillMeaning(row: SpaceRow): 'fine' | 'look' | 'act' | 'unknown' {
  if (row.people === null || row.stale) return 'unknown';
  if (row.capacity === null || row.capacity === 0) return 'fine';
  if (row.people >= row.capacity) return 'act';
  return row.people / row.capacity >= LOOK_SHARE ? 'look' : 'fine';
}

/** "47 (41–53)"; the range is left out where it says nothing. */
export function peopleText(row: SpaceRow, format: (value: number) => string): string | null {
  if (row.people === null) return null;
  const low = row.low ?? row.people;
  const high = row.high ?? row.people;
  const people = format(Math.round(row.people));
  return Math.round(low) === Math.round(high)
    ? people
    : `${people} (${format(Math.round(low))}–${format(Math.round(high))})`;
}

/** The day on the library's calendar, as the address wants it: whoever looks from elsewhere sees the library's day. */
export function dayOf(date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(date);
}

const HOUR_SECONDS = 3600;
const SHOWN_SECONDS_MIN = 2 * HOUR_SECONDS;

/** From the first to the last hour something is known of: a day that has just begun is not a thin line in a wide chart. */
export function hoursKnown(day: SpaceDay): readonly [fromSeconds: number, toSeconds: number] {
  const known = day.rows.filter((row) => row.people !== null).map((row) => Date.parse(row.at) / 1000);
  const start = Date.parse(day.from) / 1000;
  const end = Date.parse(day.to) / 1000;
  const [first = start] = known;
  const last = (known.at(-1) ?? end) + day.stepSeconds;
  const from = Math.max(start, Math.floor(first / HOUR_SECONDS) * HOUR_SECONDS);
  const to = Math.min(end, Math.max(Math.ceil(last / HOUR_SECONDS) * HOUR_SECONDS, from + SHOWN_SECONDS_MIN));
  return [Math.max(start, Math.min(from, to - SHOWN_SECONDS_MIN)), to];
}
