/**
 * Tells the ILS what it does not know yet: in the order in which it happened, copy by copy across all stations of the
 * branch. A copy whose entry waits holds its later entries up and nobody else's.
 */
import type { Logger } from 'pino';
import type { ItemLocks } from './item-locks.ts';
import { settleEntry, type SettleDeps, type SettleOutcome } from './settle-entry.ts';

export interface ReplayDeps extends SettleDeps {
  readonly log: Logger;
  readonly locks: ItemLocks;
  /** A request without an answer may still be under way: nothing is concluded about it before. */
  readonly unclearMs: number;
  readonly onAway?: () => void;
  readonly onSettled?: () => void;
}

export interface Replay {
  /** One round, or joins the one under way. False where the ILS is away. */
  round(): Promise<boolean>;
  /** Entries that a visit is walking on by itself right now. */
  readonly busy: Set<string>;
}

export function createReplay(deps: ReplayDeps): Replay {
  const busy = new Set<string>();
  let underWay: Promise<boolean> | undefined;

  const run = async (): Promise<boolean> => {
    const held = new Set<string>();
    for (const entry of deps.ledger.open()) {
      if (held.has(entry.item)) continue;
      const nowMs = deps.clock.nowMs();
      const isEarly = entry.nextAtMs > nowMs || (!entry.hasHappened && entry.atMs + deps.unclearMs > nowMs);
      if (busy.has(entry.id) || isEarly) {
        held.add(entry.item);
        continue;
      }
      const outcome = await deps.locks.run(entry.item, () => settleOpen(entry.id, deps));
      if (outcome === 'away') {
        deps.onAway?.();
        return false;
      }
      if (outcome === 'later') held.add(entry.item);
      else deps.onSettled?.();
    }
    return true;
  };

  return {
    busy,
    round: () =>
      (underWay ??= run()
        .catch((error: unknown) => {
          deps.log.error({ err: error }, 'entries could not be told to the library system');
          return false;
        })
        .finally(() => {
          underWay = undefined;
        })),
  };
}

/** As it stands when its turn has come: somebody may have settled it meanwhile. */
async function settleOpen(id: string, deps: ReplayDeps): Promise<SettleOutcome> {
  const entry = deps.ledger.getOpen(id);
  return entry === undefined ? 'settled' : settleEntry(entry, deps);
}

/**
 * For who holds the lock of the copy: tells the ILS what waits for it. True when nothing does any more; otherwise what
 * comes now must wait behind it.
 */
export async function settleWaiting(item: string, deps: SettleDeps): Promise<boolean> {
  for (const entry of deps.ledger.queuedOf(item)) {
    if ((await settleEntry(entry, deps)) !== 'settled') return false;
  }
  return true;
}
