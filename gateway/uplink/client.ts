/**
 * One MQTT connection, from CONNECT to its end. The only file of the gateway that knows the mqtt package.
 *
 * The package's own reconnecting, its store and its offline queue are all turned off: they live in memory without bound,
 * and their message numbers wrap at 65,535. A connection here is used once and thrown away.
 */
import { connect, type IClientPublishOptions, type MqttClient } from 'mqtt';

const CONNECT_TIMEOUT_MS = 10_000;
/** The broker drops us after 1.5 times this without a word, and then sends our last will. */
const KEEPALIVE_S = 15;

export interface ConnectionOptions {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly will: { readonly topic: string; readonly payload: string };
  onOpen(): void;
  onMessage(topic: string, payload: Uint8Array): void;
  /** Called once, whatever the reason; undefined where nobody said one. */
  onEnd(reason: string | undefined): void;
}

export interface MqttConnection {
  /** `done` is called with an error if the broker will not acknowledge it on this connection any more. */
  publish(
    topic: string,
    payload: Uint8Array | string,
    options: { readonly retain: boolean },
    done: (error?: unknown) => void,
  ): void;
  subscribe(topics: readonly string[], done: (refused: readonly string[]) => void): void;
  /** With `isPolite`, DISCONNECT is sent and the broker keeps our last will to itself. */
  end(isPolite: boolean): Promise<void>;
}

export function openConnection(options: ConnectionOptions): MqttConnection {
  const client = connect(options.url, {
    protocolVersion: 4,
    clean: true,
    clientId: options.username,
    username: options.username,
    password: options.password,
    will: { topic: options.will.topic, payload: toBuffer(options.will.payload), qos: 1, retain: true },
    keepalive: KEEPALIVE_S,
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectPeriod: 0,
    queueQoSZero: false,
    resubscribe: false,
  });
  let reason: string | undefined;
  let isEnded = false;
  const finish = (): void => {
    if (isEnded) return;
    isEnded = true;
    client.end(true);
    options.onEnd(reason);
  };
  client.on('connect', () => {
    options.onOpen();
  });
  client.on('message', (topic, payload) => {
    options.onMessage(topic, payload);
  });
  client.on('error', (error) => {
    reason ??= error.message;
    finish();
  });
  client.on('close', finish);
  return {
    publish(topic, payload, { retain }, done) {
      const publishOptions: IClientPublishOptions = { qos: 1, retain };
      client.publish(topic, toBuffer(payload), publishOptions, (error) => {
        done(error ?? undefined);
      });
    },
    subscribe: (topics, done) => {
      subscribe(client, topics, done);
    },
    end: (isPolite) =>
      new Promise((resolve) => {
        client.end(!isPolite, {}, () => {
          resolve();
        });
      }),
  };
}

function subscribe(client: MqttClient, topics: readonly string[], done: (refused: readonly string[]) => void): void {
  client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
    const isGranted = (topic: string): boolean => granted.some((one) => one.topic === topic && one.qos < 128);
    done(
      error
        ? topics.filter((topic) => !isGranted(topic))
        : topics.filter((topic) => granted.length > 0 && !isGranted(topic)),
    );
  });
}

/** The package wants Node's own kind of byte array; no copy is made. */
function toBuffer(payload: Uint8Array | string): Parameters<MqttClient['publish']>[1] & Uint8Array {
  return payload as never;
}
