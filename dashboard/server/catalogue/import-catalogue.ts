/**
 * Takes a catalogue in: every row is checked first and put by in a temporary file, so that a file with faults changes
 * nothing and two million rows never stand in memory.
 */
import { closeSync, createWriteStream, openSync, readSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Item } from '#contract/domain/item.ts';
import type { ImportReport } from '#contract/wire/rest-admin.ts';
import { badInput } from '#dashboard/server/api/problem.ts';
import type { RegistryWriter } from '#store/registry/registry.ts';
import type { ParsedRow } from './item-rows.ts';

const FAULTS_REPORTED_MAX = 100;

export interface ImportOptions {
  /** `stop`: one faulty row and nothing changes. `skip`: the good rows become the catalogue. */
  readonly faults: 'stop' | 'skip';
  /** The file knows no tags (MARC): a copy keeps those it has. */
  readonly keepsTags?: boolean;
  /** Only look. */
  readonly isDryRun: boolean;
}

/** Errors: `API_BAD_INPUT` with line and field of the first hundred faults. */
export async function importCatalogue(
  registry: Pick<RegistryWriter, 'importCatalogue' | 'item'>,
  library: string,
  rows: AsyncIterable<ParsedRow>,
  options: ImportOptions,
): Promise<ImportReport> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-catalogue-'));
  try {
    const path = join(folder, 'items.ndjson');
    const report = await putBy(rows, path);
    if (options.isDryRun) return { version: null, ...report };
    if (report.accepted === 0 || (options.faults === 'stop' && report.refusedCount > 0)) {
      const errors = report.refused.map(({ line, field, message }) => ({ path: `line ${line}: ${field}`, message }));
      const sentence = report.accepted === 0 ? 'The file holds no item.' : `${report.refusedCount} rows do not fit.`;
      throw badInput(`${sentence} Nothing was changed.`, errors);
    }
    const tagsOf = options.keepsTags === true ? (barcode: string) => registry.item(library, barcode)?.tags : undefined;
    return { version: await registry.importCatalogue(library, readItems(path, tagsOf)), ...report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function putBy(rows: AsyncIterable<ParsedRow>, path: string): Promise<Omit<ImportReport, 'version'>> {
  const file = createWriteStream(path, { mode: 0o600 });
  const failed = once(file, 'error').then(([error]) => {
    throw error instanceof Error ? error : new Error('the temporary file failed');
  });
  const seen = new Set<string>();
  const refused: ImportReport['refused'] = [];
  let refusedCount = 0;
  for await (const row of rows) {
    const isTwice = 'item' in row && seen.has(row.item.barcode);
    if ('item' in row && !isTwice) {
      seen.add(row.item.barcode);
      if (!file.write(`${JSON.stringify(row.item)}\n`)) await Promise.race([once(file, 'drain'), failed]);
      continue;
    }
    refusedCount += 1;
    const faults = 'item' in row ? [{ line: row.line, field: 'barcode', message: 'comes twice' }] : row.faults;
    refused.push(...faults.slice(0, FAULTS_REPORTED_MAX - refused.length));
  }
  file.end();
  await Promise.race([once(file, 'close'), failed]);
  return { accepted: seen.size, refusedCount, refused };
}

const READ_BYTES = 65_536;

/** The registry takes its rows synchronously, inside transactions; so the file is read that way too. */
function* readItems(
  path: string,
  tagsOf: ((barcode: string) => readonly string[] | undefined) | undefined,
): Generator<Item> {
  const file = openSync(path, 'r');
  const buffer = new Uint8Array(READ_BYTES);
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) {
      const lines = (rest + decoder.decode(buffer.subarray(0, bytes), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const item = JSON.parse(line) as Item;
        yield tagsOf === undefined ? item : { ...item, tags: [...(tagsOf(item.barcode) ?? item.tags)] };
      }
    }
  } finally {
    closeSync(file);
  }
}
