/** Which wand the screen is about, and why it cannot be used just now. */
import type { SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';

export type Wand = WandList['rows'][number];

export type Hindrance = 'gateway-away' | 'reader-dead' | 'reader-connecting';

/** Why nothing can be asked of the wand; `null`: it is ready. */
export function hindranceOf({ isOnline, state }: Pick<Wand, 'isOnline' | 'state'>): Hindrance | null {
  if (!isOnline) return 'gateway-away';
  if (state === 'live') return null;
  return state === 'dead' ? 'reader-dead' : 'reader-connecting';
}

/** The first wish that exists; else the one in use, one that is ready, any. A wish for a wand that is away is kept. */
export function chooseWand(wands: readonly Wand[], wishes: readonly (string | null | undefined)[]): Wand | null {
  for (const wish of wishes) {
    const wished = wands.find(({ reader }) => reader === wish);
    if (wished !== undefined) return wished;
  }
  return (
    wands.find((wand) => wand.session !== null && hindranceOf(wand) === null) ??
    wands.find((wand) => hindranceOf(wand) === null) ??
    wands[0] ??
    null
  );
}

/** Newest first, whatever order they came in. */
export function newestFirst(sweeps: Iterable<SweepSummary>): SweepSummary[] {
  return [...sweeps].sort(
    (a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt) || a.session.localeCompare(b.session),
  );
}

/** The sweep to show: the wished one, else what the wand does now, else what it did last. */
export function chooseSession(
  sweeps: readonly SweepSummary[],
  wand: Pick<Wand, 'reader' | 'session'> | null,
  wish: string | undefined,
): string | null {
  if (wish !== undefined) return wish;
  if (wand === null) return sweeps[0]?.session ?? null;
  const own = sweeps.filter((sweep) => sweep.wand === wand.reader);
  return own.find(({ endedAt }) => endedAt === null)?.session ?? wand.session ?? own[0]?.session ?? null;
}
