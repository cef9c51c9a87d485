/** What a gateway counts. Labels are readers and constant names only: never a tag. */
import { Counter, Gauge, type Registry } from 'prom-client';

export interface GatewayMetrics {
  readonly reads: Counter<'reader'>;
  readonly cycles: Counter<'reader'>;
  readonly notifications: Counter<'reader' | 'name'>;
  readonly clockOffset: Gauge<'reader'>;
  readonly observations: Counter<'kind'>;
  readonly notices: Counter;
  readonly gateDecisions: Counter<'gate' | 'decision'>;
  readonly commands: Counter<'kind' | 'outcome'>;
}

/** Numbers that are asked for when somebody looks. */
export interface GatewayGauges {
  readonly outboxDepth: () => number;
  readonly outboxBytes: () => number;
  readonly outboxDropped: () => number;
  readonly isOnline: () => boolean;
  readonly readersLive: () => number;
  readonly pairs: () => number;
}

export function createMetrics(registry: Registry): GatewayMetrics {
  const registers = [registry];
  const name = (rest: string): string => `shelfwise_gateway_${rest}`;
  return {
    reads: new Counter({ name: name('reads_total'), help: 'Tag reads', labelNames: ['reader'], registers }),
    cycles: new Counter({
      name: name('cycles_total'),
      help: 'Scan cycles, one for each antenna',
      labelNames: ['reader'],
      registers,
    }),
    notifications: new Counter({
      name: name('reader_notifications_total'),
      help: 'What readers said of themselves',
      labelNames: ['reader', 'name'],
      registers,
    }),
    clockOffset: new Gauge({
      name: name('reader_clock_offset_seconds'),
      help: 'Reader clock minus gateway clock',
      labelNames: ['reader'],
      registers,
    }),
    observations: new Counter({
      name: name('observations_total'),
      help: 'Observations made',
      labelNames: ['kind'],
      registers,
    }),
    notices: new Counter({ name: name('notices_total'), help: 'Refusals told by the broker', registers }),
    commands: new Counter({
      name: name('commands_total'),
      help: 'Commands answered, by kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    gateDecisions: new Counter({
      name: name('gate_decisions_total'),
      help: 'Tags that went through a gate, by decision',
      labelNames: ['gate', 'decision'],
      registers,
    }),
  };
}

export function addGauges(registry: Registry, gauges: GatewayGauges): void {
  const add = (name: string, help: string, value: () => number): void => {
    const gauge = new Gauge({
      name: `shelfwise_gateway_${name}`,
      help,
      registers: [registry],
      collect: () => {
        gauge.set(value());
      },
    });
  };
  add('outbox_batches', 'Batches waiting for the broker', gauges.outboxDepth);
  add('outbox_bytes', 'Bytes waiting for the broker', gauges.outboxBytes);
  add('outbox_dropped_observations', 'Observations given up since the outbox file began', gauges.outboxDropped);
  add('broker_online', '1 while connected to the broker', () => (gauges.isOnline() ? 1 : 0));
  add('readers_live', 'Readers that deliver scan cycles', gauges.readersLive);
  add('presence_pairs', 'Pairs of tag and antenna known now', gauges.pairs);
}
