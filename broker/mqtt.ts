/**
 * Aedes with our rules in its hooks. What it does not do for us: hold back a PUBACK (only `authorizePublish` can), limit
 * packets (the frame guard does), keep a foreign will or filter out (the hooks do).
 *
 * Every session is made a clean one. The broker has nothing to keep for a client: what must arrive is sent again until it
 * is answered. And a kept session would queue for filters that were refused, without limit.
 */
import { Aedes, type Client, type PublishPacket } from 'aedes';
import type { Logger } from 'pino';
import type { GatewayPrincipal, Principal } from './access/principal.ts';
import { maySubscribe } from './access/rights.ts';
import type { BrokerLimits } from './config.ts';
import { TOPIC_LEVELS_MAX } from './guard/frame-scanner.ts';
import type { GuardedConnection } from './guard/guarded-connection.ts';
import type { Heard } from './heard.ts';
import { connectionOf, publishHook, Refused, signInHooks, subscribeHooks, type HookDeps } from './hooks.ts';
import { createSessions, type Sessions } from './sessions.ts';

/** Deliveries under way at once. Few ever are: only commands, configuration and notices go out. */
const CONCURRENCY = 1_000;
/** A client that takes nothing for this long is closed, so that it does not hold others up. */
const DRAIN_TIMEOUT_MS = 3_000;
/** Packets a client may send ahead of its CONNACK; the guard lets none through, this is the second lock. */
const QUEUE_MAX = 10;

export interface MqttBroker {
  /** For the listener: a connection whose CONNECT has come. */
  take(connection: GuardedConnection): void;
  clientCount(): number;
  connected(): readonly (readonly [Client, Principal])[];
  disconnect(client: Client, principal: Principal): void;
  /** To whoever subscribed, at QoS 0; `sent` comes in any case. */
  publish(topic: string, payload: string, sent: () => void): void;
  /** The same at QoS 1: what is not acknowledged is forgotten with the connection. */
  command(topic: string, payload: string): void;
  /** Gateways that take something now. */
  gateways(): readonly GatewayPrincipal[];
  /** Whether this client takes anything at the moment. */
  isReceptive(principal: Principal): boolean;
  close(): Promise<void>;
}

export interface MqttDeps extends Omit<HookDeps, 'sessions'> {
  readonly limits: BrokerLimits;
  readonly log: Logger;
  readonly heard: Heard;
  /** A gateway has subscribed to its commands. */
  readonly onListening: (gateway: GatewayPrincipal) => void;
}

export async function startMqtt(deps: MqttDeps): Promise<MqttBroker> {
  const { limits, heard, refusals } = deps;
  const hookDeps = { ...deps, sessions: createSessions() };
  const { sessions } = hookDeps;
  const aedes = new InwardAedes({
    concurrency: CONCURRENCY,
    drainTimeout: DRAIN_TIMEOUT_MS,
    queueLimit: QUEUE_MAX,
    connectTimeout: limits.connectTimeoutMs,
    keepaliveLimit: limits.keepaliveSecondsMax,
    maxTopicLevels: TOPIC_LEVELS_MAX,
    ...signInHooks(hookDeps),
    ...subscribeHooks(hookDeps),
    authorizePublish: publishHook(hookDeps),
  });
  await aedes.listen();
  listenTo(aedes, hookDeps);
  followWants(aedes, sessions);

  return {
    take: (connection) => {
      aedes.handle(connection);
    },
    clientCount: () => sessions.count(),
    connected: () => sessions.all(),
    disconnect: (client, principal) => {
      refusals.add({ code: 'device-revoked', address: principal.address, principal });
      if (sessions.end(client) !== undefined) heard.disconnected(principal);
      client.close();
    },
    publish: (topic, payload, sent) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => {
        sent();
      });
    },
    command: (topic, payload) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, () => undefined);
    },
    gateways: () =>
      sessions
        .all()
        .flatMap(([client, principal]) =>
          principal.kind === 'gateway' && sessions.isNewest(client, principal) && isReceptive(client)
            ? [principal]
            : [],
        ),
    isReceptive: (principal) => {
      const client = sessions.newestOf(principal);
      return client !== undefined && isReceptive(client);
    },
    close: () =>
      new Promise((resolve) => {
        aedes.close(resolve);
      }),
  };
}

function isReceptive(client: Client): boolean {
  return !client.closed && !client.conn.writableNeedDrain;
}

/**
 * What a client publishes belongs to the journal, which has it by the time aedes would look for subscribers. Nobody
 * subscribes to it, but for a gateway that reads a device of its library: only then aedes is let search. The search took a
 * tenth of the broker's time. What the broker itself publishes goes out as ever.
 */
class InwardAedes extends Aedes {
  /** Topics of devices that a gateway has subscribed to. */
  readonly wanted = new Map<string, Set<Client>>();

  want(topic: string, client: Client): void {
    const clients = this.wanted.get(topic) ?? new Set<Client>();
    this.wanted.set(topic, clients.add(client));
  }

  unwant(topic: string, client: Client): void {
    const clients = this.wanted.get(topic);
    clients?.delete(client);
    if (clients?.size === 0) this.wanted.delete(topic);
  }

  override publish(packet: PublishPacket, ...rest: unknown[]): void {
    const [client, done] = rest;
    if (!isClient(client) || typeof done !== 'function') {
      super.publish(packet, ...(rest as [callback: (error?: Error) => void]));
      return;
    }
    // By now the journal has it; what a gateway gets of it beside that is a copy.
    if (this.wanted.has(packet.topic)) {
      super.publish(packet, ...(rest as [callback: (error?: Error) => void]));
      return;
    }
    // Later, as aedes would: an endless row of messages must not become an endless stack.
    setImmediate(done as () => void);
  }
}

/** Aedes' own calls hand in the client a message came from; its types do not say so. */
function isClient(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}

/** Which devices are read by a gateway: a word in a table for each, so that all others cost one look-up. */
function followWants(aedes: InwardAedes, sessions: Sessions): void {
  const topicsOf = new WeakMap<Client, Set<string>>();
  aedes.on('subscribe', (subscriptions, client) => {
    const principal = sessions.of(client);
    if (principal?.kind !== 'gateway') return;
    for (const { topic } of subscriptions) {
      if (principal.inbox.has(topic) || !maySubscribe(principal, topic)) continue;
      const topics = topicsOf.get(client) ?? new Set<string>();
      topicsOf.set(client, topics.add(topic));
      aedes.want(topic, client);
    }
  });
  aedes.on('unsubscribe', (topics, client) => {
    for (const topic of topics) aedes.unwant(topic, client);
  });
  aedes.on('clientDisconnect', (client) => {
    for (const topic of topicsOf.get(client) ?? []) aedes.unwant(topic, client);
  });
}

function listenTo(aedes: Aedes, deps: MqttDeps & HookDeps): void {
  const { sessions, heard, clock, refusals, log } = deps;
  aedes.on('client', (client) => {
    const principal = sessions.of(client);
    if (principal !== undefined) heard.connected(principal, clock.nowMs());
  });
  aedes.on('clientReady', (client) => {
    connectionOf(client).accept();
  });
  aedes.on('subscribe', (subscriptions, client) => {
    const principal = sessions.of(client);
    if (principal?.kind !== 'gateway') return;
    if (subscriptions.some(({ topic }) => topic === principal.commands)) deps.onListening(principal);
  });
  aedes.on('clientDisconnect', (client) => {
    const gone = sessions.end(client);
    if (gone !== undefined) heard.disconnected(gone);
  });
  const onClientError = (client: Client, error: Error): void => {
    if (error instanceof Refused || client.closed) return;
    const code = error.message === 'keep alive timeout' ? 'keepalive-missed' : 'protocol-error';
    const { address, name } = connectionOf(client);
    refusals.add({ code, address, principal: sessions.of(client), name, detail: error.message });
  };
  aedes.on('clientError', onClientError);
  aedes.on('connectionError', onClientError);
  // Aedes reports failures of its own housekeeping here; without a listener they would end the process.
  (aedes as NodeJS.EventEmitter).on('error', (error: unknown) => {
    log.error({ err: error }, 'aedes failed');
  });
}
