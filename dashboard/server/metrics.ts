import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, type Registry as Metrics } from 'prom-client';

const NAME = 'shelfwise_dashboard_request_seconds';

/** How long each kind of request took; by route pattern, so that the number of series stays bounded. */
export function observeRequests(metrics: Metrics): RequestHandler {
  const seconds = new Histogram({
    name: NAME,
    help: 'Time from a request to the end of its answer, by method, route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.02, 0.05, 0.1, 0.3, 1, 5],
    registers: [metrics],
  });
  return (request, response, next) => {
    const end = seconds.startTimer();
    response.on('finish', () => {
      const route: unknown = request.route === undefined ? undefined : (request.route as { path?: unknown }).path;
      end({
        method: request.method,
        route: typeof route === 'string' ? route : 'none',
        status: String(response.statusCode),
      });
    });
    next();
  };
}

export interface LiveMetrics {
  readonly sockets: Gauge;
  readonly rooms: Gauge;
  readonly members: Gauge;
  readonly diffs: Counter;
  readonly setAside: Counter;
}

/** The live side: a number that only ever grows here is a leak. */
export function liveMetrics(metrics: Metrics): LiveMetrics {
  const registers = [metrics];
  return {
    sockets: new Gauge({ name: 'shelfwise_dashboard_live_sockets', help: 'Open live connections.', registers }),
    rooms: new Gauge({ name: 'shelfwise_dashboard_live_rooms', help: 'Rooms kept in memory.', registers }),
    members: new Gauge({ name: 'shelfwise_dashboard_live_members', help: 'Memberships of all rooms.', registers }),
    diffs: new Counter({ name: 'shelfwise_dashboard_live_diffs_total', help: 'Diffs sent to rooms.', registers }),
    setAside: new Counter({
      name: 'shelfwise_dashboard_live_set_aside_total',
      help: 'Times a slow connection was taken out of a room.',
      registers,
    }),
  };
}
