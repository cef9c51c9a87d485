import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import { openJournalReader } from '#store/journal/journal-reader.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { openStateReader } from '#store/state/state-reader.ts';
import type { DashboardConfig } from './config.ts';
import { openHistoryPosition } from './history-position.ts';
import { createLateReader, type LateReader } from './late-reader.ts';
import { openHistory } from './open-history.ts';
import { createPendingTickOffs } from './pending-tick-offs.ts';
import { createPlans } from './plans.ts';
import type { Sources } from './sources.ts';

interface Deps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: RegistryWriter;
}

/** Everything the dashboard reads. Files of roles that have not run yet are opened when they appear. */
export function openSources(
  config: Pick<DashboardConfig, 'folder' | 'history'>,
  { log, clock, registry }: Deps,
): Sources & { close(): void } {
  const late = <T extends { close(): unknown }>(name: string, open: () => T): LateReader<T> =>
    createLateReader({ name, clock, log, open, close: (reader) => void reader.close() });
  const file = (name: string): string => join(config.folder, name);
  const sources = {
    log,
    clock,
    registry,
    state: late('the state of the engine', () => openStateReader(file('state.db'))),
    brokerState: late('the state of the broker', () => openBrokerStateReader(file('broker.db'))),
    journal: late('the journal', () => openJournalReader(file('journal.db'))),
    history: late('the history', () => openHistory(config)),
    historyPosition: late('the position of the history writer', () => openHistoryPosition(file('history-position.db'))),
    plans: createPlans(registry),
    tickOffs: createPendingTickOffs(clock),
  };
  return {
    ...sources,
    close() {
      for (const reader of [
        sources.state,
        sources.brokerState,
        sources.journal,
        sources.history,
        sources.historyPosition,
      ]) {
        reader.close();
      }
    },
  };
}
