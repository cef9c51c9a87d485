import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { NotFound, ScreenError } from '#dashboard/web/ui/states.tsx';
import { text } from './search.ts';
import { Staff } from './shell.tsx';

const rootRoute = createRootRoute({
  component: Staff,
  notFoundComponent: NotFound,
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'library') }),
  search: { middlewares: [retainSearchParams(['library'])] },
});

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/find', throw: true });
  },
});

const findRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/find',
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, 'q'),
    ...text(search, 'item'),
    ...text(search, 'at'),
  }),
  component: lazyRouteComponent(() => import('#dashboard/web/find/find-screen.tsx'), 'FindScreen'),
});

const mapSearch = (search: Record<string, unknown>): { shelf?: string; view?: string; at?: string } => ({
  ...text(search, 'shelf'),
  ...text(search, 'view'),
  ...text(search, 'at'),
});

const mapHomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/map',
  validateSearch: mapSearch,
  component: lazyRouteComponent(() => import('#dashboard/web/map/map-screen.tsx'), 'MapScreen'),
});

const mapRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/map/$floor',
  validateSearch: mapSearch,
  component: lazyRouteComponent(() => import('#dashboard/web/map/map-screen.tsx'), 'MapScreen'),
});

const workListRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/work-list',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'floor'), ...text(search, 'kind') }),
  component: lazyRouteComponent(() => import('#dashboard/web/work-list/work-list-screen.tsx'), 'WorkListScreen'),
});

const spaceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/space',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'date') }),
  component: lazyRouteComponent(() => import('#dashboard/web/space/space-screen.tsx'), 'SpaceScreen'),
});

const tagsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/tags',
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, 'reader'),
    ...text(search, 'item'),
    ...text(search, 'view'),
  }),
  component: lazyRouteComponent(() => import('#dashboard/web/encode/tags-screen.tsx'), 'TagsScreen'),
});

const handheldRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/wand',
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, 'wand'),
    ...text(search, 'view'),
    ...text(search, 'part'),
    ...text(search, 'sweep'),
    ...text(search, 'place'),
    ...text(search, 'item'),
    ...text(search, 'q'),
  }),
  component: lazyRouteComponent(() => import('#dashboard/web/handheld/handheld-screen.tsx'), 'HandheldScreen'),
});

const devicesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/devices',
  component: lazyRouteComponent(() => import('#dashboard/web/devices/devices-screen.tsx'), 'DevicesScreen'),
});

const gatesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/gates',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'finding') }),
  component: lazyRouteComponent(() => import('#dashboard/web/gates/gates-screen.tsx'), 'GatesScreen'),
});

const antennasRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/antennas',
  validateSearch: (search: Record<string, unknown>) => ({ ...text(search, 'floor'), ...text(search, 'antenna') }),
  component: lazyRouteComponent(() => import('#dashboard/web/antennas/antennas-screen.tsx'), 'AntennasScreen'),
});

const inHouseRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/in-house',
  validateSearch: (search: Record<string, unknown>) => ({
    ...text(search, 'from'),
    ...text(search, 'to'),
    ...text(search, 'by'),
  }),
  component: lazyRouteComponent(() => import('#dashboard/web/in-house/in-house-screen.tsx'), 'InHouseScreen'),
});

const routeTree = rootRoute.addChildren([
  homeRoute,
  findRoute,
  mapHomeRoute,
  mapRoute,
  workListRoute,
  spaceRoute,
  tagsRoute,
  handheldRoute,
  devicesRoute,
  gatesRoute,
  antennasRoute,
  inHouseRoute,
]);

// The type is inferred on purpose: it is what makes every link in the app checked.
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- the type is the whole route tree; the router infers it
export function createStaffRouter() {
  return createRouter({
    routeTree,
    defaultPreload: 'intent',
    defaultErrorComponent: ScreenError,
    scrollRestoration: false,
    // Barcodes stay text: a leading zero matters, and "0012" must not come back as a number in quotes.
    parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
    stringifySearch: (search) => {
      const pairs = new URLSearchParams();
      for (const [key, value] of Object.entries(search)) if (typeof value === 'string') pairs.set(key, value);
      const said = pairs.toString();
      return said === '' ? '' : `?${said}`;
    },
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createStaffRouter>;
  }
}
