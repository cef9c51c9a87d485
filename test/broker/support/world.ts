/** A broker on a free port with a registry of its own, and everything that talks to it. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { brokerConfig, type BrokerConfig } from '#broker/config.ts';
import { startBroker, type RunningBroker } from '#broker/main.ts';
import type { JournalEntry } from '#contract/domain/journal-entry.ts';
import { openBrokerStateReader } from '#store/broker-state/broker-state-reader.ts';
import type { Refusal } from '#store/broker-state/broker-state.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';

export const LIBRARY = 'demo';
export const GATEWAY = 'gw-1';
export const OTHER_GATEWAY = 'gw-2';
export const SENSOR = 'door-1';
export const DISABLED = 'gw-off';

export interface World {
  readonly broker: RunningBroker;
  readonly folder: string;
  readonly registry: RegistryWriter;
  readonly metrics: Registry;
  /** Every log line so far. */
  readonly logLines: () => string;
  secretOf(device: string): string;
  /** Connects like a gateway does; rejects when it is refused. */
  connect(device: string, options?: IClientOptions): Promise<MqttClient>;
  entries(): readonly JournalEntry[];
  refusals(): readonly Refusal[];
  metric(name: string, labels?: Readonly<Record<string, string>>): Promise<number>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly config?: Partial<Omit<BrokerConfig, 'folder' | 'limits' | 'retention'>> & {
    readonly limits?: Partial<BrokerConfig['limits']>;
    readonly retention?: Partial<BrokerConfig['retention']>;
  };
}

export async function startWorld({ config = {} }: WorldOptions = {}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-broker-'));
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  const secrets = new Map<string, string>();
  registry.putLibrary({ key: LIBRARY, name: 'Demo', isil: null, timeZone: 'Europe/Berlin' });
  const addDevice = (id: string, kind: 'gateway' | 'sensor', isEnabled = true): void => {
    const secret = randomBytes(32).toString('base64url');
    secrets.set(id, secret);
    registry.putDevice({
      library: LIBRARY,
      id,
      kind,
      secretSha256: sha256Hex(secret),
      isEnabled,
      createdAtMs: Date.now(),
    });
  };
  addDevice(GATEWAY, 'gateway');
  addDevice(OTHER_GATEWAY, 'gateway');
  addDevice(SENSOR, 'sensor');
  addDevice(DISABLED, 'gateway', false);

  let lines = '';
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines += chunk.toString();
      done();
    },
  });
  const metrics = new Registry();
  const broker = await startBroker(brokerConfig.parse({ port: 0, ...config, folder }), {
    log: pino({ level: 'debug' }, sink),
    clock: systemClock,
    metrics,
    portPolicy: 'exact',
  });
  const clients = new Set<MqttClient>();
  const state = openBrokerStateReader(join(folder, 'broker.db'));

  const secretOf = (device: string): string => secrets.get(device) ?? 'no such device';
  return {
    broker,
    folder,
    registry,
    metrics,
    logLines: () => lines,
    secretOf,
    connect: async (device, options = {}) => {
      const client = await connectTo(broker.port, {
        username: `${LIBRARY}:${device}`,
        clientId: `${LIBRARY}:${device}`,
        password: secretOf(device),
        ...options,
      });
      clients.add(client);
      return client;
    },
    entries: () => broker.journal.readAfter(0, 100_000).filter((entry) => entry.kind !== 'tick'),
    refusals: () => state.refusals(LIBRARY, 1_000),
    metric: async (name, labels = {}) => {
      const found = await metrics.getSingleMetric(`shelfwise_broker_${name}`)?.get();
      const value = found?.values.find((candidate) =>
        Object.entries(labels).every(([label, text]) => candidate.labels[label] === text),
      );
      return value?.value ?? 0;
    },
    close: async () => {
      await Promise.all([...clients].map((client) => client.endAsync(true)));
      state.close();
      await broker.close();
      registry.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export function sha256Hex(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Rejects with the broker's answer, such as `Connection refused: Not authorized`. */
export function connectTo(port: number, options: IClientOptions): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = mqtt.connect({
      host: '127.0.0.1',
      port,
      protocol: 'mqtt',
      reconnectPeriod: 0,
      connectTimeout: 5_000,
      ...options,
    });
    client.once('connect', () => {
      client.removeAllListeners('error');
      client.on('error', () => undefined);
      client.removeListener('close', onClose);
      resolve(client);
    });
    const onClose = (): void => {
      client.end(true);
      reject(new Error('closed before it was accepted'));
    };
    client.once('error', (error) => {
      client.removeListener('close', onClose);
      client.on('error', () => undefined);
      client.end(true);
      reject(error);
    });
    client.once('close', onClose);
  });
}

/** Resolves when the connection of `client` ends. */
export function closing(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.once('close', () => {
      resolve();
    });
  });
}

/** Waits until `condition` holds. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`not within ${timeoutMs} ms: ${condition.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
