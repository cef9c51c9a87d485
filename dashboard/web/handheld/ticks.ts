/**
 * What somebody has put right during a sweep, kept on the device: the wand says itself when a book stands right, on the next
 * pass; until then the line is out of the way, and can be taken back.
 */
import type { SweepFindingView } from '#contract/wire/rest-sweeps.ts';

/** Sweeps whose ticks are kept; the oldest go first. */
const SWEEPS_MAX = 20;

/** Ids of ticked findings by sweep, the newest sweep last. */
export type Ticks = readonly (readonly [sweep: string, findings: readonly string[]])[];

export function readTicks(kept: string | null): Ticks {
  if (kept === null) return [];
  try {
    const parsed: unknown = JSON.parse(kept);
    return Array.isArray(parsed) ? parsed.filter(isEntry) : [];
  } catch {
    // Written by something else: ticks are a convenience, and nothing hangs on them.
    return [];
  }
}

export function ticksOf(ticks: Ticks, sweep: string): ReadonlySet<string> {
  return new Set(ticks.find(([key]) => key === sweep)?.[1] ?? []);
}

/** Ticks a finding, or takes the tick back. */
export function toggleTick(ticks: Ticks, sweep: string, finding: string): Ticks {
  const before = ticksOf(ticks, sweep);
  const after = before.has(finding) ? [...before].filter((id) => id !== finding) : [...before, finding];
  const others = ticks.filter(([key]) => key !== sweep);
  return after.length === 0 ? others : [...others, [sweep, after] as const].slice(-SWEEPS_MAX);
}

export interface Split {
  readonly open: readonly SweepFindingView[];
  readonly done: readonly SweepFindingView[];
}

/** Open lines in their order, then what was ticked. A finding that is gone is in neither. */
export function splitTicked(findings: readonly SweepFindingView[], ticked: ReadonlySet<string>): Split {
  return {
    open: findings.filter(({ id }) => !ticked.has(id)),
    done: findings.filter(({ id }) => ticked.has(id)),
  };
}

function isEntry(entry: unknown): entry is Ticks[number] {
  if (!Array.isArray(entry)) return false;
  const [sweep, findings] = entry as readonly unknown[];
  return typeof sweep === 'string' && Array.isArray(findings) && findings.every((id) => typeof id === 'string');
}
