/**
 * Numbers of the broker for Prometheus. `messages_in` is counted on arrival; each message ends in exactly one outcome of
 * `messages`, so that in = stored + duplicate + dead-letter + status + refused + unavailable + those under way.
 * The hot ones are plain numbers that are read when somebody asks.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export const OUTCOMES = ['stored', 'duplicate', 'dead-letter', 'status', 'refused', 'unavailable'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface BrokerMetrics {
  /** Messages by how they ended. */
  readonly outcomes: Record<Outcome, number>;
  /** Messages that arrived, and observations inside them. */
  readonly tally: { messagesIn: number; bytesIn: number; observations: number };
  readonly invalidObservations: Counter<'kind'>;
  readonly refusals: Counter<'code'>;
  readonly notices: Counter<'outcome'>;
  readonly journalSeconds: Histogram;
  readonly commandsSent: Counter;
  readonly replies: Counter<'outcome'>;
}

export interface Gauges {
  readonly sockets: () => number;
  readonly clients: () => number;
  readonly journalOffset: () => number;
  readonly journalHeldFor: () => ReadonlyMap<string, number>;
}

export function createMetrics(registry: Registry, gauges: Gauges): BrokerMetrics {
  const registers = [registry];
  const outcomes: Record<Outcome, number> = {
    stored: 0,
    duplicate: 0,
    'dead-letter': 0,
    status: 0,
    refused: 0,
    unavailable: 0,
  };
  const tally = { messagesIn: 0, bytesIn: 0, observations: 0 };

  const total = (name: string, help: string, read: () => number): void => {
    new Counter({
      name: `shelfwise_broker_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `shelfwise_broker_${name}`,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  };

  total('messages_in', 'Messages that arrived', () => tally.messagesIn);
  total('bytes_in', 'Payload bytes that arrived', () => tally.bytesIn);
  total('observations', 'Observations in stored batches', () => tally.observations);
  new Counter({
    name: 'shelfwise_broker_messages_total',
    help: 'Messages by how they ended',
    labelNames: ['outcome'],
    registers,
    collect() {
      this.reset();
      for (const outcome of OUTCOMES) this.inc({ outcome }, outcomes[outcome]);
    },
  });
  gauge('sockets', 'Open sockets, signed in or not', gauges.sockets);
  gauge('clients', 'Signed-in clients', gauges.clients);
  gauge('journal_offset', 'Newest journal offset', gauges.journalOffset);
  new Gauge({
    name: 'shelfwise_broker_journal_held_entries',
    help: 'Entries a consumer has not taken in although they are old enough to go',
    labelNames: ['consumer'],
    registers,
    collect() {
      this.reset();
      for (const [consumer, entries] of gauges.journalHeldFor()) this.set({ consumer }, entries);
    },
  });

  return {
    outcomes,
    tally,
    invalidObservations: new Counter({
      name: 'shelfwise_broker_invalid_observations_total',
      help: 'Observations in good batches that are not as the contract says',
      labelNames: ['kind'],
      registers,
    }),
    refusals: new Counter({
      name: 'shelfwise_broker_refusals_total',
      help: 'What was turned away, by reason',
      labelNames: ['code'],
      registers,
    }),
    notices: new Counter({
      name: 'shelfwise_broker_notices_total',
      help: 'Notices to gateways',
      labelNames: ['outcome'],
      registers,
    }),
    commandsSent: new Counter({
      name: 'shelfwise_broker_commands_sent_total',
      help: 'Commands sent to gateways, repetitions included',
      registers,
    }),
    replies: new Counter({
      name: 'shelfwise_broker_replies_total',
      help: 'Answers to commands by outcome; repeated or unasked ones change nothing',
      labelNames: ['outcome'],
      registers,
    }),
    journalSeconds: new Histogram({
      name: 'shelfwise_broker_journal_seconds',
      help: 'Time from the arrival of a message to its commit',
      buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
      registers,
    }),
  };
}
