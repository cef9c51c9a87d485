/** The page's side of the service worker. */
import { TAKE_OVER, WORKER_FILE, type TakeOver } from './worker-messages.ts';

/** Once a minute at most: a file that is truly missing must not reload the page for ever. */
const RELOAD_MS_MIN = 60_000;
const RELOADED_KEY = 'shelfwise-reloaded';

/**
 * Browsers have service workers on https and on this very machine only. Without one the application needs the line to
 * open; what is open already goes on working without it.
 */
export function startWorker(script: string): void {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const register = (): void => {
    serviceWorker.register(WORKER_FILE, { updateViaCache: 'none' }).then(
      (registration) => {
        offerTakeOver(registration, script);
      },
      () => undefined, // Storage is switched off or full: the application works, only not offline.
    );
  };
  // The first screen has the line to itself.
  if (document.readyState === 'complete') register();
  else addEventListener('load', register, { once: true });
}

function offerTakeOver(registration: ServiceWorkerRegistration, script: string): void {
  const message: TakeOver = { kind: TAKE_OVER, script: new URL(script, location.href).pathname };
  const offer = (): void => registration.waiting?.postMessage(message);
  const watch = (worker: ServiceWorker | null): void => {
    worker?.addEventListener('statechange', offer);
  };
  offer();
  watch(registration.installing);
  registration.addEventListener('updatefound', () => {
    watch(registration.installing);
  });
}

/** A page that stayed open over a new build asks for files that are gone; loading it again brings the new build. */
export function reloadWhenOutdated(): void {
  addEventListener('vite:preloadError', (event) => {
    if (!navigator.onLine || nowMs() - lastReloadMs() < RELOAD_MS_MIN) return;
    event.preventDefault();
    try {
      sessionStorage.setItem(RELOADED_KEY, String(nowMs()));
    } catch {
      return; // Without a memory of it, reloading could go round in circles.
    }
    location.reload();
  });
}

function nowMs(): number {
  return Date.now();
}

function lastReloadMs(): number {
  try {
    return Number(sessionStorage.getItem(RELOADED_KEY) ?? 0);
  } catch {
    return nowMs();
  }
}
