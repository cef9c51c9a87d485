/** Libraries of this installation, with their plan and catalogue from files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { item } from '#contract/domain/item.ts';
import { plan } from '#contract/domain/plan.ts';
import { localAdmin } from '#dashboard/server/local-admin.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { loadSettings } from '#store/settings/load-settings.ts';
import { type Arguments, type Command, text } from './command.ts';
import { parseCommand } from './device-command.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise library add KEY --name NAME [--isil ISIL] [--time-zone ZONE]
                             [--plan FILE] [--catalogue FILE] [--data FOLDER]
       shelfwise library list [--data FOLDER]

Adds a library, or changes the name, ISIL and time zone of one. KEY (a-z, 0-9, hyphens) is chosen once: it is part of
every MQTT topic. --plan and --catalogue (JSON or YAML; a list of items) are loaded as a new version; they need the
data folder for themselves, so stop the dashboard first or use its API (PUT plan, POST catalogue).`;

/** A plan older than the one in the registry would be refused by the engine, so it is not loaded again. */
async function loadFiles(typed: Arguments, library: string, folder: string): Promise<void> {
  const planFile = text(typed, 'plan');
  const catalogueFile = text(typed, 'catalogue');
  if (planFile === undefined && catalogueFile === undefined) return;
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  try {
    if (planFile !== undefined) {
      const wanted = loadSettings(plan, { file: planFile, env: {} });
      const known = registry.plan(library)?.version ?? 0;
      if (wanted.version > known) registry.putPlan(library, wanted);
      say(wanted.version > known ? `plan version ${wanted.version} loaded` : `plan version ${known} is there already`);
    }
    if (catalogueFile !== undefined && registry.catalogueVersion(library) === 0) {
      const version = await registry.importCatalogue(library, readCatalogue(catalogueFile));
      say(`catalogue version ${version} loaded`);
    }
  } finally {
    registry.close();
  }
}

function readCatalogue(file: string): z.output<typeof item>[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `the catalogue ${file} cannot be read as JSON`, { file }, { cause });
  }
  const parsed = z.array(item).safeParse(rows);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 20).map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new AppError('CFG_INVALID', `the catalogue ${file} has faults`, { file, faults });
}

export const libraryCommand: Command = {
  name: 'library',
  summary: 'add or list libraries, load a plan and a catalogue',
  help: HELP,
  options: {
    name: { type: 'string' },
    isil: { type: 'string' },
    'time-zone': { type: 'string' },
    plan: { type: 'string' },
    catalogue: { type: 'string' },
    data: { type: 'string' },
  },
  run: async (typed) => {
    const folder = text(typed, 'data') ?? '.data';
    const [action, key] = typed.words;
    if (action === 'list') {
      const answer = await localAdmin.call(folder, { kind: 'library-list' });
      say(JSON.stringify(answer['rows'], null, 2));
      return 0;
    }
    const command = parseCommand(
      {
        kind: `library-${action ?? ''}`,
        key,
        name: text(typed, 'name') ?? key,
        isil: text(typed, 'isil') ?? null,
        timeZone: text(typed, 'time-zone') ?? 'UTC',
      },
      HELP,
    );
    await localAdmin.call(folder, command);
    say(`library ${key ?? ''} is there`);
    await loadFiles(typed, key ?? '', folder);
    return 0;
  },
};
