/**
 * Universal Decimal Classification, the simple numbers and the common auxiliaries: digit by digit, the point a visual
 * break, and after equal digits first `+`, then `/`, then the number alone, then `:` `=` `(0…)` `(1/9)` `(=…)` `"…"` `*`
 * letters `-` `'`. A mark after a blank orders equal numbers. Shelf practice varies between libraries.
 *
 * Source: filing order of UDC (inverse of the citation order), as national libraries publish it.
 */
import type { Result } from '#contract/result.ts';
import { foldCallNumber, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

/** Stands where a number ends; above `+` and `/`, below every auxiliary and every digit. */
export const UDC_END = '#';

/** Longest sign first. Every code is below `0`, so that the number alone comes before its subdivisions. */
const SIGNS: readonly (readonly [sign: RegExp, code: string])[] = [
  [/^\+/, '!'],
  [/^[/]/, '"'],
  [/^:+/, '$'],
  [/^=/, '%'],
  [/^\(=/, '('],
  [/^\((?=0)/, '&'],
  [/^\(/, "'"],
  [/^"/, ')'],
  [/^\*/, '*'],
  [/^(?=[A-Z])/, '+'],
  [/^-/, ','],
  [/^'/, '-'],
];

/** Key of a UDC number. */
export function udcKey(text: string): Result<string, CallNumberError> {
  const folded = foldCallNumber(text);
  const blank = folded.indexOf(' ');
  const number = blank < 0 ? folded : folded.slice(0, blank);
  const mark = blank < 0 ? '' : tailKey(folded.slice(blank), { wordsAreMarks: true });
  if (!/^[\d("=]/u.test(number)) return keyOrRefusal(undefined, 'a UDC number begins with a digit or an auxiliary');
  return keyOrRefusal(`${numberKey(number)}${UDC_END}${mark}`, '');
}

function numberKey(number: string): string {
  let key = '';
  let rest = number;
  while (rest !== '') {
    const sign = SIGNS.find(([pattern]) => pattern.test(rest));
    if (sign !== undefined && (!rest.startsWith('"') || !isInsideQuotes(number, rest))) {
      key += sign[1];
      rest = rest.replace(sign[0], '');
    }
    const run = /^(?:[A-Z]+|[\d.]+|[)"]|.)/u.exec(rest)?.[0] ?? '';
    key += run.replace(/[^A-Z\d]/g, '');
    rest = rest.slice(run.length);
  }
  return key;
}

/** The second quotation mark of a pair closes it and has no place in the order. */
function isInsideQuotes(whole: string, rest: string): boolean {
  const before = whole.slice(0, whole.length - rest.length);
  return (before.match(/"/g)?.length ?? 0) % 2 === 1;
}
