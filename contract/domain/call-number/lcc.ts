/**
 * Library of Congress: class letters, class number with decimals, date or ordinal, cutters as decimals, year, then
 * volume, number and copy as whole numbers.
 *
 *     QA 76.73 .J38 S56 2004 v.2   ->   QA 276.73 J38 S56 42004 !V 12
 *
 * Source: Library of Congress filing rules as its shelf-list tables apply them (nothing before something).
 */
import type { Result } from '#contract/result.ts';
import { foldCallNumber, integerKey, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

const CLASS = /^([A-Z]{1,3})(?: ?(\d{1,5})(?: ?\.(\d+)(?![A-Z\d]))?)?(?=$|[ .,/:]|[A-Z])/;

/** Key of an LC call number; class letters alone do too, since shelf ends carry such ranges. */
export function lccKey(text: string): Result<string, CallNumberError> {
  const folded = foldCallNumber(text);
  const match = CLASS.exec(folded);
  if (match === null) return keyOrRefusal(undefined, 'an LC call number begins with one to three letters and a number');
  const [head, letters = '', number, decimals] = match;
  const tail = folded.slice(head.length);
  if (number === undefined) {
    return keyOrRefusal(tail === '' ? letters : undefined, 'an LC call number has a class number after its letters');
  }
  const point = decimals === undefined ? '' : `.${decimals}`;
  const style = { wordsAreMarks: false, hasWorkNumbers: letters === 'M' };
  return keyOrRefusal(`${letters} ${integerKey(number)}${point}${tailKey(tail, style)}`, '');
}
