/**
 * Dates of SIP2: `YYYYMMDDZZZZHHMMSS`. The zone is four blanks for local time, or `   Z` for UTC; some systems write
 * `UTC` or `GMT` or an offset, terminals leave blanks out.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Data types", which refers to ANSI X3.30 and X3.43.
 */

/** A moment as it stands on the wall, and whose wall that is. */
export interface Sip2Date {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly zone: 'local' | 'utc';
}

/** Eighteen blanks: no date, as in the due date of a checkout that leaves it to the library. */
export const NO_DATE = ' '.repeat(18);

const SHAPE = /^(\d{4})(\d{2})(\d{2})( {0,4}|.{4})(\d{2})(\d{2})(\d{2})$/;

/** Reads 18 characters, or fewer where blanks were left out. Undefined for blanks, and for what is no date. */
export function readSip2Date(text: string): Sip2Date | undefined {
  const found = SHAPE.exec(text);
  if (found === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [1, 2, 3, 5, 6, 7].map((at) =>
    Number(found[at]),
  );
  const zone = (found[4] ?? '').trim().toUpperCase();
  if (!['', 'Z', 'UTC', 'GMT'].includes(zone)) return undefined;
  const isReal =
    month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month) && hour < 24 && minute < 60 && second <= 60;
  if (!isReal) return undefined;
  return { year, month, day, hour, minute, second: Math.min(second, 59), zone: zone === '' ? 'local' : 'utc' };
}

/** Inverse of {@link readSip2Date}, always 18 characters. */
export function writeSip2Date(date: Sip2Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(date.year).padStart(4, '0')}${two(date.month)}${two(date.day)}`;
  return `${day}${date.zone === 'utc' ? '   Z' : '    '}${two(date.hour)}${two(date.minute)}${two(date.second)}`;
}

/** A time as UTC, which needs no agreement about zones. */
export function utcSip2Date(atMs: number): string {
  const date = new Date(atMs);
  return writeSip2Date({
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    zone: 'utc',
  });
}

/**
 * A time as the wall clock of a zone shows it, with the blank zone that most systems expect.
 *
 * Errors: throws RangeError for a name that is no time zone; names come from checked configuration.
 */
export function localSip2Date(atMs: number, timeZone: string): string {
  return writeSip2Date({ ...wallClock(atMs, timeZone), zone: 'local' });
}

/**
 * The moment a date means, a local one in `timeZone`. Of the hour that comes twice in autumn, the first; an hour that
 * spring leaves out is read as if the clock had not been changed.
 */
export function sip2DateMs(date: Sip2Date, timeZone: string): number {
  const asUtc = Date.UTC(date.year, date.month - 1, date.day, date.hour, date.minute, date.second);
  if (date.zone === 'utc') return asUtc;
  const offset = (atMs: number): number => {
    const wall = wallClock(atMs, timeZone);
    return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute, wall.second) - atMs;
  };
  const before = asUtc - offset(asUtc - 86_400_000);
  const after = asUtc - offset(asUtc + 86_400_000);
  const fits = [before, after].filter((atMs) => atMs + offset(atMs) === asUtc);
  return fits.length > 0 ? Math.min(...fits) : before;
}

function wallClock(atMs: number, timeZone: string): Omit<Sip2Date, 'zone'> {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(Math.floor(atMs / 1000) * 1000);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
  };
}

function daysOf(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
