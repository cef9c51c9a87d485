/**
 * The pieces shelf keys are made of. Keys compare by plain code units, so every piece is written such that the order of
 * its text is the order on the shelf: a blank ends a piece (nothing before something), `!` opens a volume (before any
 * further number or letter), whole numbers carry their length in front, decimals stand as they are.
 */
import { err, ok, type Result } from '#contract/result.ts';

export interface CallNumberError {
  readonly detail: string;
}

/** Longest whole number we order; nobody prints longer ones on a spine. */
const INTEGER_DIGITS_MAX = 9;

/** Full-width letters, ligatures and case all read the same on a spine. */
export function foldCallNumber(text: string): string {
  return text.normalize('NFKC').toUpperCase().replace(/\s+/g, ' ').trim();
}

/** A whole number as text that sorts by value: `3` is `13`, `45` is `245`. Longer than nine digits: ordered as the largest. */
export function integerKey(digits: string): string {
  const bare = digits.replace(/^0+(?=\d)/, '');
  return bare.length > INTEGER_DIGITS_MAX ? `9${'9'.repeat(INTEGER_DIGITS_MAX)}` : `${String(bare.length)}${bare}`;
}

export interface TailStyle {
  /** True where a word without digits is an author's mark (Dewey); false where it names a volume (LC). */
  readonly wordsAreMarks: boolean;
}

/** Words that name a part of a set also without a full stop. */
const VOLUME_WORDS = /^(VOL|VOLUME|NO|PT|PART|BD|BAND|COPY|SUPPL|SUPPLEMENT|INDEX|SER)\b\.? ?(\d+)?/;

/** `v.3`, `no. 10`, `c.2`: letters, a full stop, a number. */
const VOLUME_WITH_STOP = /^(\p{L}+)\. ?(\d+)/u;

/** A volume glued to its number, only where a mark came before: as a cutter `V2` is a decimal. */
const VOLUME_GLUED = /^(V|T|C)(\d+)(?=$| )/;

const CUTTER = /^(\p{L}+)(\d+)(\p{L}*)/u;
const NUMBER = /^(\d+)(\p{L}*)/u;
const WORD = /^\p{L}+/u;

/** Reads what follows the class number: dates, ordinals, cutters and marks, then volumes, numbers and copies. */
export function tailKey(text: string, style: TailStyle): string {
  const parts: string[] = [];
  let rest = text;
  while ((rest = rest.replace(/^[^\p{L}\d]+/u, '')) !== '') {
    const [part, length] = readPart(rest, style.wordsAreMarks, parts.length > 0);
    parts.push(part);
    rest = rest.slice(length);
  }
  return parts.map((part) => ` ${part}`).join('');
}

function readPart(rest: string, wordsAreMarks: boolean, isAfterMark: boolean): [part: string, length: number] {
  const volume =
    VOLUME_WORDS.exec(rest) ??
    VOLUME_WITH_STOP.exec(rest) ??
    (wordsAreMarks && isAfterMark ? VOLUME_GLUED.exec(rest) : null);
  if (volume !== null) {
    const [whole, label = '', digits] = volume;
    return [`!${label}${digits === undefined ? '' : ` ${integerKey(digits)}`}`, whole.length];
  }
  const cutter = CUTTER.exec(rest);
  if (cutter !== null) return [cutter[0], cutter[0].length];
  const number = NUMBER.exec(rest);
  if (number !== null) return [integerKey(number[1] ?? '') + (number[2] ?? ''), number[0].length];
  const word = WORD.exec(rest)?.[0] ?? rest;
  // A single letter is the beginning of a cutter, as shelf ends print it ("QA76 .A to .F").
  return [wordsAreMarks || word.length === 1 ? word : `!${word}`, word.length];
}

/** The key, or a sentence for the list of call numbers that nobody can order. */
export function keyOrRefusal(key: string | undefined, detail: string): Result<string, CallNumberError> {
  return key === undefined ? err({ detail }) : ok(key);
}
