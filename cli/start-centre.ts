/** Broker, engine and dashboard in one process: they hint to each other, and would find everything without a hint. */
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import { startBroker, type RunningBroker } from '#broker/main.ts';
import { startDashboard, type RunningDashboard } from '#dashboard/server/main.ts';
import { openHistory } from '#dashboard/server/open-history.ts';
import { startEngine, type EngineRoleDeps, type RunningEngine } from '#engine/run/main.ts';
import type { Settings } from './config.ts';

export interface CentreDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly portPolicy: 'exact' | 'next-free';
}

export interface RunningCentre {
  readonly broker?: RunningBroker;
  readonly engine?: RunningEngine;
  readonly dashboard?: RunningDashboard;
}

/** Starts those roles whose settings are there, each after the one it listens to. `closers` ends them, last first. */
export async function startCentre(
  settings: Settings,
  deps: CentreDeps,
  closers: (() => Promise<void>)[],
): Promise<RunningCentre> {
  const broker = settings.broker && (await startBroker(settings.broker, deps));
  if (broker) closers.push(() => broker.close());
  const engine =
    settings.engine &&
    (await startEngineWithHistory(settings, deps, {
      ...(broker && {
        journal: broker.journal,
        onJournalCommit: (listener: () => void) => broker.onJournalCommit(listener),
      }),
    }));
  if (engine) closers.push(() => engine.close());
  const dashboard =
    settings.dashboard &&
    (await startDashboard(settings.dashboard, {
      ...deps,
      ...(engine && { onStateCommit: (listener) => engine.state.onCommit(listener) }),
    }));
  if (dashboard) closers.push(() => dashboard.close());
  return { ...(broker && { broker }), ...(engine && { engine }), ...(dashboard && { dashboard }) };
}

/** The engine with the history it writes, ended together. */
export async function startEngineWithHistory(
  settings: Settings,
  deps: Pick<CentreDeps, 'log' | 'clock' | 'metrics'>,
  hints: Pick<EngineRoleDeps, 'journal' | 'onJournalCommit'> = {},
): Promise<RunningEngine> {
  if (settings.engine === undefined) throw new Error('settings of the engine were not read');
  const history = openHistory({ folder: settings.engine.folder, history: settings.history });
  const engine = await startEngine(settings.engine, { ...deps, ...hints, history });
  return {
    ...engine,
    close: async () => {
      await engine.close();
      await history.close();
    },
  };
}
