/** Everything the routes and the live rooms read from: the registry is ours, the rest belongs to other roles. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { BrokerStateReader } from '#store/broker-state/broker-state.ts';
import type { History } from '#store/history/history.ts';
import type { JournalReader } from '#store/journal/journal.ts';
import type { LibraryRow, RegistryWriter } from '#store/registry/registry.ts';
import type { StateReader } from '#store/state/state.ts';
import type { HistoryPosition } from './history-position.ts';
import type { LateReader } from './late-reader.ts';
import type { PendingTickOffs } from './pending-tick-offs.ts';
import type { Plans } from './plans.ts';

export interface Sources {
  readonly log: Logger;
  readonly clock: Clock;
  readonly registry: RegistryWriter;
  readonly state: LateReader<StateReader>;
  readonly brokerState: LateReader<BrokerStateReader>;
  readonly journal: LateReader<JournalReader>;
  readonly history: LateReader<History>;
  readonly historyPosition: LateReader<{ read(): HistoryPosition | undefined; close(): void }>;
  readonly plans: Plans;
  readonly tickOffs: PendingTickOffs;
}

/** The library's own row; a library without one keeps its key as name and counts in UTC. */
export function libraryRow(sources: Pick<Sources, 'registry'>, key: string): LibraryRow {
  const found = sources.registry.libraries().find((library) => library.key === key);
  return found ?? { key, name: key, isil: null, timeZone: 'UTC' };
}
