/** A broker in a process of its own, for tests that end it from outside. Prints its port when it is ready. */
import { pino } from 'pino';
import { brokerConfig } from '#broker/config.ts';
import { startBroker } from '#broker/main.ts';
import { systemClock } from '#store/observe/system-clock.ts';

const [, , folder = '', port = '0'] = process.argv;
const broker = await startBroker(brokerConfig.parse({ folder, port: Number(port) }), {
  log: pino({ level: 'error' }, pino.destination(2)),
  clock: systemClock,
  portPolicy: 'exact',
});
process.stdout.write(`${broker.port}\n`);
