import type { SpaceRow } from '#contract/wire/live.ts';

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

/** The day on the reader's own calendar, as the address wants it. */
export function dayOf(date: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
