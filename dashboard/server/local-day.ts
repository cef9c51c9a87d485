/** One calendar day of a library in its own time zone, as moments; 23 or 25 hours long when the clocks change. */
export interface DayBounds {
  readonly fromMs: number;
  readonly toMs: number;
}

export function dayBounds(date: string, timeZone: string): DayBounds {
  return { fromMs: midnightMs(date, timeZone), toMs: midnightMs(nextDate(date), timeZone) };
}

/** The date it is in that zone at that moment, `YYYY-MM-DD`. */
export function localDate(atMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(atMs);
}

function nextDate(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** Where midnight does not exist (clocks go forward at 00:00 in some zones), the first moment of the day counts. */
function midnightMs(date: string, timeZone: string): number {
  const asUtcMs = Date.parse(`${date}T00:00:00Z`);
  // The offset is asked for again at the first guess, since it may differ there on the day of a change.
  const first = asUtcMs - offsetMs(asUtcMs, timeZone);
  const guesses = [first, asUtcMs - offsetMs(first, timeZone)];
  const found = guesses.filter((guess) => localDate(guess, timeZone) === date && localDate(guess - 1, timeZone) < date);
  return found[0] ?? Math.max(...guesses);
}

function offsetMs(atMs: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(atMs);
  const part = (type: string): number => Number(parts.find((entry) => entry.type === type)?.value);
  const localMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return localMs - Math.floor(atMs / 1000) * 1000;
}
