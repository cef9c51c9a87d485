/** The MQTT side of a simulated reader that publishes to a broker, with the faults of a device in a network. */
import { connectAsync, type MqttClient } from 'mqtt';

export interface MqttTarget {
  readonly broker: string;
  readonly username?: string;
  readonly password?: string;
  /** Where its messages go. */
  readonly topic: string;
  /** Where it is told what to do, and where it answers. */
  readonly control?: { readonly requests: string; readonly responses: string };
}

export interface MqttPublisher {
  /** Does nothing while unplugged or hung, as a device that has no network. */
  publish(message: string): void;
  plug(): Promise<void>;
  unplug(): Promise<void>;
}

/** `onRequest` gives the answer to what came on the control topic. */
export function createMqttPublisher(
  { broker, topic, control, ...credentials }: MqttTarget,
  onRequest?: (message: string) => string,
): MqttPublisher {
  let client: MqttClient | undefined;
  return {
    publish(message) {
      client?.publish(topic, message, { qos: 1 });
    },
    async plug() {
      client ??= await connectAsync(broker, { ...credentials, reconnectPeriod: 0 });
      // A broker that goes away is nothing special to a device.
      client.on('error', () => undefined);
      if (control === undefined || onRequest === undefined) return;
      const { requests, responses } = control;
      const own = client;
      own.on('message', (_topic, bytes) => {
        own.publish(responses, onRequest(new TextDecoder().decode(bytes)), { qos: 1 });
      });
      await own.subscribeAsync(requests, { qos: 1 });
    },
    async unplug() {
      const gone = client;
      client = undefined;
      await gone?.endAsync(true);
    },
  };
}
