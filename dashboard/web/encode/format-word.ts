import type { Words } from '#dashboard/web/words/place-words.ts';

const FORMATS = new Set([
  'iso28560-2',
  'iso28560-3',
  '3m-tag',
  'uii',
  'smartfreq-br',
  'isil-epc',
  'iso-other',
  'epc',
  'uhf-library',
]);

/** A format as its makers call it; one that has no words here goes by its id. */
export function formatWord(format: string, t: Words): string {
  return FORMATS.has(format) ? t(`tagFormat.${format}`) : format;
}
