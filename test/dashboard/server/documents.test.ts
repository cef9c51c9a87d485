import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Router } from 'express';
import { Registry } from 'prom-client';
import { createLockOut } from '#dashboard/server/accounts/lock-out.ts';
import { createSessions } from '#dashboard/server/accounts/sessions.ts';
import { createApp } from '#dashboard/server/app.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { createWorld, type World } from './world.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Record<string, boolean> };
  readonly handle: { readonly stack?: readonly Layer[] };
}

/** What express really has, not what our list says. */
function registeredRoutes(router: { readonly stack: readonly Layer[] }): string[] {
  return router.stack.flatMap(({ route, handle }) => {
    if (route !== undefined) return Object.keys(route.methods).map((method) => `${method} ${route.path}`);
    return handle.stack === undefined ? [] : registeredRoutes({ stack: handle.stack });
  });
}

describe('the published documents', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  test('describe every route there is, and no other', async () => {
    const config = dashboardConfig.parse({ folder: world.folder });
    const registry = {} as Sources['registry'];
    const app = createApp(config, {
      // No route is called here: only their registration is looked at.
      sources: { registry, clock: systemClock } as unknown as Sources,
      sessions: createSessions(registry, systemClock, 1),
      lockOut: createLockOut(systemClock, { failuresMax: 1, lockMs: 1 }),
      metrics: new Registry(),
      isReady: () => true,
    });
    const health = new Set(['get /healthz', 'get /readyz', 'get /metrics']);
    const registered = registeredRoutes(app.router as unknown as Router & { stack: Layer[] })
      .filter((entry) => !health.has(entry))
      .map((entry) => entry.replaceAll(/:(\w+)/g, '{$1}').replace(' ', ' /api/v1'));

    const { paths } = (await world.get('/openapi.json').expect(200)).body as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(registered.sort()).toEqual(described.sort());
    expect(described.length).toBeGreaterThan(20);
  });

  test('the MQTT interface is described too', async () => {
    const reply = await world.get('/asyncapi.json').expect(200);
    expect(reply.body).toMatchObject({ asyncapi: '3.0.0' });
  });
});
