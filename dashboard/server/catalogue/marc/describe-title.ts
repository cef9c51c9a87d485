/** Title, author, year and language of a record, as a screen shows them; in the writing of the work where it has that too. */
import type { Item } from '#contract/domain/item.ts';
import type { MarcMapping } from '#contract/domain/marc-mapping.ts';
import { controlValue, fieldsOf, inOwnScript, joined, subfields, type MarcField, type MarcRecord } from './record.ts';

type Title = Pick<Item, 'title' | 'author' | 'year' | 'language'>;

const TITLE_CHARACTERS_MAX = 500;
const AUTHOR_CHARACTERS_MAX = 300;

/** Languages as screens and search know them; others keep their three letters. */
const LANGUAGES: Readonly<Record<string, string>> = {
  chi: 'zh',
  zho: 'zh',
  eng: 'en',
  ger: 'de',
  deu: 'de',
  fre: 'fr',
  fra: 'fr',
  jpn: 'ja',
  rus: 'ru',
  kor: 'ko',
  spa: 'es',
  ita: 'it',
  por: 'pt',
  lat: 'la',
  ara: 'ar',
  dut: 'nl',
  nld: 'nl',
  pol: 'pl',
  cze: 'cs',
  ces: 'cs',
  swe: 'sv',
  dan: 'da',
};

export function describeTitle(record: MarcRecord, family: MarcMapping['family']): Title {
  const title = family === 'marc21' ? ofMarc21(record) : ofUnimarc(record);
  return {
    title: title.title.slice(0, TITLE_CHARACTERS_MAX),
    author: title.author.slice(0, AUTHOR_CHARACTERS_MAX),
    year: yearIn(title.year),
    language: LANGUAGES[title.language] ?? title.language,
  };
}

interface Found {
  readonly title: string;
  readonly author: string;
  /** Candidates, the best first. */
  readonly year: readonly string[];
  readonly language: string;
}

function ofMarc21(record: MarcRecord): Found {
  const shown = (tags: readonly string[], codes: string): string => {
    const field = tags.flatMap((tag) => fieldsOf(record, tag))[0];
    return plain(joined(inOwnScript(record, field) ?? field, codes));
  };
  const fixed = controlValue(record, '008');
  const imprint = ['264', '260'].flatMap((tag) => fieldsOf(record, tag)).flatMap((field) => subfields(field, 'c'));
  const language = /^[a-z]{3}$/.exec(fixed.slice(35, 38))?.[0];
  return {
    title: shown(['245'], 'abnp'),
    author: shown(['100', '110', '111', '700', '710'], 'ab'),
    year: [fixed.slice(7, 11), ...imprint],
    language: language ?? subfields(fieldsOf(record, '041')[0], 'a')[0]?.slice(0, 3) ?? '',
  };
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

/** ISBD puts its points between the parts; at the end of what we show they mean nothing. */
function plain(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\s/:;,=]+$/, '')
    .trim();
}

function yearIn(candidates: readonly string[]): number | null {
  for (const text of candidates) {
    const digits = /(?<!\d)(\d{4})(?!\d)/.exec(text)?.[1];
    if (digits !== undefined && Number(digits) > 0 && Number(digits) <= 2200) return Number(digits);
  }
  return null;
}
