/**
 * Aedes with our rules in its hooks; the only file that knows it. What it does not do for us: hold back a PUBACK (only
 * `authorizePublish` can), limit packets (the frame guard does), keep a foreign will or filter out (here).
 *
 * Every session is made a clean one. The broker has nothing to keep for a client: what must arrive is sent again until it
 * is answered. And a kept session would queue for filters that were refused, without limit.
 */
import { Aedes, type AuthenticateError, type Client, type PublishPacket } from 'aedes';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { Principal } from './access/principal.ts';
import { maySubscribe, publishRight } from './access/rights.ts';
import type { SignInRefusal, SignInRequest } from './access/sign-in.ts';
import type { Result } from '#contract/result.ts';
import type { BrokerLimits } from './config.ts';
import { GuardedConnection } from './guard/guarded-connection.ts';
import { TOPIC_LEVELS_MAX } from './guard/frame-scanner.ts';
import type { Heard } from './heard.ts';
import type { Intake } from './intake/intake.ts';
import type { BrokerMetrics } from './metrics.ts';
import type { Notices } from './notices.ts';
import { REFUSALS, type RefusalCode, type Refusals } from './refusals.ts';

/** Deliveries under way at once. Few ever are: only commands, configuration and notices go out. */
const CONCURRENCY = 1_000;
/** A client that takes nothing for this long is closed, so that it does not hold others up. */
const DRAIN_TIMEOUT_MS = 3_000;
/** Packets a client may send ahead of its CONNACK; the guard lets none through, this is the second lock. */
const QUEUE_MAX = 10;

/** Ends an aedes hook; recorded where it is made, so not again where aedes reports it. */
class Refused extends Error {
  override readonly name = 'Refused';
  readonly returnCode: number;

  constructor(code: RefusalCode, returnCode = 5) {
    super(REFUSALS[code]);
    this.returnCode = returnCode;
  }
}

export interface MqttBroker {
  /** For the listener: a connection whose CONNECT has come. */
  take(connection: GuardedConnection): void;
  clientCount(): number;
  connected(): readonly (readonly [Client, Principal])[];
  disconnect(client: Client, principal: Principal): void;
  /** To whoever subscribed; `sent` comes in any case. */
  publish(topic: string, payload: string, sent: () => void): void;
  /** Whether this client takes anything at the moment. */
  isReceptive(principal: Principal): boolean;
  close(): Promise<void>;
}

export interface MqttDeps {
  readonly limits: BrokerLimits;
  readonly log: Logger;
  readonly clock: Clock;
  readonly metrics: BrokerMetrics;
  readonly heard: Heard;
  readonly intake: Intake;
  readonly refusals: Refusals;
  readonly notices: Notices;
  readonly signIn: (request: SignInRequest) => Result<Principal, SignInRefusal>;
}

export async function startMqtt(deps: MqttDeps): Promise<MqttBroker> {
  const { limits, log, clock, metrics, heard, intake, refusals, notices, signIn } = deps;
  const sessions = new Map<Client, Principal>();
  /** The newest client of each name: the will of one that was taken over says nothing any more. */
  const newest = new Map<string, Client>();
  const wills = new WeakMap<Client, { topic: string; qos: number; retain: boolean }>();

  const refusePublish = (principal: Principal, topic: string, code: RefusalCode): Promise<Refused> => {
    metrics.outcomes.refused += 1;
    refusals.add({ code, address: principal.address, principal, topic });
    const notice = { at: new Date(clock.nowMs()).toISOString(), code, detail: REFUSALS[code], topic };
    // The connection ends with the answer; the notice goes first or it never arrives.
    return new Promise((resolve) => {
      notices.tell(principal, notice, () => {
        resolve(new Refused(code));
      });
    });
  };

  const aedes = await Aedes.createBroker({
    concurrency: CONCURRENCY,
    drainTimeout: DRAIN_TIMEOUT_MS,
    queueLimit: QUEUE_MAX,
    connectTimeout: limits.connectTimeoutMs,
    keepaliveLimit: limits.keepaliveSecondsMax,
    maxTopicLevels: TOPIC_LEVELS_MAX,

    preConnect: (client, packet, callback) => {
      packet.clean = true;
      connectionOf(client).name = packet.username;
      const { will } = packet;
      if (will !== undefined)
        wills.set(client, { topic: will.topic, qos: will.qos ?? 0, retain: will.retain ?? false });
      callback(null, true);
    },

    authenticate: (client, username, password, callback) => {
      const { address } = connectionOf(client);
      const request = { address, clientId: client.id, username, password, will: wills.get(client) };
      const signedIn = signIn(request);
      if (!signedIn.ok) {
        const { code, connack } = signedIn.error;
        refusals.add({ code, address, name: username });
        callback(new Refused(code, connack) as AuthenticateError, false);
        return;
      }
      sessions.set(client, signedIn.value);
      newest.set(signedIn.value.name, client);
      callback(null, true);
    },

    authorizePublish: (client, packet, callback) => {
      metrics.tally.messagesIn += 1;
      const principal = client === null ? undefined : sessions.get(client);
      if (client === null || principal === undefined) {
        metrics.outcomes.refused += 1;
        callback(new Refused('topic-forbidden'));
        return;
      }
      const payload = bytesOf(packet);
      metrics.tally.bytesIn += payload.length;
      const { topic } = packet;
      if (client.closed && newest.get(principal.name) !== client) {
        metrics.outcomes.refused += 1;
        callback(new Refused('will-refused'));
        return;
      }
      const right = publishRight(principal, packet);
      if (!right.ok) {
        void refusePublish(principal, topic, right.error).then(callback);
        return;
      }
      // Nobody may read it back, so nothing is kept.
      packet.retain = false;
      intake.take({ principal, right: right.value, topic, payload }, (outcome) => {
        callback(outcome === 'kept' ? null : new Refused('journal-unavailable'));
      });
    },

    authorizeSubscribe: (client, subscription, callback) => {
      const principal = sessions.get(client);
      if (principal !== undefined && maySubscribe(principal, subscription.topic)) {
        callback(null, subscription);
        return;
      }
      refusals.add({
        code: 'filter-forbidden',
        address: connectionOf(client).address,
        principal,
        topic: subscription.topic,
      });
      callback(null, null);
    },

    authorizeForward: (client, packet) => {
      const principal = sessions.get(client);
      return principal !== undefined && maySubscribe(principal, packet.topic) ? packet : null;
    },
  });

  aedes.on('client', (client) => {
    const principal = sessions.get(client);
    if (principal !== undefined) heard.connected(principal, clock.nowMs());
  });
  aedes.on('clientReady', (client) => {
    connectionOf(client).accept();
  });
  aedes.on('clientDisconnect', (client) => {
    const principal = sessions.get(client);
    if (principal === undefined) return;
    sessions.delete(client);
    if (newest.get(principal.name) !== client) return;
    newest.delete(principal.name);
    heard.disconnected(principal);
  });
  const onClientError = (client: Client, error: Error): void => {
    if (error instanceof Refused || client.closed) return;
    const code = error.message === 'keep alive timeout' ? 'keepalive-missed' : 'protocol-error';
    const { address, name } = connectionOf(client);
    refusals.add({ code, address, principal: sessions.get(client), name, detail: error.message });
  };
  aedes.on('clientError', onClientError);
  aedes.on('connectionError', onClientError);
  // Aedes reports failures of its own housekeeping here; without a listener they would end the process.
  (aedes as NodeJS.EventEmitter).on('error', (error: unknown) => {
    log.error({ err: error }, 'aedes failed');
  });

  return {
    take: (connection) => {
      aedes.handle(connection);
    },
    clientCount: () => sessions.size,
    connected: () => [...sessions],
    disconnect: (client, principal) => {
      refusals.add({ code: 'device-revoked', address: principal.address, principal });
      sessions.delete(client);
      if (newest.get(principal.name) === client) newest.delete(principal.name);
      heard.disconnected(principal);
      client.close();
    },
    publish: (topic, payload, sent) => {
      aedes.publish({ cmd: 'publish', topic, payload, qos: 0, retain: false, dup: false }, () => {
        sent();
      });
    },
    isReceptive: (principal) => {
      const client = newest.get(principal.name);
      return client !== undefined && !client.closed && !client.conn.writableNeedDrain;
    },
    close: () =>
      new Promise((resolve) => {
        aedes.close(resolve);
      }),
  };
}

/** Every connection comes through the guard. */
function connectionOf(client: Client): GuardedConnection {
  if (client.conn instanceof GuardedConnection) return client.conn;
  throw new TypeError('a connection went round the guard');
}

const encoder = new TextEncoder();

function bytesOf(packet: PublishPacket): Uint8Array {
  return typeof packet.payload === 'string' ? encoder.encode(packet.payload) : packet.payload;
}
