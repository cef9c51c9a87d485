/**
 * The pieces shelf keys are made of. Keys compare by plain code units, so every piece is written such that the order of
 * its text is the order on the shelf. A blank ends a piece (nothing before something), and its first character says what
 * it is, from the first to the last on the shelf:
 *
 *     !  volume, number, part, copy      1-9  date or number, its length in front      :  word      ;  work letters
 *     A-Z  cutter or mark, its digits as a decimal      ~  what stands behind everything
 */
import { err, ok, type Result } from '#contract/result.ts';

export interface CallNumberError {
  readonly detail: string;
}

/** Longest whole number we order; nobody prints longer ones on a spine. */
const INTEGER_DIGITS_MAX = 9;

/** Full-width letters, ligatures and case all read the same on a spine. */
export function foldCallNumber(text: string): string {
  return foldWidth(text).toUpperCase();
}

/** As {@link foldCallNumber}, with upper and lower case kept apart. */
export function foldWidth(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[\u201c-\u201f\u300c-\u300f\u301d-\u301f]/g, '"')
    .replace(/[\u2018\u2019]/g, "'")
    .replace(/[〔【]/g, '[')
    .replace(/[〕】]/g, ']')
    .replace(/[〈《]/g, '<')
    .replace(/[〉》]/g, '>')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}

/** A whole number as text that sorts by value: `3` is `13`, `45` is `245`. Longer than nine digits: ordered as the largest. */
export function integerKey(digits: string): string {
  const bare = digits.replace(/^0+(?=\d)/, '');
  return bare.length > INTEGER_DIGITS_MAX ? `9${'9'.repeat(INTEGER_DIGITS_MAX)}` : `${String(bare.length)}${bare}`;
}

export interface TailStyle {
  /** True where a word without digits is an author's mark (Dewey); false where it is a word (LC). */
  readonly wordsAreMarks: boolean;
  /** Music: numbers of a work (`K.240`, `op.7:no.6`) are words, which stand behind dates. */
  readonly hasWorkNumbers?: boolean;
}

/** How the parts of a set are called on spines, mostly without their last letters. */
const VOLUME_WORDS = new Set(
  (
    'V VOL VOLS VOLUME VOLUMES NO NOS NR NUM NUMBER N PT PTS PART PARTS P BD BDE BAND T TOM TOME TOMO TEIL TL C CP COP ' +
    'COPY SUPPL SUPP SUPPLEMENT INDEX SER SERIES FASC FASZ LFG LIVR HFT HEFT H JAHRG JG JAARG ANNEX APPX APPENDIX ATLAS ' +
    'DISC DISK CD DVD BK BOOK KN VYP CZ SV SZ ROC ROCZ SECT ABT CH CHAP EX 卷 册 冊 期 V册 部 辑 輯 集 分册'
  ).split(' '),
);
/** Of these, what in music still is a part of a set and not the number of a work. */
const VOLUMES_OF_MUSIC = new Set(['V', 'VOL', 'VOLUME', 'PT', 'PART', 'BD', 'C', 'COPY', 'SUPPL']);

/** `v.3`, `no. 10`, `NO10`, `vol 3`: letters, perhaps a stop, perhaps a number. */
const LABEL = /^(\p{L}+)(\.?)( ?)(\d*)/u;
const CUTTER = /^(\p{L}+)(\d+)(\p{L}*)/u;
const NUMBER = /^(\d+)(\p{L}*)/u;
const ORDINAL = /^(?:ST|ND|RD|TH|D)$/;
/** Nobody counts editions or congresses beyond; what is longer is a year, and a letter behind it tells works apart. */
const ORDINAL_DIGITS_MAX = 3;
/** Maps of a part of a city: `G3824 .S8:2A7` stands behind all of `.S8`. */
const PART_OF_AREA = /^:(\d+)/;

/** What the piece before was: it decides whether `V2` is a volume or a cutter. */
type Before = 'class' | 'cutter' | 'number' | 'other';

interface Piece {
  readonly key: string;
  readonly length: number;
  readonly before: Before;
}

/** Reads what follows the class number: dates, ordinals, cutters and marks, then volumes, numbers and copies. */
export function tailKey(text: string, style: TailStyle): string {
  let key = '';
  let rest = text;
  let before: Before = 'class';
  for (;;) {
    const area = before === 'cutter' ? PART_OF_AREA.exec(rest) : null;
    const gap = area === null ? (/^[^\p{L}\d]+/u.exec(rest)?.[0] ?? '') : '';
    rest = rest.slice(gap.length);
    if (rest === '') return key;
    const piece: Piece =
      area === null
        ? readPiece(rest, style, { before, hasStop: gap.includes('.') })
        : { key: `~${area[1] ?? ''}`, length: area[0].length, before: 'other' };
    key += ` ${piece.key}`;
    rest = rest.slice(piece.length);
    before = piece.before;
  }
}

function readPiece(
  rest: string,
  style: TailStyle,
  { before, hasStop }: { readonly before: Before; readonly hasStop: boolean },
): Piece {
  const label = LABEL.exec(rest);
  if (label === null) return readNumber(rest);
  const [whole, letters = '', stop = '', blank = '', digits = ''] = label;
  const isGlued = stop === '' && blank === '' && digits !== '';
  const isKnown = VOLUME_WORDS.has(letters);
  // A cutter has one letter: `NO10` is a number of a set, `V2` only where a cutter cannot stand.
  const isGluedVolume =
    isKnown && (letters.length > 1 || (!hasStop && before === (style.wordsAreMarks ? 'cutter' : 'number')));
  const isWorkNumber = style.hasWorkNumbers === true && !VOLUMES_OF_MUSIC.has(letters);
  const length = digits === '' ? letters.length + stop.length : whole.length;
  const number = digits === '' ? '' : ` ${integerKey(digits)}`;
  if (isGlued && !isGluedVolume) return readCutter(rest);
  if (isWorkNumber && digits !== '' && stop !== '') return { key: `:${letters}${number}`, length, before: 'other' };
  const isVolume = digits === '' ? isKnown && letters.length > 1 : isKnown || stop !== '';
  if (isVolume && !isWorkNumber && !(digits !== '' && stop === '' && blank !== '' && letters.length === 1)) {
    return { key: `!${letters}${number}`, length, before: 'other' };
  }
  // A single letter at the end is the beginning of a cutter, as shelf ends print it ("QA76 .A to .F").
  const isMark = style.wordsAreMarks || (letters.length === 1 && rest.length === 1);
  return { key: isMark ? letters : `:${letters}`, length: letters.length, before: isMark ? 'cutter' : 'other' };
}

/** Work letters stand apart from the digits: `.A101m` comes before `.A1011`, and before `.A101 A2`. */
function readCutter(rest: string): Piece {
  const [whole = '', letters = '', digits = '', work = ''] = CUTTER.exec(rest) ?? [];
  const mark = `${letters}${digits}`;
  // `.M37M38`: the next cutter, written without a blank.
  if (/^\d/.test(rest.slice(whole.length))) return { key: mark, length: mark.length, before: 'cutter' };
  return { key: work === '' ? mark : `${mark} ;${work}`, length: whole.length, before: 'cutter' };
}

function readNumber(rest: string): Piece {
  const [whole = rest, digits = '', letters = ''] = NUMBER.exec(rest) ?? [];
  if (/^\d/.test(rest.slice(whole.length))) {
    return { key: integerKey(digits), length: digits.length, before: 'number' };
  }
  const isOrdinal = digits.length <= ORDINAL_DIGITS_MAX && ORDINAL.test(letters);
  return { key: integerKey(digits) + (isOrdinal ? '' : letters), length: whole.length, before: 'number' };
}

/** The key, or a sentence for the list of call numbers that nobody can order. */
export function keyOrRefusal(key: string | undefined, detail: string): Result<string, CallNumberError> {
  return key === undefined ? err({ detail }) : ok(key);
}
