/**
 * The title lists beside this file: tab-separated, one header line.
 *
 *     titles-<name>.tsv     title, author, year, lcc, ddc, language
 *     titles-chinese.tsv    title, author, year, clc, language
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Title {
  readonly title: string;
  readonly author: string;
  readonly year: number | null;
  readonly language: string;
  /** Call numbers by scheme; absent where the list gives none. */
  readonly callNumbers: Readonly<Partial<Record<'lcc' | 'ddc' | 'clc', string>>>;
}

/** All titles of all lists in `folder`, in the order of the file names. */
export function loadTitles(folder: string = import.meta.dirname): readonly Title[] {
  const names = readdirSync(folder).filter((name) => /^titles-.*\.tsv$/.test(name));
  return names.sort().flatMap((name) => parseTitles(readFileSync(join(folder, name), 'utf8')));
}

/** The rows of one list; a row without a title or a call number is left out. */
export function parseTitles(text: string): readonly Title[] {
  const [header = '', ...lines] = text.split(/\r?\n/);
  const columns = header.split('\t');
  const titles: Title[] = [];
  for (const line of lines) {
    const cells = line.split('\t');
    const cell = (name: string): string => cells[columns.indexOf(name)]?.trim() ?? '';
    const callNumbers: Partial<Record<'lcc' | 'ddc' | 'clc', string>> = {};
    for (const scheme of ['lcc', 'ddc', 'clc'] as const) {
      if (cell(scheme) !== '') callNumbers[scheme] = cell(scheme);
    }
    if (cell('title') === '' || Object.keys(callNumbers).length === 0) continue;
    const year = Number.parseInt(cell('year'), 10);
    titles.push({
      title: cell('title'),
      author: cell('author'),
      year: Number.isNaN(year) ? null : year,
      language: cell('language'),
      callNumbers,
    });
  }
  return titles;
}
