/** How long ago, in the one unit a person would say. */
export interface Age {
  readonly value: number;
  readonly unit: 'now' | 'second' | 'minute' | 'hour' | 'day';
}

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Below ten seconds is "now"; so is the future, which only a wrong clock can show. */
export function ageOf(at: string, nowMs: number): Age {
  const ms = nowMs - Date.parse(at);
  if (!(ms >= 10 * SECOND_MS)) return { value: 0, unit: 'now' };
  if (ms < MINUTE_MS) return { value: Math.floor(ms / SECOND_MS), unit: 'second' };
  if (ms < HOUR_MS) return { value: Math.floor(ms / MINUTE_MS), unit: 'minute' };
  if (ms < DAY_MS) return { value: Math.floor(ms / HOUR_MS), unit: 'hour' };
  return { value: Math.floor(ms / DAY_MS), unit: 'day' };
}

/** "2 min. ago" in the reader's language; `now` is the library's own word for it. */
export function ageText(age: Age, language: string, now: string): string {
  if (age.unit === 'now') return now;
  return new Intl.RelativeTimeFormat(language, { style: 'short', numeric: 'always' }).format(-age.value, age.unit);
}

/** "14:02:10": the moment up to which what is shown is true. */
export function clockText(at: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(at));
}

/** Day and minute, for tables: the day is left out when it is today's. */
export function momentText(at: string, nowMs: number, language: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date(nowMs).toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(isToday ? {} : { day: 'numeric', month: 'short' }),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(date);
}
