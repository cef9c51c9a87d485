/**
 * Universal Decimal Classification: digit by digit, the point a visual break, and after equal digits first `+`, then `/`,
 * then the number alone, then `:` `=` `(0…)` `(1/9)` `(=…)` `"…"` `*` letters `-0` `-1` `.0` `'`. A mark after a blank
 * orders equal numbers. Shelf practice varies between libraries, so the sequence of the signs is a setting.
 *
 * Source: filing order of UDC (inverse of the citation order), as national libraries publish it.
 */
import type { ShelvingSettings, UdcSign } from '#contract/domain/shelving-settings.ts';
import type { Result } from '#contract/result.ts';
import { foldCallNumber, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

type UdcOrder = ShelvingSettings['udcOrder'];

/** How a sign is found, the longest first; what a lookahead matches stays and counts as content. */
const SIGNS: readonly (readonly [sign: UdcSign, pattern: RegExp])[] = [
  ['+', /^\+/],
  ['/', /^\//],
  [':', /^:+/],
  ['=', /^=/],
  ['(=', /^\(=/],
  ['(0', /^\((?=0)/],
  ['(1', /^\(/],
  ['"', /^"/],
  ['*', /^\*/],
  ['A', /^(?=[A-Z])/],
  ['-0', /^-(?=0)/],
  ['-1', /^-/],
  ['.0', /^\.(?=0)/],
  ["'", /^'/],
];

/** One code for each place of the order, all of them above a blank and below every digit. */
const CODES = '!"#$%&\'()*+,-./';

const NUMBER = /^[\d("=]/;

/** Where a number ends: a bound of a range goes without it, since it covers what begins with its digits. */
export function udcEnd(order: UdcOrder): string {
  return CODES[order.indexOf('.')] ?? '';
}

/** Key of a UDC number. */
export function udcKey(text: string, order: UdcOrder): Result<string, CallNumberError> {
  // Blanks beside a sign are typing; one before letters begins the mark.
  const folded = foldCallNumber(text)
    .replace(/ ?([+/:=*]+) ?/g, '$1')
    .replace(/ (?=["(])/g, '')
    .replace(/[[\]]/g, '');
  const blank = folded.indexOf(' ');
  const number = blank < 0 ? folded : folded.slice(0, blank);
  const mark = blank < 0 ? '' : tailKey(folded.slice(blank), { wordsAreMarks: true });
  if (!NUMBER.test(number)) return keyOrRefusal(undefined, 'a UDC number begins with a digit or an auxiliary');
  return keyOrRefusal(`${numberKey(spellOut(number), order)}${udcEnd(order)}${mark}`, '');
}

/** `523.41/.43` is `523.41/523.43`: the groups that both ends share are left out on the spine. */
function spellOut(number: string): string {
  return number.replace(/(\d[\d.]*)\/\.(\d[\d.]*)/g, (_whole, from: string, short: string) => {
    const groups = from.split('.');
    const ending = short.split('.');
    const shared = groups.slice(0, Math.max(1, groups.length - ending.length));
    return `${from}/${[...shared, ...ending].join('.')}`;
  });
}

function numberKey(number: string, order: UdcOrder): string {
  let key = '';
  let rest = number;
  let isQuoted = false;
  while (rest !== '') {
    const sign = SIGNS.find(([, pattern]) => pattern.test(rest));
    const isClosing = isQuoted && rest.startsWith('"');
    if (rest.startsWith('"')) isQuoted = !isQuoted;
    if (sign !== undefined && !isClosing) {
      key += CODES[order.indexOf(sign[0])] ?? '';
      rest = rest.replace(sign[1], '');
    }
    const run = /^(?:[A-Z]+|\d+(?:\.[1-9]\d*)*|[)".]|.)/u.exec(rest)?.[0] ?? '';
    key += run.replace(/[^A-Z\d]/g, '');
    rest = rest.slice(run.length);
  }
  return key;
}
