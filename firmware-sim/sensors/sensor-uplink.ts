/** Brings the reports of one sensor to the broker: the device signs in with its own name and secret. */
import mqtt from 'mqtt';
import type { Logger } from 'pino';
import { deviceUsername } from '#contract/domain/ids.ts';
import { deviceTopic } from '#contract/wire/topics.ts';

export interface SensorUplinkOptions {
  readonly brokerUrl: string;
  readonly library: string;
  readonly device: string;
  readonly secret: string;
  readonly log: Logger;
}

export interface SensorUplink {
  /** A report that cannot leave is lost, as a radio frame is: the next totals make up for it. */
  send(payload: string): void;
  close(): Promise<void>;
}

const RECONNECT_MS = 2000;

export function openSensorUplink(options: SensorUplinkOptions): SensorUplink {
  const { brokerUrl, library, device, secret, log } = options;
  const name = deviceUsername(library, device);
  const client = mqtt.connect(brokerUrl, {
    clientId: name,
    username: name,
    password: secret,
    reconnectPeriod: RECONNECT_MS,
    queueQoSZero: false,
    clean: true,
  });
  client.on('error', (error) => {
    log.debug({ device, error: error.message }, 'sensor uplink failed');
  });
  return {
    send(payload) {
      if (!client.connected) return;
      client.publish(deviceTopic(library, device), payload, { qos: 1 }, (error) => {
        if (error) log.debug({ device, error: error.message }, 'sensor report lost');
      });
    },
    async close() {
      await client.endAsync(true);
    },
  };
}
