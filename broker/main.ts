/** The broker: the way in for every device, and the only writer of the journal. */
import { join } from 'node:path';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '#contract/clock.ts';
import type { RunningRole } from '#contract/role.ts';
import { openBrokerStateWriter } from '#store/broker-state/broker-state-writer.ts';
import { openJournalWriter } from '#store/journal/journal-writer.ts';
import type { BrokerStateWriter } from '#store/broker-state/broker-state.ts';
import type { JournalReader, JournalWriter } from '#store/journal/journal.ts';
import { startHealthServer } from '#store/observe/health-server.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { createDeviceDirectory, type DeviceDirectory } from './access/device-directory.ts';
import { createFailureLimiter } from './access/failure-limiter.ts';
import { createSignIn } from './access/sign-in.ts';
import type { GatewayPrincipal } from './access/principal.ts';
import { createCommands } from './commands.ts';
import { createGatewayConfigs } from './gateway-config.ts';
import type { BrokerConfig } from './config.ts';
import { createHeard } from './heard.ts';
import { createIntake, type Complaint } from './intake/intake.ts';
import { createSensorCheck } from './intake/sensor-check.ts';
import { listen, type Listener, type PortPolicy } from './listener.ts';
import { createMetrics } from './metrics.ts';
import { startMqtt, type MqttBroker } from './mqtt.ts';
import { createNotices, type Notices } from './notices.ts';
import { createRefusals, REFUSALS, type Refusals } from './refusals.ts';
import { startRounds, type Rounds } from './rounds.ts';

export interface BrokerDeps {
  readonly log: Logger;
  readonly clock: Clock;
  /** Handed in where several roles share one process. */
  readonly metrics?: Registry;
  readonly portPolicy: PortPolicy;
}

export interface RunningBroker extends RunningRole {
  readonly port: number;
  /** `undefined` unless a health server is configured. */
  readonly healthPort: number | undefined;
  /** For readers in the same process; returns the way to stop it. */
  onJournalCommit(listener: (offset: number) => void): () => void;
  readonly journal: JournalReader;
}

/** Errors: `STO_UNAVAILABLE`, `STO_CORRUPT`, `STO_MIGRATION` (its own files), `CFG_PORT_TAKEN`, `CFG_UNREADABLE`. */
export async function startBroker(config: BrokerConfig, deps: BrokerDeps): Promise<RunningBroker> {
  /** Last opened, first closed; whatever fails half-way gives back what was opened before it. */
  const closers: (() => void | Promise<void>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (let next = closers.pop(); next !== undefined; next = closers.pop()) await next();
  };
  try {
    const running = await start(config, deps, (closer) => closers.push(closer));
    let closing: Promise<void> | undefined;
    return { ...running, close: () => (closing ??= closeAll()) };
  } catch (error: unknown) {
    await closeAll();
    throw error;
  }
}

async function start(
  config: BrokerConfig,
  deps: BrokerDeps,
  atEnd: (closer: () => void | Promise<void>) => void,
): Promise<Omit<RunningBroker, 'close'>> {
  const { log, clock } = deps;
  const registry = deps.metrics ?? new Registry();
  const uptimeMs = (): number => clock.uptimeMs();
  const stores = openStores(config, deps, atEnd);
  const { journal, state, directory } = stores;

  // Gauges and notices look at parts that are made later.
  const parts: { mqtt?: MqttBroker; listener?: Listener; rounds?: Rounds } = {};
  const metrics = createMetrics(registry, {
    sockets: () => parts.listener?.socketCount() ?? 0,
    clients: () => parts.mqtt?.clientCount() ?? 0,
    journalOffset: () => journal.lastOffset(),
    journalHeldFor: () => parts.rounds?.heldFor() ?? new Map(),
  });
  const heard = createHeard(state);
  const refusals = createRefusals({ log, clock, metrics, state });
  const notices = createNotices({
    uptimeMs,
    metrics,
    publish: (gateway, payload, sent) => {
      if (parts.mqtt?.isReceptive(gateway) === true) parts.mqtt.publish(gateway.notices, payload, sent);
      else sent();
    },
  });
  const complain = createComplaints(refusals, notices, clock);
  const checkSensor = createSensorCheck(directory, uptimeMs);
  const ports = {
    gateways: () => parts.mqtt?.gateways() ?? [],
    publish: (topic: string, payload: string) => parts.mqtt?.command(topic, payload),
  };
  const commands = createCommands({ directory, state, clock, log, metrics, ports });
  const configs = createGatewayConfigs({ directory, clock, ports, statusOf: (gateway) => heard.statusOf(gateway) });
  const onBatch = commands.takeReplies.bind(commands);
  const intake = createIntake({ journal, heard, metrics, clock, log, checkSensor, onBatch, complain });
  const signIn = createSignIn(directory, createFailureLimiter(config.limits, uptimeMs));
  const { limits } = config;
  const onListening = (gateway: GatewayPrincipal): void => {
    commands.listening(gateway);
    configs.listening(gateway);
  };
  const hooks = { intake, refusals, notices, signIn, onListening };
  const mqtt = await startMqtt({ limits, log, clock, metrics, heard, ...hooks });
  parts.mqtt = mqtt;
  atEnd(() => mqtt.close());

  const rounds = startRounds({ ...stores, config, log, clock, heard, refusals, mqtt, commands, configs });
  parts.rounds = rounds;
  atEnd(() => rounds.close());
  const { portPolicy } = deps;
  const listener = await listen({
    config,
    portPolicy,
    onConnect: (connection) => {
      mqtt.take(connection);
    },
    refuse: (facts) => {
      refusals.add(facts);
    },
  });
  parts.listener = listener;
  atEnd(() => listener.close());
  const healthPort = await startHealth(config, registry, {
    isReady: () => intake.isJournalGood() && directory.registry() !== undefined,
    atEnd,
  });
  log.info({ port: listener.port, isTls: config.tls !== undefined }, 'broker started');
  return { port: listener.port, healthPort, onJournalCommit: (onCommit) => journal.onCommit(onCommit), journal };
}

interface Stores {
  readonly journal: JournalWriter;
  readonly state: BrokerStateWriter;
  readonly directory: DeviceDirectory;
}

function openStores(
  config: BrokerConfig,
  { log, clock }: BrokerDeps,
  atEnd: (closer: () => void | Promise<void>) => void,
): Stores {
  const journal = openJournalWriter(join(config.folder, 'journal.db'), { clock });
  atEnd(() => journal.close());
  const state = openBrokerStateWriter(join(config.folder, 'broker.db'));
  atEnd(() => {
    state.close();
  });
  const directory = createDeviceDirectory({
    open: () => openRegistryReader(join(config.folder, 'registry.db')),
    log,
    uptimeMs: () => clock.uptimeMs(),
  });
  atEnd(() => {
    directory.close();
  });
  return { journal, state, directory };
}

/** What went on although something was wrong with it: recorded, and told to the gateway. */
function createComplaints(refusals: Refusals, notices: Notices, clock: Clock): (complaint: Complaint) => void {
  return ({ principal, code, topic, detail }) => {
    refusals.add({ code, address: principal.address, principal, topic, detail });
    const at = new Date(clock.nowMs()).toISOString();
    notices.tell(principal, { at, code, detail: `${REFUSALS[code]}: ${detail}`.slice(0, 500), topic });
  };
}

async function startHealth(
  config: BrokerConfig,
  registry: Registry,
  { isReady, atEnd }: { readonly isReady: () => boolean; readonly atEnd: (closer: () => Promise<void>) => void },
): Promise<number | undefined> {
  if (config.health === undefined) return undefined;
  const server = await startHealthServer({ ...config.health, registry, isReady });
  atEnd(() => server.close());
  return server.port;
}
