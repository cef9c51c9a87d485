/** Several roles in one process: the whole platform on a laptop, or the centre of a library in one container. */
import { resolve } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { startGateway } from '#gateway/main.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { startLending } from '#lending/main.ts';
import { SITE_NAMES, type SiteName } from '#sim/sites.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { type Arguments, type Command, text, wholeNumber } from './command.ts';
import { readSettings, type Section, type Settings } from './config.ts';
import { DEMO_GATEWAY, DEMO_LIBRARY, layBlankTags, prepareDemo, startDemoDevices } from './demo.ts';
import { createLog } from './log.ts';
import { processMetrics } from './metrics.ts';
import { startCentre, type CentreDeps, type RunningCentre } from './start-centre.ts';
import { say, untilAskedToStop } from './terminal.ts';
import { version } from './version.ts';

const CENTRE = ['broker', 'engine', 'dashboard'] as const;
const ROLES: readonly Section[] = [...CENTRE, 'gateway', 'lending'];
/** A site of its own has a plan of its own, hence a folder of its own. */
const DEMO_FOLDERS: Readonly<Record<SiteName, string>> = {
  standard: '.data/demo',
  'multi-vendor': '.data/multi-vendor',
  'multi-vendor-pairs': '.data/multi-vendor-pairs',
  small: '.data/small',
};
const DEMO_SEED = 20;
const PORT_MAX = 65_535;

const HELP = `Usage: shelfwise up [--demo [--site NAME]] [--roles broker,engine,dashboard,gateway,lending] [options]

Starts several roles in one process. Without --roles: broker, engine and dashboard.
--demo adds a simulated library (readers, sensors, people) and a gateway that reads it; everything listens on
loopback, a taken port gives the next free one, and the data lie in .data/demo.

Options:
  --config FILE     YAML or JSON, a section per role
  --data FOLDER     the data folder (default .data, with --demo .data/demo or one named after the site)
  --site NAME       the demo's readers: standard (default), multi-vendor (one of each family) or
                    multi-vendor-pairs (two of each), small (one reader and the desk)
  --port PORT       the dashboard's port (default 8080; 0 takes any free one)
  --mqtt-port PORT  the broker's port (default 1883; 0 takes any free one)
  --seed NUMBER     another demo library (default ${DEMO_SEED}); needs a data folder of its own
  --log LEVEL       debug, info, warn or error (default info, with --demo warn)

Ctrl-C or SIGTERM ends it cleanly; started again it goes on where it was.`;

function port(typed: Arguments, name: string): Record<string, unknown> {
  const given = wholeNumber(typed, name, PORT_MAX);
  return given === undefined ? {} : { port: given };
}

function wantedRoles(typed: Arguments): readonly Section[] {
  const given = text(typed, 'roles');
  if (given === undefined) return CENTRE;
  const roles = given.split(',');
  const unknown = roles.find((role) => !ROLES.some((known) => known === role));
  if (unknown !== undefined) {
    throw new AppError('API_BAD_INPUT', `--roles: there is no role "${unknown}"; known are ${ROLES.join(', ')}`);
  }
  return roles as Section[];
}

function wantedSite(typed: Arguments): SiteName {
  const given = text(typed, 'site') ?? 'standard';
  const site = SITE_NAMES.find((name) => name === given);
  if (site === undefined) {
    throw new AppError('API_BAD_INPUT', `--site: there is no site "${given}"; known are ${SITE_NAMES.join(', ')}`);
  }
  return site;
}

function settingsFor(typed: Arguments, isDemo: boolean): Settings {
  return readSettings({
    file: text(typed, 'config'),
    folder: text(typed, 'data') ?? (isDemo ? DEMO_FOLDERS[wantedSite(typed)] : undefined),
    logLevel: text(typed, 'log') ?? (isDemo ? 'warn' : undefined),
    sections: isDemo ? CENTRE : wantedRoles(typed),
    overrides: {
      broker: port(typed, 'mqtt-port'),
      // Nobody should have to invent a password before the first look.
      dashboard: { ...port(typed, 'port'), ...(isDemo && { firstAdminMustChangePassword: false }) },
    },
  });
}

/** What a person needs next, in the words of the one who does not know us yet. */
function welcome(settings: Settings, centre: RunningCentre): string {
  const lines = ['', `  Data folder   ${resolve(settings.folder)}`];
  if (centre.broker) lines.push(`  MQTT          mqtt://${settings.broker?.host ?? ''}:${centre.broker.port}`);
  if (centre.dashboard) {
    const first = centre.dashboard.firstAdmin;
    lines.push(
      // Nobody can open "every address of this machine" in a browser.
      `  Shelfwise     ${centre.dashboard.url.replace('//0.0.0.0:', '//localhost:')}`,
      first === undefined
        ? '  Sign in       with the account of the first start (lost it? shelfwise user password NAME)'
        : `  Sign in       name ${first.name}   password ${first.password}   (shown only now)`,
    );
  }
  return [...lines, '', '  Ctrl-C ends it.', ''].join('\n');
}

async function startDemo(
  settings: Settings,
  { seed, site }: { readonly seed: number; readonly site: SiteName },
  deps: CentreDeps,
  closers: (() => Promise<void>)[],
): Promise<RunningCentre> {
  const prepared = await prepareDemo({ folder: settings.folder, seed, site, clock: deps.clock });
  const centre = await startCentre(settings, deps, closers);
  const brokerUrl = `mqtt://127.0.0.1:${centre.broker?.port ?? 0}`;
  const devices = await startDemoDevices({ ...deps, folder: settings.folder, prepared, seed, brokerUrl });
  closers.push(() => devices.close());
  layBlankTags(devices);
  const config = gatewayConfig.parse({
    id: DEMO_GATEWAY,
    library: DEMO_LIBRARY,
    broker: brokerUrl,
    secret: prepared.secrets[DEMO_GATEWAY],
    folder: resolve(settings.folder, 'gateway'),
    readers: devices.readers,
  });
  const gateway = await startGateway(config, { ...deps, version: version() });
  closers.push(() => gateway.close());
  return centre;
}

async function startPlain(
  settings: Settings,
  deps: CentreDeps,
  closers: (() => Promise<void>)[],
): Promise<RunningCentre> {
  const centre = await startCentre(settings, deps, closers);
  if (settings.gateway) {
    const gateway = await startGateway(settings.gateway, { ...deps, version: version() });
    closers.push(() => gateway.close());
  }
  if (settings.lending) {
    const lending = await startLending(settings.lending, deps);
    closers.push(() => lending.close());
  }
  return centre;
}

export const upCommand: Command = {
  name: 'up',
  summary: 'start several roles in one process; --demo with a simulated library',
  help: HELP,
  options: {
    demo: { type: 'boolean' },
    roles: { type: 'string' },
    config: { type: 'string' },
    data: { type: 'string' },
    port: { type: 'string' },
    'mqtt-port': { type: 'string' },
    seed: { type: 'string' },
    site: { type: 'string' },
    log: { type: 'string' },
  },
  run: async (typed) => {
    const isDemo = typed.values['demo'] === true;
    const seed = wholeNumber(typed, 'seed', Number.MAX_SAFE_INTEGER) ?? DEMO_SEED;
    const settings = settingsFor(typed, isDemo);
    const log = createLog(settings.logLevel);
    const deps: CentreDeps = {
      log,
      clock: systemClock,
      metrics: processMetrics(),
      portPolicy: isDemo ? 'next-free' : 'exact',
    };
    const closers: (() => Promise<void>)[] = [];
    const asked = untilAskedToStop();
    try {
      const centre = isDemo
        ? await startDemo(settings, { seed, site: wantedSite(typed) }, deps, closers)
        : await startPlain(settings, deps, closers);
      say(welcome(settings, centre));
      await asked;
      if (process.stdout.isTTY) say('Stopping…');
    } finally {
      for (const close of closers.reverse()) await close();
    }
    return 0;
  },
};
