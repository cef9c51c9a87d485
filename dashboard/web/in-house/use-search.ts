/** What the screen is about, from its address; whatever does not fit falls back to the last seven days by class. */
export const PARTS = ['day', 'shelf', 'class'] as const;
export type Part = (typeof PARTS)[number];

export interface Use {
  /** Both days belong to it; `YYYY-MM-DD` of the library's time zone. */
  readonly from: string;
  readonly to: string;
  readonly by: readonly Part[];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;
const DAYS_MAX = 400;

export function readUse(
  search: { readonly from?: string | undefined; readonly to?: string | undefined; readonly by?: string | undefined },
  today: string,
): Use {
  const to = isDay(search.to) && search.to <= today ? search.to : today;
  const earliest = daysBefore(to, DAYS_MAX - 1);
  const asked = isDay(search.from) && search.from <= to ? search.from : daysBefore(to, 6);
  const named = new Set(search.by?.split(','));
  const by = PARTS.filter((part) => named.has(part));
  return { from: asked < earliest ? earliest : asked, to, by: by.length === 0 ? ['class'] : by };
}

function isDay(text: string | undefined): text is string {
  return text !== undefined && DAY.test(text) && !Number.isNaN(Date.parse(text));
}

function daysBefore(day: string, count: number): string {
  return new Date(Date.parse(day) - count * DAY_MS).toISOString().slice(0, 10);
}
