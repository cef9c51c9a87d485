/**
 * Readers that publish to an MQTT broker, ours or a foreign one: one connection and its subscriptions for each reader. The
 * bytes of the link are the messages in the order of their arrival, each followed by a line end, so that a torn message
 * ends there. What was retained is passed over: it tells of some other time.
 *
 *     mqtt://host:1883?topic=FILTER[&topic=FILTER…][&qos=1][&clientId=NAME][&send=TOPIC]     mqtts://host:8883?…&ca=FILE
 *
 * Sessions are clean: what a reader publishes while the connection is down is lost to us.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { AppError } from '#contract/errors.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { passwordOf, type LinkCredentials } from '#gateway/links/credentials.ts';
import type { Link } from '#gateway/links/link.ts';
import { linkLost, streamLink } from '#gateway/links/stream-link.ts';

const CONNECT_TIMEOUT_MS = 5000;
/** A broker that is gone is noticed after 1.5 times this. */
const KEEPALIVE_S = 5;
const SEND_TIMEOUT_MS = 5000;
const TOPICS_MAX = 8;
const TOPIC_CHARS_MAX = 256;
const ADVICE = 'check address, port and credentials of the broker';
const KEYS: ReadonlySet<string> = new Set(['topic', 'qos', 'clientId', 'send', 'ca']);
const LINE_END = Uint8Array.of(0x0a);

export interface MqttAddress {
  readonly url: string;
  readonly topics: readonly string[];
  readonly qos: 0 | 1;
  /** Drawn by lot unless set: two connections of one name would put each other out. */
  readonly clientId?: string | undefined;
  /** Where what we send is published; absent: this link only listens. */
  readonly sendTopic?: string | undefined;
  readonly ca?: string | undefined;
}

/** Reads an `mqtt:` or `mqtts:` address; the problem in words when it is none. */
export function parseMqttAddress(text: string): Result<{ readonly kind: 'mqtt' } & MqttAddress, string> {
  // A plus sign is a wildcard here and no blank.
  const url = new URL(text.replaceAll('+', '%2B'));
  if (text.includes('#')) return err('write # in a topic as %23');
  if (url.hostname === '') return err('the host is missing: mqtt://host:1883?topic=…');
  if (url.username !== '' || url.password !== '') return err('user name and password go into credentials');
  if (url.pathname.length > 1) return err('the topic goes behind a question mark: mqtt://host:1883?topic=…');
  const unknown = [...url.searchParams.keys()].find((key) => !KEYS.has(key));
  if (unknown !== undefined) return err(`${unknown} is not an MQTT setting: ${[...KEYS].join(', ')}`);
  const topics = url.searchParams.getAll('topic');
  if (topics.length === 0 || topics.length > TOPICS_MAX) return err(`one to ${TOPICS_MAX} topics: ?topic=…&topic=…`);
  const wrong = topics.find((topic) => !isFilter(topic));
  if (wrong !== undefined) return err(`${wrong === '' ? 'an empty text' : wrong} is not a topic filter`);
  const qos = url.searchParams.get('qos') ?? '1';
  if (qos !== '0' && qos !== '1') return err('qos is 0 or 1');
  const sendTopic = url.searchParams.get('send') ?? undefined;
  if (sendTopic !== undefined && (!isFilter(sendTopic) || /[+#]/.test(sendTopic))) return err('send is one topic');
  const ca = url.searchParams.get('ca') ?? undefined;
  if (ca !== undefined && url.protocol !== 'mqtts:') return err('ca goes with mqtts:');
  const clientId = url.searchParams.get('clientId') ?? undefined;
  const port = url.port === '' ? (url.protocol === 'mqtts:' ? '8883' : '1883') : url.port;
  const broker = `${url.protocol}//${url.hostname}:${port}`;
  return ok({ kind: 'mqtt', url: broker, topics, qos: qos === '0' ? 0 : 1, clientId, sendTopic, ca });
}

function isFilter(topic: string): boolean {
  if (topic === '' || topic.length > TOPIC_CHARS_MAX || topic.includes('\0')) return false;
  const levels = topic.split('/');
  return levels.every(
    (level, index) => !/[+#]/.test(level) || level === '+' || (level === '#' && index === levels.length - 1),
  );
}

/**
 * Resolves when the broker has granted every topic.
 *
 * Errors: DRV_LINK_LOST (no broker), DRV_READER_REFUSED (wrong credentials, a topic that we may not read).
 */
export async function openMqttLink(
  address: MqttAddress,
  signal: AbortSignal,
  credentials?: LinkCredentials,
): Promise<Link> {
  const options = {
    name: `${address.url} ${address.topics.join(' ')}`,
    advice: ADVICE,
    sendTimeoutMs: SEND_TIMEOUT_MS,
  };
  const password = await passwordOf(credentials);
  const ca = address.ca === undefined ? undefined : await readFile(address.ca);
  if (signal.aborted) throw linkLost(options, 'stopped');
  const client = connect(address.url, {
    ...CLIENT,
    clientId: address.clientId ?? `shelfwise-${randomBytes(8).toString('hex')}`,
    ...(credentials?.username !== undefined && { username: credentials.username }),
    ...(password !== undefined && { password }),
    ...(ca !== undefined && { ca }),
  });
  const stream = messageStream(client, address.sendTopic);
  const onAbort = (): void => {
    stream.destroy(new Error('stopped'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await subscribed(client, stream, address);
  } catch (error: unknown) {
    stream.destroy();
    throw error instanceof AppError
      ? error
      : linkLost(options, error instanceof Error ? error.message : 'failed', error);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  return streamLink(stream, options);
}

/** The package's own reconnecting and its offline store are turned off: the supervisor opens the link again. */
const CLIENT: IClientOptions = {
  protocolVersion: 4,
  clean: true,
  keepalive: KEEPALIVE_S,
  connectTimeout: CONNECT_TIMEOUT_MS,
  reconnectPeriod: 0,
  queueQoSZero: false,
  resubscribe: false,
};

function messageStream(client: MqttClient, sendTopic: string | undefined): Duplex {
  let resume: (() => void) | undefined;
  const stream = new Duplex({
    read() {
      resume?.();
      resume = undefined;
    },
    write(chunk: Uint8Array, _encoding, done) {
      if (sendTopic === undefined) done(new Error('this link only listens: add send=TOPIC to its address'));
      else
        client.publish(sendTopic, asBuffer(chunk), { qos: 1 }, (error) => {
          done(error ?? null);
        });
    },
    destroy(error, done) {
      resume?.();
      client.end(true, {}, () => {
        done(error);
      });
    },
  });
  // One message at a time: the next one is taken, and this one acknowledged, when there is room for it.
  client.handleMessage = (packet, done) => {
    if (packet.retain || stream.destroyed) {
      done();
      return;
    }
    const payload = typeof packet.payload === 'string' ? new TextEncoder().encode(packet.payload) : packet.payload;
    const bytes = new Uint8Array(payload.length + LINE_END.length);
    bytes.set(payload);
    bytes.set(LINE_END, payload.length);
    if (stream.push(bytes)) done();
    else resume = done;
  };
  client.on('error', (error) => {
    stream.destroy(error);
  });
  client.on('close', () => {
    stream.destroy(new Error('the broker closed the connection'));
  });
  return stream;
}

function subscribed(client: MqttClient, stream: Duplex, address: MqttAddress): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('error', (error) => {
      reject(isRefusal(error) ? refused(address, error.message) : error);
    });
    client.once('connect', () => {
      client.subscribe([...address.topics], { qos: address.qos }, (error, granted = []) => {
        const isGranted = granted.length >= address.topics.length && granted.every(({ qos }) => qos < 128);
        if (error === null && isGranted) resolve();
        else reject(refused(address, 'a topic was refused'));
      });
    });
  });
}

/** CONNACK 4 and 5: wrong user name or password, not authorised. */
function isRefusal(error: Error): boolean {
  return 'code' in error && (error.code === 4 || error.code === 5);
}

function refused(address: MqttAddress, reason: string): AppError {
  const sentence = `${address.url} refused ${address.topics.join(' ')}: ${reason}; check the credentials and what they may read`;
  return new AppError('DRV_READER_REFUSED', sentence, { link: address.url });
}

/** The package wants Node's own kind of byte array; no copy is made. */
function asBuffer(bytes: Uint8Array): Parameters<MqttClient['publish']>[1] & Uint8Array {
  return bytes as never;
}
