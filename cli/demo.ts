/** The demo: a simulated library beside the real roles, in one process, on loopback, with secrets of its own. */
import { randomBytes, createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { startSimulation, type Simulation } from '#sim/simulation.ts';
import { buildSite, type SiteName } from '#sim/sites.ts';
import { buildDemoLibrary, type DemoLibrary } from '#sim/world/demo-library.ts';
import { hasSocat } from '#sim/readers/serial-line.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import { searchPath } from './config.ts';
import { followSweepCommands } from './demo-wand.ts';

export const DEMO_LIBRARY = 'demo';
export const DEMO_GATEWAY = 'gw-main';
const SECRET_BYTES = 32;
/** Lie on the pad of the return desk from the start. A restart makes them blank again: the snapshot keeps no tags. */
const BLANK_TAGS = ['E004010055AA0001', 'E004010055AA0002'] as const;
/** What a killed demo forgets at most of who carried which book where. */
const SNAPSHOT_EVERY_MS = 15_000;

export interface PreparedDemo {
  readonly demo: DemoLibrary;
  /** By device id. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface DemoRequest {
  readonly folder: string;
  readonly seed: number;
  readonly site: SiteName;
  readonly clock: Clock;
}

/** Fills an empty registry with the demo library, and makes sure that its devices can sign in. */
export async function prepareDemo({ folder, seed, site, clock }: DemoRequest): Promise<PreparedDemo> {
  mkdirSync(folder, { recursive: true });
  const demo = buildDemoLibrary({ library: DEMO_LIBRARY, seed, site: buildSite(site) });
  const secrets = demoSecrets(join(folder, 'demo-secrets.json'), [
    DEMO_GATEWAY,
    ...demo.plan.sensors.map((sensor) => sensor.id),
  ]);
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  try {
    registry.putLibrary(demo.library);
    await loadWorld(folder, demo, registry);
    for (const [id, secret] of Object.entries(secrets)) {
      registry.putDevice({
        library: DEMO_LIBRARY,
        id,
        kind: id === DEMO_GATEWAY ? 'gateway' : 'sensor',
        secretSha256: createHash('sha256').update(secret).digest('hex'),
        isEnabled: true,
        createdAtMs: registry.device(DEMO_LIBRARY, id)?.createdAtMs ?? clock.nowMs(),
      });
    }
  } finally {
    registry.close();
  }
  return { demo, secrets };
}

/** A newer program may hold more titles: then the registry gets them as new versions of plan and catalogue. */
async function loadWorld(folder: string, demo: DemoLibrary, registry: RegistryWriter): Promise<void> {
  const file = join(folder, 'demo-world');
  const world = String(demo.fingerprint);
  if (existsSync(file) && readFileSync(file, 'utf8') === world) return;
  const version = (registry.plan(DEMO_LIBRARY)?.version ?? 0) + 1;
  registry.putPlan(DEMO_LIBRARY, { ...demo.plan, version });
  await registry.importCatalogue(DEMO_LIBRARY, demo.items);
  writeFileSync(file, world);
}

function demoSecrets(file: string, devices: readonly string[]): Record<string, string> {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>) : {};
  const secrets = Object.fromEntries(
    devices.map((id) => [id, known[id] ?? randomBytes(SECRET_BYTES).toString('base64url')]),
  );
  writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
  return secrets;
}

export interface DemoRun {
  readonly folder: string;
  readonly prepared: PreparedDemo;
  readonly seed: number;
  readonly brokerUrl: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** For whoever tries the encoding station: tags without content, as a roll of new ones brings them. */
export function layBlankTags(simulation: Pick<Simulation, 'layTag'>): void {
  for (const uid of BLANK_TAGS) simulation.layTag(uid);
}

/** Starts the simulated devices where they stood last time; their state is kept so that a restart goes on. */
export async function startDemoDevices(run: DemoRun): Promise<Simulation> {
  const file = join(run.folder, 'sim-snapshot.json');
  const serialFolder = join(run.folder, 'serial');
  mkdirSync(serialFolder, { recursive: true });
  const simulation = await startSimulation({
    demo: run.prepared.demo,
    seed: run.seed,
    clock: run.clock,
    log: run.log.child({ part: 'sim' }),
    brokerUrl: run.brokerUrl,
    deviceSecrets: run.prepared.secrets,
    hasWand: true,
    // Some readers hang on a serial line where one can be made, as they do in a library.
    ...(hasSocat(searchPath()) && { serialFolder: resolve(serialFolder) }),
    ...(existsSync(file) ? { restore: readFileSync(file, 'utf8') } : {}),
  });
  const save = (): void => {
    // Written beside and renamed, so that a kill in between leaves the old one whole.
    writeFileSync(`${file}.new`, simulation.snapshot());
    renameSync(`${file}.new`, file);
  };
  const timer = setInterval(save, SNAPSHOT_EVERY_MS);
  const wand = followSweepCommands({ folder: run.folder, library: DEMO_LIBRARY }, simulation);
  return {
    ...simulation,
    close: async () => {
      clearInterval(timer);
      wand.close();
      save();
      await simulation.close();
    },
  };
}
