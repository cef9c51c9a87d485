/**
 * Drops what every consumer has passed and nobody needs to replay. A consumer whose position is not known (its file is not
 * there yet) may need everything from the start: then nothing goes by age, and by size only with a loud warning.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { JournalWriter } from '#store/journal/journal.ts';
import { openDatabase } from '#store/sqlite/database.ts';
import { openStateReader } from '#store/state/state-reader.ts';

const DAY_MS = 86_400_000;
const WARN_EVERY_MS = 3_600_000;

export interface Consumer {
  readonly name: string;
  /** Offset up to which it has taken everything in; `undefined` when nobody can say. */
  position(): number | undefined;
}

export interface RetentionDeps {
  readonly journal: JournalWriter;
  readonly consumers: readonly Consumer[];
  readonly keepDays: number;
  readonly bytesMax: number;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface Retention {
  /** Entries that are old enough to go but stay for a consumer, by its name; looked at when trimming. */
  heldFor(): ReadonlyMap<string, number>;
  /** Trims until nothing more may go, with a pause after each piece so that messages are not kept waiting. */
  trim(signal: AbortSignal): Promise<void>;
}

export function createRetention({ journal, consumers, keepDays, bytesMax, clock, log }: RetentionDeps): Retention {
  let held: ReadonlyMap<string, number> = new Map();
  let warnedMs = -Infinity;

  const trimPiece = (): number => {
    const positions = consumers.map((consumer) => ({ name: consumer.name, position: consumer.position() }));
    const unknown = positions.filter(({ position }) => position === undefined).map(({ name }) => name);
    if (unknown.length === 0) {
      const lowest = Math.min(...positions.map(({ position }) => position ?? 0));
      return journal.trim({ beforeOffset: lowest + 1, olderThanMs: keepDays * DAY_MS, bytesMax });
    }
    const known = positions.map(({ position }) => position ?? journal.lastOffset());
    const dropped = journal.trim({ beforeOffset: Math.min(...known) + 1, olderThanMs: Infinity, bytesMax });
    if (dropped > 0) log.error({ dropped, unknown }, 'journal full, entries dropped that a consumer may not have seen');
    return dropped;
  };

  /** What is left after trimming and yet too old is held by somebody: a disk fills slowly, so it is said in time. */
  const noteHeld = (): void => {
    const first = journal.firstOffset();
    const oldest = journal.readAfter(first - 1, 1)[0];
    const isTooOld = oldest !== undefined && oldest.receivedAtMs < clock.nowMs() - keepDays * DAY_MS;
    held = new Map(
      consumers.flatMap((consumer) => {
        const behind = journal.lastOffset() - (consumer.position() ?? first - 1);
        return isTooOld && behind > 0 ? [[consumer.name, behind] as const] : [];
      }),
    );
    if (held.size === 0 || clock.uptimeMs() - warnedMs < WARN_EVERY_MS) return;
    warnedMs = clock.uptimeMs();
    const facts = { consumers: Object.fromEntries(held), oldestAt: new Date(oldest?.receivedAtMs ?? 0).toISOString() };
    log.warn(facts, 'journal keeps old entries, a consumer has not taken them in');
  };

  return {
    heldFor: () => held,
    trim: async (signal) => {
      let droppedCount = 0;
      for (;;) {
        if (signal.aborted) return;
        const dropped = trimPiece();
        if (dropped === 0) break;
        droppedCount += dropped;
        await new Promise((resolve) => setImmediate(resolve));
      }
      noteHeld();
      if (droppedCount > 0) log.info({ dropped: droppedCount }, 'journal trimmed');
    },
  };
}

/** The engine: its state says how far it is. */
export function engineConsumer(stateFile: string): Consumer {
  return {
    name: 'engine',
    position: () => {
      const state = attempt(() => openStateReader(stateFile));
      const offset = attempt(() => state?.offset());
      state?.close();
      return offset;
    },
  };
}

/** The history writer: one row in a file of its own. */
export function historyConsumer(positionFile: string): Consumer {
  return {
    name: 'history',
    position: () => {
      const file = attempt(() => openDatabase(positionFile, { mode: 'read' }));
      const row = attempt(() => file?.prepare('SELECT offset FROM position').get());
      file?.close();
      const offset = row?.['offset'];
      return typeof offset === 'number' ? offset : undefined;
    },
  };
}

/** A file that is missing, or of another version, is a position nobody knows. */
function attempt<T>(question: () => T): T | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}
