/** From the signal of a tag to what eye, ear and hand are told: higher and faster as it comes nearer. */
import type { FindSignalView } from '#contract/wire/rest-sweeps.ts';

/** A row older than this is silence. */
export const SILENCE_MS = 1200;
/** Tags of one copy are heard in turn; one that fell silent a moment ago must not hide the others. */
const TOGETHER_MS = 1000;

const LOW_HERTZ = 330;
/** Two octaves are told apart by nearly every ear. */
const OCTAVES = 2;
const SLOW_MS = 650;
const FAST_MS = 90;
const NEAR_PERCENT = 75;
const MIDDLE_PERCENT = 40;

export type Nearness = 'silent' | 'far' | 'middle' | 'near';

/** The strongest of the tags that are heard now. `at` changes with every word of the wand. */
export function strongest(
  rows: Iterable<FindSignalView>,
  tags: ReadonlySet<string>,
): { readonly percent: number; readonly at: string } | null {
  const own = [...rows].filter(({ tag }) => tags.has(tag));
  const newestMs = Math.max(...own.map(({ at }) => Date.parse(at)));
  const together = own.filter(({ at }) => newestMs - Date.parse(at) <= TOGETHER_MS);
  if (together.length === 0) return null;
  const percent = Math.max(...together.map((signal) => clamp(signal.percent)));
  return { percent, at: new Date(newestMs).toISOString() };
}

export function nearnessOf(percent: number | null): Nearness {
  if (percent === null) return 'silent';
  if (percent >= NEAR_PERCENT) return 'near';
  return percent >= MIDDLE_PERCENT ? 'middle' : 'far';
}

export interface Beep {
  readonly hertz: number;
  /** From one beep to the next. */
  readonly everyMs: number;
  readonly lengthMs: number;
}

/** One beep; pitch rises evenly to the ear, so by factors. */
export function beepOf(percent: number): Beep {
  const share = clamp(percent) / 100;
  const everyMs = Math.round(SLOW_MS * (FAST_MS / SLOW_MS) ** share);
  return { hertz: LOW_HERTZ * 2 ** (OCTAVES * share), everyMs, lengthMs: Math.min(80, Math.round(everyMs * 0.6)) };
}

function clamp(percent: number): number {
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : 0;
}
