/** The catalogue of a library out of a file and into one, without a dashboard running. */
import { createReadStream } from 'node:fs';
import { extname, join } from 'node:path';
import { AppError } from '#contract/errors.ts';
import { MARC_MAPPINGS, marcMapping, marcMappingName, type MarcMapping } from '#contract/domain/marc-mapping.ts';
import { importCatalogue } from '#dashboard/server/catalogue/import-catalogue.ts';
import { readItemRows, type CatalogueType } from '#dashboard/server/catalogue/item-rows.ts';
import { exportFormat, writeItems } from '#dashboard/server/catalogue/write-items.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { openRegistryReader } from '#store/registry/registry-reader.ts';
import { openRegistryWriter } from '#store/registry/registry-writer.ts';
import { loadSettings } from '#store/settings/load-settings.ts';
import { LineWriter } from './bench-lines.ts';
import { type Arguments, text } from './command.ts';
import { complain, say } from './terminal.ts';

const TYPE_OF_ENDING: Readonly<Record<string, CatalogueType>> = {
  '.csv': 'text/csv',
  '.ndjson': 'application/x-ndjson',
  '.jsonl': 'application/x-ndjson',
  '.json': 'application/json',
  '.mrc': 'application/marc',
  '.marc': 'application/marc',
  '.iso': 'application/marc',
  '.xml': 'application/marcxml+xml',
};

/** Errors: `API_BAD_INPUT`, `CFG_UNREADABLE`, `STO_UNAVAILABLE` (the dashboard is running: use its API). */
export async function importFile(typed: Arguments, library: string, folder: string): Promise<number> {
  const file = typed.words[2];
  const type = TYPE_OF_ENDING[extname(file ?? '').toLowerCase()];
  if (file === undefined || type === undefined) {
    throw new AppError('API_BAD_INPUT', `a file is wanted, ending in ${Object.keys(TYPE_OF_ENDING).join(', ')}`);
  }
  const mapping = mappingOf(text(typed, 'mapping') ?? 'koha');
  const isMarc = type.includes('marc');
  const faults = isMarc || typed.values['skip-faults'] === true ? 'skip' : 'stop';
  const registry = openRegistryWriter(join(folder, 'registry.db'));
  try {
    if (!registry.libraries().some(({ key }) => key === library)) {
      throw new AppError('API_BAD_INPUT', `there is no library ${library}`);
    }
    const rows = readItemRows(createReadStream(file), type, library, mapping);
    const report = await importCatalogue(registry, library, rows, {
      faults,
      keepsTags: isMarc,
      isDryRun: typed.values['dry-run'] === true,
    });
    for (const { line, field, message } of report.refused) complain(`${file}: ${line}: ${field}: ${message}`);
    say(JSON.stringify({ version: report.version, accepted: report.accepted, refused: report.refusedCount }));
    return 0;
  } finally {
    registry.close();
  }
}

/** The exit code: 1 when a copy was left out. Errors: `API_BAD_INPUT`, `STO_UNAVAILABLE`. */
export async function exportCatalogue(typed: Arguments, library: string, folder: string): Promise<number> {
  const format = exportFormat.safeParse(text(typed, 'format') ?? 'csv');
  if (!format.success) throw new AppError('API_BAD_INPUT', `--format is ${exportFormat.options.join(', ')}`);
  const registry = openRegistryReader(join(folder, 'registry.db'));
  let leftOut = 0;
  try {
    const items = registry.catalogue(library, registry.catalogueVersion(library));
    const pieces = writeItems(items, {
      format: format.data,
      atMs: systemClock.nowMs(),
      onLeftOut(barcode, reason) {
        leftOut += 1;
        complain(`${barcode}: left out: ${reason}`);
      },
    });
    const out = new LineWriter();
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    // A piece ends with a whole record, so never within a character.
    for (const piece of pieces) {
      if (out.isGone) break;
      await out.write(decoder.decode(piece));
    }
    return leftOut > 0 ? 1 : 0;
  } finally {
    registry.close();
  }
}

function mappingOf(given: string): MarcMapping {
  const name = marcMappingName.safeParse(given);
  return name.success ? MARC_MAPPINGS[name.data] : loadSettings(marcMapping, { file: given, env: {} });
}
