/** Title, author, year and language of a record, as a screen shows them; in the writing of the work where it has that too. */
import type { Item } from '#contract/domain/item.ts';
import type { MarcMapping } from '#contract/domain/marc-mapping.ts';
import { fromMarcLanguage } from './languages.ts';
import { controlValue, fieldsOf, inOwnScript, joined, subfields, type MarcField, type MarcRecord } from './record.ts';

type Title = Pick<Item, 'title' | 'author' | 'year' | 'language'>;

const TITLE_CHARACTERS_MAX = 500;
const AUTHOR_CHARACTERS_MAX = 300;
const LANGUAGE_CHARACTERS_MAX = 16;

export function describeTitle(record: MarcRecord, family: MarcMapping['family']): Title {
  const title = family === 'marc21' ? ofMarc21(record) : ofUnimarc(record);
  return {
    title: title.title.slice(0, TITLE_CHARACTERS_MAX),
    author: title.author.slice(0, AUTHOR_CHARACTERS_MAX),
    year: title.yearBefore ?? yearIn(title.year),
    language: fromMarcLanguage(title.language),
  };
}

interface Found {
  readonly title: string;
  readonly author: string;
  /** Candidates, the best first. */
  readonly year: readonly string[];
  /** Of a work from before our era, which no four digits say. */
  readonly yearBefore?: number | undefined;
  readonly language: string;
}

function ofMarc21(record: MarcRecord): Found {
  const shown = (tags: readonly string[], codes: string): string => {
    const field = tags.flatMap((tag) => fieldsOf(record, tag))[0];
    return plain(joined(inOwnScript(record, field) ?? field, codes));
  };
  const fixed = controlValue(record, '008');
  const imprint = ['264', '260'].flatMap((tag) => fieldsOf(record, tag)).flatMap((field) => subfields(field, 'c'));
  const language = tagOfLanguage(record) ?? /^[a-z]{3}$/.exec(fixed.slice(35, 38))?.[0];
  return {
    title: shown(['245'], 'abnp'),
    author: shown(['100', '110', '111', '700', '710'], 'ab'),
    year: [fixed.slice(7, 11), ...imprint],
    yearBefore: yearBeforeOurEra(record),
    language: language ?? subfields(fieldsOf(record, '041')[0], 'a')[0]?.slice(0, 3) ?? '',
  };
}

/** 041 with a source of its own says more than three letters can, such as `zh-Hant`. */
function tagOfLanguage(record: MarcRecord): string | undefined {
  const field = fieldsOf(record, '041').find(
    (one) => one[1]?.[1] === '7' && ['rfc5646', 'local'].includes(subfields(one, '2')[0] ?? ''),
  );
  return subfields(field, 'a').find((tag) => tag.length <= LANGUAGE_CHARACTERS_MAX);
}

/** 046 $b. */
function yearBeforeOurEra(record: MarcRecord): number | undefined {
  const digits = fieldsOf(record, '046').flatMap((field) => subfields(field, 'b'))[0];
  // The plus makes the zero of year 0 a plain one.
  return digits !== undefined && /^\d{1,4}$/.test(digits) && Number(digits) <= 3000 ? -Number(digits) + 0 : undefined;
}

/** In UNIMARC the title is in its own writing already. */
function ofUnimarc(record: MarcRecord): Found {
  const first = (tag: string): MarcField | undefined => fieldsOf(record, tag)[0];
  const person = ['700', '701', '702', '710', '711'].map(first).find((field) => field !== undefined);
  const coded = subfields(first('100'), 'a')[0] ?? '';
  return {
    title: plain(joined(first('200'), 'ahie')),
    author: plain(person === undefined ? (subfields(first('200'), 'f')[0] ?? '') : joined(person, 'ab')),
    year: [coded.slice(9, 13), ...subfields(first('210'), 'd'), ...subfields(first('214'), 'd')],
    language: subfields(first('101'), 'a')[0]?.slice(0, 3) ?? '',
  };
}

/** ISBD puts its points between the parts; the one at the end of what we show means nothing. A second one is the title's own. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .replace(/[/:;,=]$/, '')
    .trim();
}

function yearIn(candidates: readonly string[]): number | null {
  for (const text of candidates) {
    const digits = /(?<!\d)(\d{4})(?!\d)/.exec(text)?.[1];
    if (digits !== undefined && Number(digits) > 0 && Number(digits) <= 2200) return Number(digits);
  }
  return null;
}
