/** What the lending role counts. No label ever holds a copy or a card. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface LendingMetrics {
  /** Requests of terminals: who answered them, the ILS or the library's rules. */
  readonly terminalRequests: Counter<'by'>;
  readonly settled: Counter;
  readonly ilsAway: Counter;
}

export interface LendingGauges {
  readonly openEntries: () => number;
  readonly waitingInputs: () => number;
  readonly terminals: () => number;
  readonly isGatewayOnline: () => boolean;
}

export function createMetrics(registry: Registry): LendingMetrics {
  const registers = [registry];
  const name = (rest: string): string => `shelfwise_lending_${rest}`;
  return {
    terminalRequests: new Counter({
      name: name('terminal_requests_total'),
      help: 'Requests of SIP2 terminals, by who answered',
      labelNames: ['by'],
      registers,
    }),
    settled: new Counter({ name: name('settled_total'), help: 'Queued entries that were settled', registers }),
    ilsAway: new Counter({ name: name('ils_away_total'), help: 'Rounds that found the ILS away', registers }),
  };
}

export function addGauges(registry: Registry, gauges: LendingGauges): void {
  const add = (name: string, help: string, value: () => number): void => {
    const gauge = new Gauge({
      name: `shelfwise_lending_${name}`,
      help,
      registers: [registry],
      collect: () => {
        gauge.set(value());
      },
    });
  };
  add('open_entries', 'Loans and returns that the ILS does not know yet', gauges.openEntries);
  add('waiting_inputs', 'Inputs that wait for the gateway', gauges.waitingInputs);
  add('terminals', 'SIP2 terminals connected', gauges.terminals);
  add('gateway_online', '1 while connected to the gateway', () => (gauges.isGatewayOnline() ? 1 : 0));
}
