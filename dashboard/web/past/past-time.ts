/** Minutes of the past as the library's own clock shows them; `?at=` holds the moment in UTC, to the minute. */
const MINUTE_MS = 60_000;
export const HOUR_MINUTES = 60;

/** `2026-03-02T10:35Z`: short enough to be read in an address. */
export function atText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16)}Z`;
}

/** `null` for what is no moment, and for a moment that has not come yet. */
export function parseAt(at: string | undefined, nowMs: number): number | null {
  const ms = at === undefined ? Number.NaN : Date.parse(at);
  return Number.isFinite(ms) && ms <= nowMs ? Math.floor(ms / MINUTE_MS) * MINUTE_MS : null;
}

function partsIn(atMs: number, timeZone: string): Readonly<Record<string, string>> {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  });
  return Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
}

/** The full hour on the library's clock in which the moment lies; some zones are half an hour off. */
export function hourOf(atMs: number, timeZone: string): number {
  return atMs - Number(partsIn(atMs, timeZone)['minute']) * MINUTE_MS - (atMs % MINUTE_MS);
}

/** What a field for date and time holds: `2026-03-02T10:35` on the library's clock. */
export function wallClock(atMs: number, timeZone: string): string {
  const { year, month, day, hour, minute } = partsIn(atMs, timeZone);
  return `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}`;
}

/** Inverse of {@link wallClock}; of an hour that the clocks pass twice, either; of one they leave out, the hour after. */
export function fromWallClock(text: string, timeZone: string): number | null {
  const asUtcMs = Date.parse(`${text}Z`);
  if (!Number.isFinite(asUtcMs)) return null;
  const offsetAt = (ms: number): number => Date.parse(`${wallClock(ms, timeZone)}Z`) - ms;
  const guess = asUtcMs - offsetAt(asUtcMs);
  // The offset is asked for again at the first guess, since it may differ there on the day of a change.
  return asUtcMs - offsetAt(guess);
}

/** "10:35" on the library's clock. */
export function minuteText(atMs: number, language: string, timeZone: string): string {
  const format = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone } as const;
  return new Intl.DateTimeFormat(language, format).format(atMs);
}

export function dayText(atMs: number, language: string, timeZone: string): string {
  const format = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone } as const;
  return new Intl.DateTimeFormat(language, format).format(atMs);
}
