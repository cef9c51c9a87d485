/** Live rooms of the handheld screens: all sweeps, one sweep, and the signal of what a wand looks for. */
import { signalViews, sweepRows, sweepSummary } from '#dashboard/server/sweeps.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import type { LibraryNews } from './library-news.ts';
import type { RoomSource } from './room-rows.ts';

const SWEEPS_SHOWN = 50;
/** What was not heard for so long stands on no bar any more. */
const SIGNAL_MS = 5000;

export function sweepsSource(library: string, news: LibraryNews): RoomSource {
  const all = (): ReadonlyMap<string, unknown> =>
    new Map(
      (news.state()?.sweeps(library, Number.MAX_SAFE_INTEGER, SWEEPS_SHOWN) ?? []).map((row) => [
        `sweep:${row.session}`,
        sweepSummary(row),
      ]),
    );
  // The engine makes these rows once a second.
  return { all, touched: ({ isSecond }) => (isSecond ? all() : new Map()) };
}

/** Findings come and go while the sweep runs. */
export function sweepSource(library: string, session: string, { sources, news }: SweepDeps): RoomSource {
  const { all, changed } = tellingWhatIsGone(() => {
    const row = news.state()?.sweep(library, session);
    return row === undefined ? new Map<string, unknown>() : sweepRows(sources, row);
  });
  return { all, touched: ({ isSecond }) => (isSecond ? changed() : new Map()) };
}

/** What is gone is said as `null`. */
function tellingWhatIsGone(look: () => ReadonlyMap<string, unknown>): {
  readonly all: () => ReadonlyMap<string, unknown>;
  readonly changed: () => ReadonlyMap<string, unknown>;
} {
  let known: readonly string[] = [];
  const all = (): ReadonlyMap<string, unknown> => {
    const rows = look();
    known = [...rows.keys()];
    return rows;
  };
  return {
    all,
    changed() {
      const before = known;
      const rows = all();
      const gone = before.filter((key) => !rows.has(key)).map((key) => [key, null] as const);
      return new Map<string, unknown>([...gone, ...rows]);
    },
  };
}

interface SweepDeps {
  readonly sources: Sources;
  readonly news: LibraryNews;
}

/** Looked at in every pulse: a tone follows the hand. */
export function findSource(library: string, wand: string, { sources, news }: SweepDeps): RoomSource {
  const { all, changed } = tellingWhatIsGone(() => {
    const signals = news.state()?.findSignals(library, wand, sources.clock.nowMs() - SIGNAL_MS) ?? [];
    return new Map(signalViews(sources, library, signals).map((view) => [view.tag, view]));
  });
  return { all, touched: changed };
}
