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
/** Full outboxes of forty phones. What is older, or was taken in before a restart, is known by the engine's row alone. */
const IDS_MAX = 20_000;

export interface PendingTickOffs {
  /** A line about an item on a wrong shelf. */
  add(library: string, item: string, place: string): void;
  /** When the line was ticked off, by the engine or by somebody just now. */
  tickedOffMs(row: ItemRow): number | null;
  /** `id`: the sender's own, by which a repeat is known. */
  addLine(row: WorkEntryRow, id?: string): void;
  /** The same for a line of any kind. */
  lineTickedOffMs(row: WorkEntryRow): number | null;
  /** A tick-off with this id has been taken in. */
  isTaken(library: string, id: string): boolean;
  /** Rises with every line ticked off in the library. */
  changes(library: string): number;
}

export function createPendingTickOffs(clock: Clock): PendingTickOffs {
  const lines = new Map<string, { readonly place: string; readonly atMs: number }>();
  const ids = new Set<string>();
  const changes = new Map<string, number>();
  return {
    changes: (library) => changes.get(library) ?? 0,
    isTaken: (library, id) => ids.has(`${library} ${id}`),
    add(library, item, place) {
      note(library, lineName('misshelved', item), place);
    },
    addLine({ library, kind, subject, place }, id) {
      note(library, lineName(kind, subject), place ?? '');
      if (id === undefined) return;
      dropOldest(ids, IDS_MAX);
      ids.add(`${library} ${id}`);
    },
    lineTickedOffMs({ library, kind, subject, place, tickedOffMs }) {
      return pendingMs({ library, name: lineName(kind, subject), place: place ?? '', tickedOffMs });
    },
    tickedOffMs({ library, item, place, tickedOffMs }) {
      return pendingMs({ library, name: lineName('misshelved', item), place, tickedOffMs });
    },
  };

  function note(library: string, name: string, place: string): void {
    changes.set(library, (changes.get(library) ?? 0) + 1);
    dropOldest(lines, LINES_MAX);
    lines.set(`${library} ${name}`, { place, atMs: clock.nowMs() });
  }

  function pendingMs(
    row: Pick<ItemRow, 'library' | 'place' | 'tickedOffMs'> & { readonly name: string },
  ): number | null {
    const key = `${row.library} ${row.name}`;
    const line = lines.get(key);
    const isOver = line === undefined || clock.nowMs() - line.atMs > OVERDUE_MS;
    if (row.tickedOffMs !== null || isOver) {
      lines.delete(key);
      return row.tickedOffMs;
    }
    return line.place === row.place ? line.atMs : null;
  }
}

/** Makes room for one more. */
function dropOldest(kept: Map<string, unknown> | Set<string>, max: number): void {
  const oldest = kept.keys().next();
  if (kept.size >= max && oldest.done !== true) kept.delete(oldest.value);
}

/** A barcode holds no line break. */
function lineName(kind: string, subject: string): string {
  return `${kind}\n${subject}`;
}
