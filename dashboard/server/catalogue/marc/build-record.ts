/**
 * One copy as a MARC 21 record of its own: 001 barcode, 008 and 264 year, 008 and 041 language, 100, 245, and the copy in 852.
 * The inverse of reading with the mapping `holdings`.
 *
 * Source: MARC 21 format for bibliographic data; 852 of the format for holdings.
 */
import type { Item } from '#contract/domain/item.ts';
import type { CallNumberScheme } from '#contract/domain/plan.ts';
import { fromMarcLanguage, toMarcLanguage } from './languages.ts';
import type { MarcField, MarcRecord } from './record.ts';

/** Lengths are put in by the format. 05 n new, 06-07 am book, 09 a Unicode, 17 u level unknown. */
const LEADER = '00000nam a2200000u  4500';
/** Delimiters and what no XML may hold. */
// eslint-disable-next-line no-control-regex -- control characters are what it is about
const NOT_TEXT = /[\u0000-\u001f\u007f\ufffe\uffff]|\p{Surrogate}/gu;

/** `enteredOn`: six digits, yymmdd. */
export function buildRecord(item: Item, enteredOn: string): MarcRecord {
  const { language } = item;
  const code = toMarcLanguage(language);
  const isSaid = code === undefined ? language === '' : fromMarcLanguage(code) === language;
  const fields: readonly (MarcField | undefined)[] = [
    ['001', clean(item.barcode)],
    ['008', fixedField(item.year, code ?? '   ', enteredOn)],
    isSaid
      ? undefined
      : dataField('041', ' 7', [
          ['a', language],
          ['2', languageSource(language)],
        ]),
    // 008 has no room for years before our era.
    item.year !== null && item.year <= 0
      ? dataField('046', '  ', [
          ['a', 's'],
          ['b', String(-item.year)],
        ])
      : undefined,
    dataField('100', item.author.includes(',') ? '1 ' : '0 ', [['a', closed(item.author)]]),
    dataField('245', item.author === '' ? '00' : '10', [['a', closed(item.title)]]),
    dataField('264', ' 1', [['c', imprint(item.year)]]),
    copyField(item),
  ];
  return { leader: LEADER, fields: fields.filter((field) => field !== undefined) };
}

type Subfield = readonly [code: string, value: string];

/** Without its empty subfields; `undefined` when none is left. */
function dataField(tag: string, indicators: string, parts: readonly Subfield[]): MarcField | undefined {
  const kept = parts.map(([code, value]) => [code, clean(value)] as const).filter(([, value]) => value !== '');
  return kept.length === 0 ? undefined : [tag, indicators, ...kept.flat()];
}

function clean(text: string): string {
  return text.replace(NOT_TEXT, ' ').trim();
}

/** Readers take one sign of punctuation from the end; where the text has its own, this is the one to be taken. */
function closed(text: string): string {
  const trimmed = clean(text);
  return /[/:;,=]$/.test(trimmed) ? `${trimmed} /` : trimmed;
}

function fixedField(year: number | null, language: string, enteredOn: string): string {
  const isOurEra = year !== null && year > 0;
  const kind = year === null ? 'nuuuu' : isOurEra ? `s${String(year).padStart(4, '0')}` : 'b    ';
  return `${enteredOn}${kind}${kind === 'nuuuu' ? 'uuuu' : '    '}xx ${'|'.repeat(17)}${language}|d`;
}

function imprint(year: number | null): string {
  if (year === null) return '';
  return year > 0 ? String(year).padStart(4, '0') : `${String(-year)} B.C.`;
}

function languageSource(language: string): string {
  return /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/.test(language) ? 'rfc5646' : 'local';
}

const INDICATOR: Readonly<Record<CallNumberScheme, string>> = { lcc: '0', ddc: '1', udc: '7', clc: '7', local: '8' };

function copyField(item: Item): MarcField | undefined {
  const indicator = INDICATOR[item.scheme];
  const [classPart, itemPart] = splitCallNumber(clean(item.callNumber), item.scheme);
  return dataField('852', `${indicator} `, [
    ['2', indicator === '7' ? item.scheme : ''],
    ['b', item.branch],
    ['c', item.collection],
    ['g', item.size ?? ''],
    ['h', classPart],
    ['i', itemPart],
    ['p', item.barcode],
  ]);
}

/** The class, one blank, then the book; what does not look so stays whole, since readers put a blank between the parts. */
const CLASS_PART: Partial<Record<CallNumberScheme, RegExp>> = {
  lcc: /^([A-Z]{1,3} ?\d{1,4}(?:\.\d+)?) (\S.*)$/u,
  ddc: /^(\d{3}(?:\.\d+)?) (\S.*)$/u,
};

function splitCallNumber(callNumber: string, scheme: CallNumberScheme): readonly [string, string] {
  const parts = CLASS_PART[scheme]?.exec(callNumber);
  return parts?.[1] === undefined || parts[2] === undefined ? [callNumber, ''] : [parts[1], parts[2]];
}
