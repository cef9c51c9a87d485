/** The MQTT side of a simulated reader that publishes to a broker, with the faults of a device in a network. */
import { connectAsync, type MqttClient } from 'mqtt';

export interface MqttTarget {
  readonly broker: string;
  readonly username?: string;
  readonly password?: string;
  /** Where its messages go. */
  readonly topic: string;
}

export interface MqttPublisher {
  /** Does nothing while unplugged or hung, as a device that has no network. */
  publish(message: string): void;
  plug(): Promise<void>;
  unplug(): Promise<void>;
}

export function createMqttPublisher({ broker, topic, ...credentials }: MqttTarget): MqttPublisher {
  let client: MqttClient | undefined;
  return {
    publish(message) {
      client?.publish(topic, message, { qos: 1 });
    },
    async plug() {
      client ??= await connectAsync(broker, { ...credentials, reconnectPeriod: 0 });
      // A broker that goes away is nothing special to a device.
      client.on('error', () => undefined);
    },
    async unplug() {
      const gone = client;
      client = undefined;
      await gone?.endAsync(true);
    },
  };
}
