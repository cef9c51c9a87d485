import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface EngineMetrics {
  readonly entries: Counter;
  readonly chunkSeconds: Histogram;
  readonly tags: Gauge;
  readonly lag: Gauge;
  readonly historyPoints: Counter<'outcome'>;
}

export function createEngineMetrics(registry: Registry): EngineMetrics {
  const registers = [registry];
  return {
    entries: new Counter({ name: 'shelfwise_engine_entries_total', help: 'Journal entries reduced.', registers }),
    chunkSeconds: new Histogram({
      name: 'shelfwise_engine_chunk_seconds',
      help: 'Time to reduce and commit one chunk.',
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
      registers,
    }),
    tags: new Gauge({ name: 'shelfwise_engine_tags', help: 'Tags known.', registers }),
    lag: new Gauge({ name: 'shelfwise_engine_lag_entries', help: 'Journal entries not yet reduced.', registers }),
    historyPoints: new Counter({
      name: 'shelfwise_engine_history_points_total',
      help: 'Points of the history by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
