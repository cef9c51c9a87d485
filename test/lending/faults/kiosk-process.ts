/** A kiosk to be killed: the lending role as it runs, and a reader's hands over the process channel. */
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { lendingConfig } from '#lending/config.ts';
import { startLending } from '#lending/main.ts';
import { lend, takeBack } from '#lending/visit/circulate.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import type { Hand, Told } from './run-faults.ts';

const config = lendingConfig.parse(JSON.parse(process.argv[2] ?? '{}'));
const metrics = new Registry();
const log = pino({ level: 'debug' }, pino.destination({ fd: 2, sync: true }));
const role = await startLending(config, { log, clock: systemClock, metrics });
const tell = (message: Told): void => void process.send?.(message);

process.on('message', (hand: Hand) => {
  const { circulation } = role;
  const handled = { item: hand.item, station: 'kiosk-1', pad: 'pad-1', tag: hand.tag };
  const step =
    hand.kind === 'return'
      ? takeBack(handled, circulation)
      : lend({ ...handled, card: hand.card, pin: hand.pin, isSessionKnown: true }, circulation);
  void step.then(async (outcome) => {
    tell({ n: hand.n, isDone: outcome.outcome === 'done', metrics: await metrics.metrics() });
  });
});
const watch = setInterval(() => {
  const { ledger } = role.circulation;
  tell({ open: ledger.openCount() + ledger.pendingSecurity().length + ledger.inputCount() });
}, 50);
process.once('disconnect', () => {
  clearInterval(watch);
  void role.close().then(() => process.exit(0));
});
tell({ open: -1 });
