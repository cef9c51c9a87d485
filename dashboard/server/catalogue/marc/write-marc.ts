/**
 * Records as ISO 2709 (UTF-8) and as MARCXML. The `marcjs` package lays out ISO 2709 but counts on every length having room in
 * its digits, which is asked here before; its MARCXML leaves control fields unescaped (an `&` in 001), so that is our own.
 */
import { Marc } from 'marcjs';
import { err, ok, type Result } from '#contract/result.ts';
import type { MarcField, MarcRecord } from './record.ts';

/** Five digits for a record, four for a field. */
const RECORD_BYTES_MAX = 99_999;
const FIELD_BYTES_MAX = 9999;

const encoder = new TextEncoder();

/** Errors: a sentence that says what is too long. */
export function encodeIso2709(record: MarcRecord): Result<Uint8Array, string> {
  const long = record.fields.find((field) => fieldBytes(field) > FIELD_BYTES_MAX);
  if (long !== undefined) return err(`field ${long[0] ?? ''} is longer than ${FIELD_BYTES_MAX} bytes`);
  const bytes = encoder.encode(Marc.format(record, 'iso2709'));
  return bytes.length > RECORD_BYTES_MAX ? err(`longer than ${RECORD_BYTES_MAX} bytes`) : ok(bytes);
}

/** Each value with one sign before or after it: delimiters before codes, the terminator after all. */
function fieldBytes(field: MarcField): number {
  const texts = field.slice(1);
  const delimiters = (field[0] ?? '') < '010' ? 0 : Math.floor((texts.length - 1) / 2);
  return encoder.encode(texts.join('')).length + delimiters + 1;
}

export const MARCXML_HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim">\n';
export const MARCXML_END = '</collection>\n';

export function encodeMarcXml(record: MarcRecord): string {
  const fields = record.fields.map((field) => {
    const [tag = '', second = '', ...rest] = field;
    if (tag < '010') return `  <controlfield tag="${escape(tag)}">${escape(second)}</controlfield>\n`;
    const parts: string[] = [];
    for (let i = 0; i + 1 < rest.length; i += 2) {
      parts.push(`    <subfield code="${escape(rest[i] ?? '')}">${escape(rest[i + 1] ?? '')}</subfield>\n`);
    }
    const indicators = `ind1="${escape(second.charAt(0))}" ind2="${escape(second.charAt(1))}"`;
    return `  <datafield tag="${escape(tag)}" ${indicators}>\n${parts.join('')}  </datafield>\n`;
  });
  return `<record>\n  <leader>${escape(record.leader)}</leader>\n${fields.join('')}</record>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? '');
}
