/**
 * Dewey: three digits, decimals digit by digit, the mark (Cutter-Sanborn decimal or letters of the author), year, then
 * volumes and copies as whole numbers.
 *
 *     005.133 J36 v.12   ->   005.133 J36 !V 212
 *
 * Sections without a number (`FIC SMI`, `B LIN`) have an order only where the library says so.
 *
 * Source: Dewey Decimal Classification, shelving order of class numbers and book numbers.
 */
import type { Result } from '#contract/result.ts';
import { foldCallNumber, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

/** Segmentation marks (`823/.914`, `025.4'3`) show where a number may be cut and have no place in the order. */
const CLASS = /^(\d{3})(?:[/'’]?\.([\d/'’]+))?(?=$|[ .,:/(]|\p{L})/u;

/** Key of a Dewey call number; `sections` as in the settings of the library. */
export function ddcKey(text: string, sections: readonly string[]): Result<string, CallNumberError> {
  const folded = foldCallNumber(text);
  const match = CLASS.exec(folded);
  if (match === null) {
    return keyOrRefusal(sectionKey(folded, sections), 'a Dewey call number begins with three digits');
  }
  const decimals = (match[2] ?? '').replace(/\D/g, '');
  const point = decimals === '' ? '' : `.${decimals}`;
  const tail = tailKey(folded.slice(match[0].length), { wordsAreMarks: true });
  return keyOrRefusal(`${match[1] ?? ''}${point}${tail}`, '');
}

/** `[Fic] SMI` is the same as `FIC SMI`. */
function sectionKey(folded: string, sections: readonly string[]): string | undefined {
  const [whole = '', word] = /^[[(]?([^\s\])]+)[\])]?(?= |$)/.exec(folded) ?? [];
  const rank = sections.findIndex((section) => foldCallNumber(section) === word);
  if (word === undefined || rank < 0) return undefined;
  return `~${String(rank).padStart(2, '0')}${tailKey(folded.slice(whole.length), { wordsAreMarks: true })}`;
}
