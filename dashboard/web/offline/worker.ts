/**
 * The service worker: keeps the built application on the device, so that it opens where the network does not reach.
 *
 * What has a hash in its name comes from the device; a screen's page and the words come over the line, and from the
 * device only when the line is dead or slow. Replies of the API are never touched here: what is kept of them is the
 * page's own business (kept-queries.ts), because it belongs to a person and goes when that person signs out.
 */
import { addRoute, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { NetworkFirst, type NetworkFirstOptions } from 'workbox-strategies';
import { TAKE_OVER, WORDS_CACHE, type TakeOver } from './worker-messages.ts';

interface ManifestEntry {
  readonly url: string;
  /** `null` where the name holds a hash. */
  readonly revision: string | null;
}

/** Put here by the build (build-worker.ts): every file it made. */
declare const BUILT_FILES: ManifestEntry[];

/** The part of a worker's globals that is used here; the whole of it cannot be had beside those of a page. */
interface WorkerScope {
  readonly clients: {
    matchAll(options: { includeUncontrolled: boolean }): Promise<readonly unknown[]>;
    claim(): Promise<void>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(
    type: 'install' | 'activate' | 'message',
    listener: (event: { readonly data?: unknown; waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
}
const scope = globalThis as unknown as WorkerScope;

/** A line that takes longer than this counts as cut: what is kept is whole and works. */
const LINE_SECONDS_MAX = 2;

type Plugin = NonNullable<NetworkFirstOptions['plugins']>[number];

/** A proxy's page about a server that is away is no answer. */
const refuseFaults: Plugin = {
  fetchDidSucceed: ({ response }) =>
    response.status >= 500 ? Promise.reject(new Error(`answered ${response.status}`)) : Promise.resolve(response),
};

/** Any screen is the same page; its address is the application's own matter. */
const keptPage: Plugin = {
  cachedResponseWillBeUsed: () => matchPrecache('/index.html'),
  cacheWillUpdate: () => Promise.resolve(null),
};

precache(BUILT_FILES);
cleanupOutdatedCaches();

registerRoute(
  new NavigationRoute(
    new NetworkFirst({ networkTimeoutSeconds: LINE_SECONDS_MAX, plugins: [refuseFaults, keptPage] }),
    // Downloads of the API, the operator's pages and whatever has a file ending are no screens.
    { denylist: [/^\/(api|socket\.io|healthz|readyz|metrics)(\/|$)/, /\.[a-z0-9]+$/i] },
  ),
);
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && url.pathname.startsWith('/locales/'),
  new NetworkFirst({ cacheName: WORDS_CACHE, networkTimeoutSeconds: LINE_SECONDS_MAX, plugins: [refuseFaults] }),
);
addRoute({ directoryIndex: '', cleanURLs: false });

/** Languages are files that a library may add after the build, so the build cannot list them. */
async function keepWords(): Promise<void> {
  const cache = await caches.open(WORDS_CACHE);
  const list = await fetch('/locales/languages.json', { cache: 'no-cache' });
  const languages = (await list.clone().json()) as readonly { readonly code: string }[];
  await cache.put('/locales/languages.json', list);
  await cache.addAll(languages.map(({ code }) => `/locales/${encodeURIComponent(code)}.json`));
}

scope.addEventListener('install', (event) => {
  event.waitUntil(keepWords());
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(scope.clients.claim());
});

/**
 * A new worker waits while pages of an older build are open, since they still need their own files. A page of this very
 * build that is the only one asks it to take over at once.
 */
async function takeOver({ script }: TakeOver): Promise<void> {
  const isOfThisBuild = BUILT_FILES.some(({ url }) => url === script);
  const pages = await scope.clients.matchAll({ includeUncontrolled: true });
  if (isOfThisBuild && pages.length <= 1) await scope.skipWaiting();
}

scope.addEventListener('message', (event) => {
  const message = event.data as Partial<TakeOver> | null;
  if (message?.kind === TAKE_OVER && typeof message.script === 'string') {
    event.waitUntil(takeOver({ kind: TAKE_OVER, script: message.script }));
  }
});
