import { collectDefaultMetrics, Registry } from 'prom-client';

/** A registry that also tells of the process itself: memory, event loop, garbage collection. */
export function processMetrics(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  return register;
}
