/** The simulation as a process of its own. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import type { RunningRole } from '#contract/role.ts';
import { buildDemoLibrary } from '#sim/world/demo-library.ts';
import type { SimConfig } from './config.ts';
import { secretsIn } from './device-secrets.ts';
import { startDemoIls } from './ils/demo-ils.ts';
import { OTHERS_BROKER } from './simulation-options.ts';
import { buildSite } from './sites.ts';
import { startSimulation, type Simulation } from './simulation.ts';
import { startTruthServer } from './truth-server.ts';
import { loadSnapshot, saveSnapshot, writeWorld } from './write-world.ts';

export interface SimDeps {
  readonly log: Logger;
  readonly clock: Clock;
}

export interface RunningSim extends RunningRole {
  readonly simulation: Simulation;
  readonly httpPort: number;
}

/** Builds the library, writes its files, starts every reader and counter, and goes on where the last run was. */
export async function startSim(config: SimConfig, { log, clock }: SimDeps): Promise<RunningSim> {
  const { library, seed, folder, brokerUrl, faults } = config;
  const demo = buildDemoLibrary({ library, seed, site: buildSite(config.site) });
  const restore = await loadSnapshot(folder);
  const simulation = await startSimulation({
    demo,
    seed,
    clock,
    log,
    host: config.host,
    ports: portsOf(demo.site.readers, config.firstPort),
    deviceSecrets: { ...config.deviceSecrets, ...(await secretsIn(config.deviceSecretsFolder)) },
    dwellMs: config.dwellMs,
    sensorPeriodMs: config.sensorPeriodMs,
    ...(brokerUrl !== undefined && { brokerUrl }),
    ...(faults && { faults }),
    ...(restore !== undefined && { restore }),
  });
  const announced = simulation.readers.map((reader) => ({
    ...reader,
    link: reader.link.replace(`//${config.host}:`, `//${config.announcedHost ?? config.host}:`),
  }));
  await writeWorld(folder, demo, { gateway: config.gateway, readers: announced });
  const ils = config.ils && (await startDemoIls({ demo, seed, clock, ...config.ils }));
  const http = await startTruthServer(config.http, simulation, clock, ils);
  const timer = setInterval(() => {
    saveSnapshot(folder, simulation.snapshot()).catch((error: unknown) => {
      log.warn({ error }, 'snapshot not written');
    });
  }, config.snapshotPeriodMs);
  log.info(
    { items: demo.items.length, readers: announced.length, http: http.port, ...(ils && { ils: ils.port }) },
    'simulation running',
  );

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await saveSnapshot(folder, simulation.snapshot());
    await http.close();
    await ils?.close();
    await simulation.close();
  };
  return { simulation, httpPort: http.port, close: () => (closing ??= close()) };
}

/** Fixed ports in the order of the site, the broker of others last; none where any will do. */
function portsOf(readers: readonly { readonly id: string }[], firstPort: number): Readonly<Record<string, number>> {
  if (firstPort === 0) return {};
  return Object.fromEntries([...readers.map(({ id }) => id), OTHERS_BROKER].map((id, n) => [id, firstPort + n]));
}
