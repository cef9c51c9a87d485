/** The whole platform in this process, on free ports and a folder of its own: what `shelfwise up --demo` starts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { DEMO_GATEWAY, DEMO_LIBRARY, prepareDemo, startDemoDevices } from '#cli/demo.ts';
import { readSettings } from '#cli/config.ts';
import { startCentre, type RunningCentre } from '#cli/start-centre.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startGateway } from '#gateway/main.ts';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { Simulation } from '#sim/simulation.ts';
import type { SiteName } from '#sim/sites.ts';
import { systemClock } from '#store/observe/system-clock.ts';

export const PLATFORM_SEED = 20;

export interface Platform {
  readonly folder: string;
  readonly url: string;
  readonly admin: { readonly name: string; readonly password: string };
  readonly demo: DemoLibrary;
  readonly simulation: Simulation;
  readonly centre: RunningCentre;
  /** Ends it; the folder goes with it. */
  stop(): Promise<void>;
}

export interface PlatformOptions {
  /** `history` as in a configuration file; SQLite files without it. */
  readonly historyUrl?: string;
  /** Which readers stand where; the standard ones without it. */
  readonly site?: SiteName;
}

export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const folder = mkdtempSync(join(tmpdir(), 'shelfwise-platform-'));
  const log = pino({ level: 'silent' });
  const deps = { log, clock: systemClock, metrics: new Registry(), portPolicy: 'exact' as const };
  const closers: (() => Promise<void>)[] = [];
  const settings = {
    ...readSettings({
      folder,
      sections: ['broker', 'engine', 'dashboard'],
      overrides: { broker: { port: 0 }, dashboard: { port: 0, firstAdminMustChangePassword: false } },
    }),
    ...(options.historyUrl !== undefined && {
      history: { kind: 'influxdb' as const, url: options.historyUrl, database: 'shelfwise' },
    }),
  };
  const prepared = await prepareDemo({
    folder,
    seed: PLATFORM_SEED,
    site: options.site ?? 'standard',
    clock: systemClock,
  });
  const centre = await startCentre(settings, deps, closers);
  const brokerUrl = `mqtt://127.0.0.1:${String(centre.broker?.port)}`;
  const simulation = await startDemoDevices({ ...deps, folder, prepared, seed: PLATFORM_SEED, brokerUrl });
  closers.push(() => simulation.close());
  const gateway = await startGateway(
    gatewayConfig.parse({
      id: DEMO_GATEWAY,
      library: DEMO_LIBRARY,
      broker: brokerUrl,
      secret: prepared.secrets[DEMO_GATEWAY],
      folder: resolve(folder, 'gateway'),
      readers: simulation.readers,
    }),
    deps,
  );
  closers.push(() => gateway.close());
  const admin = centre.dashboard?.firstAdmin;
  if (centre.dashboard === undefined || admin === undefined) throw new Error('the dashboard made no first account');
  return {
    folder,
    url: centre.dashboard.url,
    admin,
    demo: prepared.demo,
    simulation,
    centre,
    stop: async () => {
      for (const close of closers.reverse()) await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves once `check` gives something; looks four times a second. Errors: after `timeoutMs`, saying what was waited for. */
export async function until<T>(what: string, timeoutMs: number, check: () => T | Promise<T>): Promise<NonNullable<T>> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`waited ${String(timeoutMs)} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
