/**
 * MARCXML, record by record as the text arrives. Only what the format needs is read: elements with or without a prefix,
 * attributes in any order, the five entities of XML and numbered ones, comments and CDATA. A document type is refused, since
 * it may define entities that unfold to gigabytes or name files; so nothing of ours ever unfolds.
 *
 * Source: MARC 21 XML schema (MARC21slim).
 */
import { AppError } from '#contract/errors.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { FoundRecord, MarcRecord } from './record.ts';

export const RECORD_CHARACTERS_MAX = 4 * 1024 * 1024;
const OPEN = /<(?:[\w-]+:)?record[\s>]/g;
const CLOSE = /<\/(?:[\w-]+:)?record\s*>/g;
/** The longest piece of an opening or closing tag that may be cut in two by a chunk. */
const OVERLAP = 64;

/** Errors: `API_BAD_INPUT` (a document type). */
export async function* readMarcXml(texts: AsyncIterable<string>): AsyncGenerator<FoundRecord> {
  let rest = '';
  let number = 0;
  let isSkipping = false;
  for await (const text of texts) {
    rest += text;
    for (;;) {
      const begin = isSkipping ? 0 : find(OPEN, rest, 0).start;
      const before = begin < 0 ? rest : rest.slice(0, begin);
      if (!isSkipping && /<!DOCTYPE|<!ENTITY/i.test(before)) {
        throw new AppError('API_BAD_INPUT', 'The file has a document type; MARCXML has none.');
      }
      const { start, end } = begin < 0 ? NOT_FOUND : find(CLOSE, rest, begin);
      if (start >= 0) {
        number += 1;
        yield isSkipping ? tooLong(number) : parsed(rest.slice(begin, end), number);
        isSkipping = false;
        rest = rest.slice(end);
        continue;
      }
      if (begin < 0) rest = rest.slice(-OVERLAP);
      else if (isSkipping || rest.length - begin > RECORD_CHARACTERS_MAX) {
        isSkipping = true;
        rest = rest.slice(-OVERLAP);
      }
      break;
    }
  }
  if (isSkipping) yield tooLong(number + 1);
  else if (find(OPEN, rest, 0).start >= 0) yield { number: number + 1, fault: 'the file ends within the record' };
}

const NOT_FOUND = { start: -1, end: -1 };

function find(pattern: RegExp, text: string, from: number): { readonly start: number; readonly end: number } {
  pattern.lastIndex = from;
  const match = pattern.exec(text);
  return match === null ? NOT_FOUND : { start: match.index, end: match.index + match[0].length };
}

function tooLong(number: number): FoundRecord {
  return { number, fault: `longer than ${RECORD_CHARACTERS_MAX} characters` };
}

function parsed(xml: string, number: number): FoundRecord {
  const record = parseRecord(xml);
  return record.ok ? { number, record: record.value } : { number, fault: record.error };
}

const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)(?:[\w-]+:)?([\w-]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const ATTRIBUTE = /(?:^|\s)(?:[\w-]+:)?([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Errors: a sentence for the list of records that did not come in. */
function parseRecord(xml: string): Result<MarcRecord, string> {
  let leader = '';
  const fields: string[][] = [];
  let field: string[] | undefined;
  let text = '';
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(xml);
    if (token === null) return err(`no XML at character ${at + 1} of the record`);
    const [, cdata, slash, name = '', attributeText = '', isEmpty, plain] = token;
    if (cdata !== undefined) text += cdata;
    else if (plain !== undefined) {
      const decoded = decodeEntities(plain);
      if (decoded === undefined) return err(`an entity that XML does not know at character ${at + 1} of the record`);
      text += decoded;
    } else if (slash === '/' || isEmpty === '/') {
      if (name === 'leader') leader = text;
      else if (name === 'controlfield') field?.push(text);
      else if (name === 'subfield' && slash === '/') field?.push(text);
      text = '';
    }
    if (slash === '' && name !== '') {
      text = '';
      const attributes = readAttributes(attributeText);
      if (name === 'controlfield' || name === 'datafield') {
        const indicators = name === 'datafield' ? [`${attributes['ind1'] ?? ' '}${attributes['ind2'] ?? ' '}`] : [];
        field = [attributes['tag'] ?? '', ...indicators];
        fields.push(field);
      } else if (name === 'subfield') {
        if (field === undefined) return err('a subfield outside a field');
        field.push(attributes['code'] ?? '', ...(isEmpty === '/' ? [''] : []));
      }
    }
  }
  return fields.length === 0 ? err('no fields') : ok({ leader, fields });
}

function readAttributes(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(ATTRIBUTE)].map(([, name = '', double, single]) => [
      name,
      decodeEntities(double ?? single ?? '') ?? '',
    ]),
  );
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** `undefined` for an entity that only a document type could define, and for characters that are none. */
function decodeEntities(text: string): string | undefined {
  const unknown: string[] = [];
  const decoded = text.replace(
    /&(?:#(\d{1,7})|#x([\da-fA-F]{1,6})|(\w+));?|&/g,
    (whole, decimal?: string, hex?: string, name?: string) => {
      const point = decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex, 16) : undefined;
      const character =
        point === undefined
          ? NAMED[name ?? '']
          : point > 0x10ffff || (point >= 0xd800 && point < 0xe000)
            ? undefined
            : String.fromCodePoint(point);
      if (character === undefined) unknown.push(whole);
      return character ?? '';
    },
  );
  return unknown.length === 0 ? decoded : undefined;
}
