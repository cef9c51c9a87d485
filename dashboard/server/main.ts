/** Builds and wires the dashboard. The only writer of registry.db; everything else it only reads. */
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry as Metrics } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import type { RunningRole } from '#contract/role.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { addFirstAdmin, type FirstAdmin } from './accounts/first-admin.ts';
import { createLockOut } from './accounts/lock-out.ts';
import { warmUpPasswords } from './accounts/password.ts';
import { createSessions } from './accounts/sessions.ts';
import { createApp } from './app.ts';
import type { DashboardConfig } from './config.ts';
import { listen, type PortPolicy } from './listen.ts';
import { startLiveHub } from './live/hub.ts';
import { startLocalAdmin } from './local-admin-server.ts';
import { liveMetrics } from './metrics.ts';
import { openSources } from './open-sources.ts';
import { settleCommands } from './settle-commands.ts';
import type { Sources } from './sources.ts';
import { trimInputs } from './trim-inputs.ts';

export interface DashboardDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics?: Metrics;
  readonly portPolicy: PortPolicy;
  /** Called when the registry has no library yet. */
  readonly seed?: (registry: RegistryWriter) => Promise<void>;
  /** Tells us of a commit of the engine in the same process; without it the state is looked at ten times a second. */
  readonly onStateCommit?: (listener: () => void) => () => void;
}

export interface RunningDashboard extends RunningRole {
  readonly url: string;
  readonly port: number;
  /** Made at the very first start; its password is kept nowhere. */
  readonly firstAdmin: FirstAdmin | undefined;
}

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Slow senders of headers hold a socket; a catalogue may take minutes to come in. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 900_000;
/** Longer than proxies and browsers keep an idle line (60 s is usual): who closes first must be the one who asks, or a request dies on its way. */
const KEEP_ALIVE_MS = 75_000;

/** Errors: `CFG_PORT_TAKEN`, `CFG_INVALID`, `STO_UNAVAILABLE` (another process writes the registry). */
export async function startDashboard(config: DashboardConfig, deps: DashboardDeps): Promise<RunningDashboard> {
  const { clock } = deps;
  const log = deps.log.child({ part: 'dashboard' });
  const metrics = deps.metrics ?? new Metrics();
  const registry = openRegistryWriter(join(config.folder, 'registry.db'));
  const undo: (() => Promise<void> | void)[] = [
    () => {
      registry.close();
    },
  ];
  const undoAll = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };

  try {
    if (registry.libraries().length === 0) await deps.seed?.(registry);
    const firstAdmin = await addFirstAdmin(registry, config.firstAdminMustChangePassword);
    await warmUpPasswords();
    const sources = openSources(config, { log, clock, registry });
    undo.push(() => {
      sources.close();
    });
    const sessions = createSessions(registry, clock, config.sessionHours * HOUR_MS);
    const { failuresPerName, lockMinutes } = config.signIn;
    const lockOut = createLockOut(clock, { failuresMax: failuresPerName, lockMs: lockMinutes * MINUTE_MS });
    const isReady = (): boolean => sources.state.get() !== undefined;
    const app = createApp(config, { sources, sessions, lockOut, metrics, isReady });

    const server = createServer(
      { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
      app,
    );
    const port = await listen(server, config, deps.portPolicy);
    const hub = startLiveHub(server, {
      sources,
      sessions,
      log,
      metrics: liveMetrics(metrics),
      publicUrl: config.publicUrl,
    });
    undo.push(async () => {
      server.closeAllConnections();
      await hub.close();
    });
    const stopHints = deps.onStateCommit?.(() => {
      hub.wake();
    });
    if (stopHints !== undefined) undo.push(stopHints);
    undo.push(await startLocalAdmin(config.folder, { registry, sessions, clock, log }));

    undo.push(startTrimming(sources, log));
    undo.push(startSettling(sources, log));

    const url = config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    log.info({ url }, 'dashboard listening');
    return { url, port, firstAdmin, close: undoAll };
  } catch (error: unknown) {
    await undoAll();
    throw error;
  }
}

/** A person at the encoding desk waits for it. */
const SETTLE_MS = 250;
/** Answers that come hours late, from a gateway whose line was cut. */
const SETTLE_LATE_MS = 30_000;

/** Takes in the outcome of commands, one round after the other; resolves when the last one is over. */
function startSettling(sources: Sources, log: Logger): () => Promise<void> {
  let round: Promise<unknown> | undefined;
  const start = (which: 'fresh' | 'all'): void => {
    round ??= settleCommands(sources, which)
      .catch((error: unknown) => {
        log.error({ err: error }, 'outcome of commands cannot be taken in');
      })
      .finally(() => {
        round = undefined;
      });
  };
  const timers = [
    setInterval(() => {
      start('fresh');
    }, SETTLE_MS),
    setInterval(() => {
      start('all');
    }, SETTLE_LATE_MS),
  ];
  return async () => {
    for (const timer of timers) clearInterval(timer);
    await round;
  };
}

/** Inputs wait in the registry until the journal holds them. */
function startTrimming({ registry, journal }: Pick<Sources, 'registry' | 'journal'>, log: Logger): () => void {
  const timer = setInterval(() => {
    try {
      const reader = journal.get();
      if (reader !== undefined) trimInputs(registry, reader);
    } catch (error: unknown) {
      log.error({ err: error }, 'queued inputs cannot be trimmed');
    }
  }, MINUTE_MS);
  return () => {
    clearInterval(timer);
  };
}
