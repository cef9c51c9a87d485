/**
 * A broker in a process of its own, for tests that end it from outside or weigh it. Prints its port when it is ready, and
 * answers every message of its parent with what it weighs.
 */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';

export interface BrokerWeight {
  readonly residentBytes: number;
  /** Connections it holds. */
  readonly sockets: number;
}

const [, , folder = '', port = '0', limits = '{}'] = process.argv;
const metrics = new Registry();
const broker = await startBroker(
  brokerConfig.parse({ folder, port: Number(port), limits: JSON.parse(limits) as unknown }),
  { log: pino({ level: 'error' }, pino.destination(2)), clock: systemClock, metrics, portPolicy: 'exact' },
);
process.on('message', () => {
  void weigh().then((weight) => process.send?.(weight));
});
process.stdout.write(`${broker.port}\n`);

async function weigh(): Promise<BrokerWeight> {
  const sockets = await metrics.getSingleMetric('shelfwise_broker_sockets')?.get();
  return { residentBytes: process.memoryUsage.rss(), sockets: sockets?.values[0]?.value ?? 0 };
}
