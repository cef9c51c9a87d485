/** Libraries of this installation, with their plan and catalogue from files. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import { item } from '#contract/domain/item.ts';
import { plan } from '#contract/domain/plan.ts';
import { localAdmin } from '#dashboard/server/local-admin.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { loadSettings } from '#store/settings/load-settings.ts';
import { exportCatalogue, importFile } from './catalogue-files.ts';
import { type Arguments, type Command, text } from './command.ts';
import { parseCommand } from './device-command.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise library add KEY --name NAME [--isil ISIL] [--time-zone ZONE]
                             [--plan FILE] [--catalogue FILE] [--data FOLDER]
       shelfwise library list [--data FOLDER]
       shelfwise library import KEY FILE [--mapping M] [--skip-faults] [--dry-run] [--data FOLDER]
       shelfwise library export KEY [--format csv|ndjson|marc|marcxml] [--data FOLDER]

Adds a library, or changes the name, ISIL and time zone of one. KEY (a-z, 0-9, hyphens) is chosen once: it is part of
every MQTT topic. "list" prints JSON.

--plan is loaded when its version is higher than the one that is there, --catalogue when there is none yet: what is there
already is left as it is, so that a start script may call this every time. Loading needs the data folder for itself, so
stop the dashboard first, or use its API (PUT /api/v1/libraries/KEY/plan, POST /api/v1/libraries/KEY/catalogue), which
also takes a new catalogue over an old one.

"import" replaces the catalogue by FILE: .csv, .ndjson, .json, MARC (.mrc) or MARCXML (.xml). What does not come in is named on
standard error with its line, or the number of its record. "export" prints the catalogue so that "import" takes it again. MARC
has no tags (an import of MARC leaves a copy those it has) and one record a copy; a record too long for ISO 2709 is named on
standard error and left out, and the command ends with 1.

Options:
  --name NAME        what people read (default: the key)
  --isil ISIL        its ISIL, if it has one
  --time-zone ZONE   an IANA time zone (default UTC)
  --plan FILE        JSON or YAML
  --catalogue FILE   JSON: a list of items
  --mapping M        where MARC records name the copies: koha (the default), koha-unimarc, holdings, alma, folio, cnmarc, or a
                     file of your own
  --skip-faults      take the good rows although others are faulty; with MARC always so
  --dry-run          only look
  --format F         csv (the default), ndjson, marc (ISO 2709, UTF-8) or marcxml
  --data FOLDER      the data folder of the centre (default .data)`;

interface Files {
  readonly plan: z.output<typeof plan> | undefined;
  readonly catalogue: z.output<typeof item>[] | undefined;
}

/** What is not there yet; what is there is looked up without taking the registry away from a running dashboard. */
function readFiles(typed: Arguments, library: string, folder: string): Files {
  const planFile = text(typed, 'plan');
  const catalogueFile = text(typed, 'catalogue');
  if (planFile === undefined && catalogueFile === undefined) return { plan: undefined, catalogue: undefined };
  const wanted = planFile === undefined ? undefined : loadSettings(plan, { file: planFile, env: {} });
  const registry = openRegistryReader(join(folder, 'registry.db'));
  try {
    const planVersion = registry.plan(library)?.version ?? 0;
    const isPlanNew = wanted !== undefined && wanted.version > planVersion;
    if (wanted !== undefined && !isPlanNew) say(`plan version ${planVersion} is there already; nothing was changed`);
    const catalogueVersion = registry.catalogueVersion(library);
    const isCatalogueNew = catalogueFile !== undefined && catalogueVersion === 0;
    if (catalogueFile !== undefined && !isCatalogueNew) say('a catalogue is there already; nothing was changed');
    return {
      plan: isPlanNew ? wanted : undefined,
      catalogue: isCatalogueNew ? readCatalogue(catalogueFile, library) : undefined,
    };
  } finally {
    registry.close();
  }
}

/** Both files are checked before the first of them is loaded. */
async function loadFiles(typed: Arguments, library: string, folder: string): Promise<void> {
  const files = readFiles(typed, library, folder);
  if (files.plan === undefined && files.catalogue === undefined) return;
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  try {
    if (files.plan !== undefined) {
      registry.putPlan(library, files.plan);
      say(`plan version ${files.plan.version} loaded`);
    }
    if (files.catalogue !== undefined) {
      await registry.importCatalogue(library, files.catalogue);
      say(`catalogue loaded: ${files.catalogue.length} items`);
    }
  } finally {
    registry.close();
  }
}

/** A row may leave out whose it is; one of another library is in the wrong file. */
function readCatalogue(file: string, library: string): z.output<typeof item>[] {
  let rows: unknown;
  try {
    rows = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `the catalogue ${file} cannot be read as JSON`, { file }, { cause });
  }
  const row = item.extend({ library: z.literal(library).default(library) });
  const parsed = z.array(row).safeParse(rows);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues
    .slice(0, 20)
    .map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw new AppError('CFG_INVALID', `the catalogue ${file} has faults`, { file, faults });
}

export const libraryCommand: Command = {
  name: 'library',
  summary: 'add or list libraries, load a plan, import and export a catalogue',
  help: HELP,
  wordsMax: 3,
  options: {
    name: { type: 'string' },
    isil: { type: 'string' },
    'time-zone': { type: 'string' },
    plan: { type: 'string' },
    catalogue: { type: 'string' },
    mapping: { type: 'string' },
    format: { type: 'string' },
    'skip-faults': { type: 'boolean' },
    'dry-run': { type: 'boolean' },
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
    if (action === 'import') return importFile(typed, key ?? '', folder);
    if (action === 'export') return exportCatalogue(typed, key ?? '', folder);
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
