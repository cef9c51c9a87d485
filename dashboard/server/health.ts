import { Router } from 'express';
import type { Registry as Metrics } from 'prom-client';

/** For the people who run it: is the process alive, can it work, what are its numbers. */
export function healthRouter(deps: { readonly metrics: Metrics; readonly isReady: () => boolean }): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.type('text/plain').set('cache-control', 'no-store').send('ok\n');
  });
  router.get('/readyz', (_request, response) => {
    const isReady = deps.isReady();
    response
      .status(isReady ? 200 : 503)
      .type('text/plain')
      .set('cache-control', 'no-store');
    response.send(isReady ? 'ready\n' : 'not ready\n');
  });
  router.get('/metrics', async (_request, response) => {
    response
      .type(deps.metrics.contentType)
      .set('cache-control', 'no-store')
      .send(await deps.metrics.metrics());
  });
  return router;
}
