/**
 * The configuration file: one YAML or JSON document with a section per role, checked whole, all faults at once.
 *
 *     folder: /var/lib/shelfwise        # shared by broker, engine and dashboard; each section may name its own
 *     logLevel: info
 *     history: { kind: influxdb, url: http://influxdb:8086, database: shelfwise, username: shelfwise }
 *     broker: { host: 0.0.0.0, port: 1883 }
 *     dashboard: { host: 0.0.0.0, port: 8080 }
 *
 * Secrets come from the environment, or from a file that a variable with `_FILE` behind its name points to.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { brokerConfig } from '#broker/config.ts';
import { dashboardConfig } from '#dashboard/server/config.ts';
import { engineConfig } from '#engine/config.ts';
import { gatewayConfig } from '#gateway/config.ts';
import { lendingConfig } from '#lending/config.ts';
import { simConfig } from '#sim/config.ts';
import { loadSettings, type SecretSource } from '#store/settings/load-settings.ts';

const SECTIONS = {
  broker: brokerConfig,
  engine: engineConfig,
  dashboard: dashboardConfig,
  gateway: gatewayConfig,
  lending: lendingConfig,
  sim: simConfig,
} as const;
export type Section = keyof typeof SECTIONS;

const DEFAULT_FOLDER = '.data';

const SECRETS: readonly SecretSource[] = [
  { path: 'gateway.secret', env: 'SHELFWISE_GATEWAY_SECRET' },
  { path: 'gateway.local.secret', env: 'SHELFWISE_LOCAL_SECRET' },
  { path: 'lending.gateway.secret', env: 'SHELFWISE_LOCAL_SECRET' },
  { path: 'lending.key', env: 'SHELFWISE_LENDING_KEY' },
  { path: 'lending.ils.secret', env: 'SHELFWISE_ILS_SECRET' },
  { path: 'lending.webhook.secret', env: 'SHELFWISE_WEBHOOK_SECRET' },
  { path: 'history.password', env: 'SHELFWISE_INFLUX_PASSWORD' },
];

const logLevel = z.enum(['debug', 'info', 'warn', 'error']).default('info');

const { history } = dashboardConfig.shape;

export type Settings = {
  readonly [Name in Section]?: z.output<(typeof SECTIONS)[Name]>;
} & {
  readonly folder: string;
  readonly logLevel: z.output<typeof logLevel>;
  /** Written by the engine, read by the dashboard. */
  readonly history: z.output<typeof history>;
};

/** What was typed wins over the file; the file over the defaults. */
export interface SettingsRequest {
  readonly file?: string | undefined;
  readonly folder?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly sections: readonly Section[];
  /** Laid over the sections of the file, for options of the command line. */
  readonly overrides?: Readonly<Partial<Record<Section, Readonly<Record<string, unknown>>>>>;
}

/** Errors: `CFG_UNREADABLE`, `CFG_INVALID` (every fault with its path). */
export function readSettings(request: SettingsRequest): Settings {
  const known = z.strictObject({
    folder: z.string().min(1),
    logLevel,
    history,
    ...Object.fromEntries(
      (Object.keys(SECTIONS) as Section[]).map((name) => [
        name,
        request.sections.includes(name) ? SECTIONS[name] : z.unknown().optional(),
      ]),
    ),
  });
  const wanted = new Set<string>(['history', ...request.sections]);
  return loadSettings(
    z.preprocess((raw) => withDefaults(raw, request), known),
    {
      file: request.file,
      env: process.env,
      // A secret of a role that does not run here has no place in its settings.
      secrets: SECRETS.filter((secret) => wanted.has(secret.path.split('.')[0] ?? '')),
    },
  );
}

/** Gives every wanted section the shared folder and history, and lays the command line's options over it. */
function withDefaults(raw: unknown, request: SettingsRequest): unknown {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return raw;
  const file = raw as Record<string, unknown>;
  const folder = request.folder ?? file['folder'] ?? DEFAULT_FOLDER;
  const filled: Record<string, unknown> = { ...file, folder };
  if (request.logLevel !== undefined) filled['logLevel'] = request.logLevel;
  for (const name of request.sections) {
    const section = file[name] ?? {};
    if (typeof section !== 'object' || Array.isArray(section)) continue;
    filled[name] = { ...sharedBy(name, folder, file['history']), ...section, ...request.overrides?.[name] };
  }
  return filled;
}

/** The web application lies beside the bundle; whoever runs from the source says where it is, or stands above `dist/`. */
function builtWeb(): { readonly web?: string } {
  const folder = fileURLToPath(new URL('./web', import.meta.url));
  return existsSync(folder) ? { web: folder } : {};
}

function sharedBy(name: Section, folder: unknown, history: unknown): Record<string, unknown> {
  if (typeof folder !== 'string') return {};
  switch (name) {
    case 'gateway':
    case 'lending':
    case 'sim':
      // Files of their own beside the centre's: in a library they stand on another machine.
      return { folder: join(folder, name) };
    case 'dashboard':
      return { folder, ...builtWeb(), ...(history === undefined ? {} : { history }) };
    case 'engine':
    case 'broker':
      return { folder };
  }
}

/** Where the system looks for programs. */
export function searchPath(): string {
  return process.env['PATH'] ?? '';
}
