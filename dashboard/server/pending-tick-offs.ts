/**
 * Lines of the work list that staff have ticked off and the engine has not heard of yet. Shown at once, so that nobody
 * ticks twice; forgotten when the engine's own word arrives or is overdue (then the line comes back, which is the truth).
 */
import type { Clock } from '#contract/clock.ts';
import type { WorkEntryRow } from '#contract/domain/work-entry.ts';
import type { ItemRow } from '#store/state/state.ts';

/** From the registry through broker and journal to the engine takes a second; this bridges a restart of either. */
const OVERDUE_MS = 10 * 60_000;
const LINES_MAX = 10_000;

export interface PendingTickOffs {
  add(library: string, item: string, place: string): void;
  /** When the line was ticked off, by the engine or by somebody just now. */
  tickedOffMs(row: ItemRow): number | null;
  addLine(row: WorkEntryRow): void;
  /** The same for a line of any kind. */
  lineTickedOffMs(row: WorkEntryRow): number | null;
  /** Rises with every line ticked off in the library. */
  changes(library: string): number;
}

export function createPendingTickOffs(clock: Clock): PendingTickOffs {
  const lines = new Map<string, { readonly place: string; readonly atMs: number }>();
  const changes = new Map<string, number>();
  return {
    changes: (library) => changes.get(library) ?? 0,
    add(library, item, place) {
      changes.set(library, (changes.get(library) ?? 0) + 1);
      const oldest = lines.keys().next();
      if (lines.size >= LINES_MAX && oldest.done !== true) lines.delete(oldest.value);
      lines.set(`${library} ${item}`, { place, atMs: clock.nowMs() });
    },
    addLine({ library, kind, subject, place }) {
      this.add(library, lineName(kind, subject), place ?? '');
    },
    lineTickedOffMs({ library, kind, subject, place, tickedOffMs }) {
      return pendingMs({ library, item: lineName(kind, subject), place: place ?? '', tickedOffMs });
    },
    tickedOffMs: pendingMs,
  };

  function pendingMs(row: Pick<ItemRow, 'library' | 'item' | 'place' | 'tickedOffMs'>): number | null {
    const key = `${row.library} ${row.item}`;
    const line = lines.get(key);
    const isOver = line === undefined || clock.nowMs() - line.atMs > OVERDUE_MS;
    if (row.tickedOffMs !== null || isOver) {
      lines.delete(key);
      return row.tickedOffMs;
    }
    return line.place === row.place ? line.atMs : null;
  }
}

/** A barcode holds no line break. */
function lineName(kind: string, subject: string): string {
  return `${kind}\n${subject}`;
}
