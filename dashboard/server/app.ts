/** The express application: health, the API behind its door, and the built web application. */
import express, { type Express, Router } from 'express';
import type { Registry as Metrics } from 'prom-client';
import { createDoor } from './accounts/door.ts';
import type { LockOut } from './accounts/lock-out.ts';
import type { Sessions } from './accounts/sessions.ts';
import { calibrationRoutes } from './api/calibration-routes.ts';
import { catalogueRoutes } from './api/catalogue-routes.ts';
import { commandRoutes } from './api/command-routes.ts';
import { conditionSettingsRoutes } from './api/condition-settings-routes.ts';
import { deviceRoutes } from './api/device-routes.ts';
import { API_PREFIX, documentRoutes } from './api/document-routes.ts';
import { encodingRoutes } from './api/encoding-routes.ts';
import { explanationRoutes } from './api/explanation-routes.ts';
import { factRoutes } from './api/fact-routes.ts';
import { gateRoutes } from './api/gate-routes.ts';
import { inHouseRoutes } from './api/in-house-routes.ts';
import { homeShiftRoutes } from './api/home-shift-routes.ts';
import { itemRoutes } from './api/item-routes.ts';
import { pastRoutes } from './api/past-routes.ts';
import { planRoutes } from './api/plan-routes.ts';
import { shelvingRoutes } from './api/shelving-routes.ts';
import { problemHandler, unknownPath } from './api/problem.ts';
import { registeredDeviceRoutes } from './api/registered-device-routes.ts';
import { mount, type Route } from './api/route.ts';
import { sessionRoutes } from './api/session-routes.ts';
import { spaceRoutes } from './api/space-routes.ts';
import { sweepRoutes } from './api/sweep-routes.ts';
import { tagProfileRoutes } from './api/tag-profile-routes.ts';
import { userRoutes } from './api/user-routes.ts';
import { workListRoutes } from './api/work-list-routes.ts';
import { workRoutes } from './api/work-routes.ts';
import type { DashboardConfig } from './config.ts';
import { healthRouter } from './health.ts';
import { observeRequests } from './metrics.ts';
import type { Sources } from './sources.ts';
import { securityHeaders } from './web/headers.ts';
import { staticFiles } from './web/static-files.ts';

export interface AppDeps {
  readonly sources: Sources;
  readonly sessions: Sessions;
  readonly lockOut: LockOut;
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
}

type AppConfig = Pick<DashboardConfig, 'publicUrl' | 'proxies' | 'secureCookies' | 'signIn' | 'web'>;

export function createApp(config: AppConfig, deps: AppDeps): Express {
  const app = express();
  const isPublicHttps = config.publicUrl?.startsWith('https:') === true;
  app.disable('x-powered-by');
  app.set('trust proxy', config.proxies);
  app.set('query parser', 'simple');
  app.use(securityHeaders(isPublicHttps));
  app.use(healthRouter(deps));

  const api = Router();
  api.use((_request, response, next) => {
    response.set('cache-control', 'no-store');
    next();
  });
  api.use(observeRequests(deps.metrics));
  mount(api, allRoutes(config, deps), createDoor(deps.sessions));
  api.use(unknownPath);
  app.use(API_PREFIX, api);
  app.use('/api', unknownPath);
  app.use(staticFiles(config.web));
  app.use(unknownPath);
  app.use(problemHandler(deps.sources.log));
  return app;
}

/** Every route there is, in the order of the document. */
export function allRoutes(
  config: AppConfig,
  { sources, sessions, lockOut }: Omit<AppDeps, 'isReady' | 'metrics'>,
): Route[] {
  const isPublicHttps = config.publicUrl?.startsWith('https:') === true;
  const routes = [
    ...sessionRoutes({
      registry: sources.registry,
      sessions,
      lockOut,
      attemptsPerAddress: config.signIn.attemptsPerAddress,
      isSecure: (response) =>
        config.secureCookies === 'auto' ? isPublicHttps || response.req.secure : config.secureCookies === 'always',
    }),
    ...itemRoutes(sources),
    ...explanationRoutes(sources),
    ...pastRoutes(sources),
    ...planRoutes(sources),
    ...shelvingRoutes(sources),
    ...catalogueRoutes(sources),
    ...workListRoutes(sources),
    ...homeShiftRoutes(sources),
    ...sweepRoutes(sources),
    ...workRoutes(sources),
    ...conditionSettingsRoutes(sources),
    ...gateRoutes(sources),
    ...inHouseRoutes(sources),
    ...calibrationRoutes(sources),
    ...spaceRoutes(sources),
    ...registeredDeviceRoutes(sources),
    ...deviceRoutes(sources),
    ...commandRoutes(sources),
    ...tagProfileRoutes(sources),
    ...encodingRoutes(sources),
    ...factRoutes(sources),
    ...userRoutes(sources.registry, sessions),
  ];
  return [...routes, ...documentRoutes(routes)];
}
