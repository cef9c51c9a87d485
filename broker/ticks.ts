/** The engine's only clock: one journal entry a second. After a sleep or a stall there is one, not one per second missed. */
import type { Clock } from '#contract/clock.ts';
import type { JournalWriter } from '#store/journal/journal.ts';

export interface Ticks {
  /** Call it once a second; does nothing while the last one is still being written. */
  step(): void;
}

export function createTicks(journal: JournalWriter, clock: Clock, onFailed: (error: unknown) => void): Ticks {
  let isUnderWay = false;

  return {
    step: () => {
      if (isUnderWay) return;
      isUnderWay = true;
      const entry = {
        library: '*',
        kind: 'tick' as const,
        receivedAtMs: clock.nowMs(),
        source: 'broker',
        epoch: null,
        seq: null,
        shiftMs: 0,
        body: '{}',
      };
      journal
        .append(entry)
        .catch(onFailed)
        .finally(() => {
          isUnderWay = false;
        });
    },
  };
}
