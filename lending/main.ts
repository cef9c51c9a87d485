/** Builds the lending role and wires it: terminals and visits -> ledger -> ILS, and what was learnt -> gateway. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import { once, type RunningRole } from '#contract/role.ts';
import { parseDoorAddress } from '#contract/wire/local-door.ts';
import type { LendingConfig } from '#lending/config.ts';
import { createGatewayLink, type GatewayLink } from '#lending/gateway-link.ts';
import { startAlmaWebhook, type RunningWebhook } from '#lending/ils/alma-webhook.ts';
import { openIls } from '#lending/ils/open-ils.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import { addGauges, createMetrics } from '#lending/metrics.ts';
import { fetchNews } from '#lending/news.ts';
import { startProxy, type RunningProxy } from '#lending/proxy/proxy.ts';
import { ItemLocks } from '#lending/queue/item-locks.ts';
import { Ledger } from '#lending/queue/ledger.ts';
import { createPatronCipher } from '#lending/queue/patron-cipher.ts';
import { createReplay } from '#lending/queue/replay.ts';
import { recover, setWaitingTags, type CirculationDeps } from '#lending/visit/circulate.ts';
import { startHealthServer, type HealthServer } from '#store/observe/health-server.ts';

export interface LendingDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics?: Registry;
  /** Another ILS than the configured one, for tests. */
  readonly ils?: IlsPort;
}

export interface RunningLending extends RunningRole {
  readonly circulation: CirculationDeps;
  readonly gateway: GatewayLink | undefined;
  readonly proxyPort: number | undefined;
  readonly healthPort: number | undefined;
}

/** Entries are tried so often; each has pauses of its own. */
const ROUND_MS = 2000;

/** Errors: STO_UNAVAILABLE (another process has the folder), CFG_PORT_TAKEN, CFG_UNREADABLE, CFG_INVALID. */
export async function startLending(config: LendingConfig, deps: LendingDeps): Promise<RunningLending> {
  const { clock } = deps;
  const log = deps.log.child({ role: 'lending', library: config.library });
  const registry = deps.metrics ?? new Registry();
  const metrics = createMetrics(registry);
  const ledger = new Ledger({ path: join(config.folder, 'lending.db'), cipher: createPatronCipher(config.key), clock });
  const ils = deps.ils ?? openIls(config.ils, { clock, chance: Math.random });
  const gateway = openGateway(config, { ledger, clock, log });
  const locks = new ItemLocks();
  const replay = createReplay({
    locks,
    ledger,
    ils,
    clock,
    log,
    unclearMs: config.unclearMs,
    onAway: () => {
      metrics.ilsAway.inc();
    },
    onSettled: () => {
      metrics.settled.inc();
    },
  });
  const circulation = { ils, ledger, clock, rules: config.offline, pads: gateway, busy: replay.busy, locks };
  const work = repeat(log, [
    { everyMs: config.newsMs, body: () => fetchNews({ ils, ledger, clock, log }) },
    {
      everyMs: ROUND_MS,
      body: async () => {
        await replay.round();
        await setWaitingTags(circulation);
      },
    },
  ]);
  let proxy: RunningProxy | undefined;
  let health: HealthServer | undefined;
  let webhook: RunningWebhook | undefined;
  const close = once(async () => {
    await health?.close();
    await webhook?.close();
    await proxy?.close();
    await work.close();
    await gateway?.close();
    await ils.close();
    ledger.close();
  });
  addGauges(registry, {
    openEntries: () => ledger.openCount(),
    waitingInputs: () => ledger.inputCount(),
    terminals: () => proxy?.terminalCount() ?? 0,
    isGatewayOnline: () => gateway?.isOnline ?? false,
  });
  try {
    await recover({ ...circulation, unclearMs: config.unclearMs });
    if (config.proxy !== undefined) {
      proxy = await startProxy(config.proxy, {
        ils,
        locks,
        ledger,
        rules: config.offline,
        clock,
        log,
        metrics,
        key: config.key,
      });
    }
    if (config.webhook !== undefined) {
      webhook = await startAlmaWebhook({
        ...config.webhook,
        nowMs: () => clock.nowMs(),
        learn: (words) => {
          ledger.learn(words);
        },
        refused: (reason) => {
          log.warn({ reason }, 'a webhook was refused');
        },
      });
    }
    if (config.health !== undefined) {
      health = await startHealthServer({ ...config.health, registry, isReady: () => true });
    }
    work.start();
  } catch (error: unknown) {
    await close();
    throw error;
  }
  return { close, circulation, gateway, proxyPort: proxy?.port, healthPort: health?.port };
}

function openGateway(
  { gateway }: LendingConfig,
  parts: { readonly ledger: Ledger; readonly clock: Clock; readonly log: Logger },
): GatewayLink | undefined {
  const address = gateway && parseDoorAddress(gateway.address);
  return address && createGatewayLink({ ...parts, address, secret: gateway.secret });
}

interface Task {
  readonly everyMs: number;
  readonly body: () => Promise<void>;
}

/** Each task again and again, with a pause after it; `close` waits for those under way. */
function repeat(log: Logger, tasks: readonly Task[]): { start(): void; close(): Promise<void> } {
  const timers = new Map<Task, NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  let isClosed = false;
  const run = (task: Task): void => {
    const turn = task
      .body()
      .catch((error: unknown) => {
        log.error({ err: error }, 'a task of the lending role failed and is tried again');
      })
      .finally(() => {
        underWay.delete(turn);
        if (!isClosed) timers.set(task, setTimeout(run, task.everyMs, task));
      });
    underWay.add(turn);
  };
  return {
    start: () => {
      tasks.forEach(run);
    },
    close: async () => {
      isClosed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(underWay);
    },
  };
}
