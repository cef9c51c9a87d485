/**
 * Tells the ILS what it does not know yet: in the order in which it happened, copy by copy across all stations of the
 * branch. A copy whose entry waits holds its later entries up and nobody else's.
 */
import type { Logger } from 'pino';
import { settleEntry, type SettleDeps } from './settle-entry.ts';

export interface ReplayDeps extends SettleDeps {
  readonly log: Logger;
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
      const outcome = await settleEntry(entry, deps);
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
