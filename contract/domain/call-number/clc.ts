/**
 * Chinese Library Classification: the class number character by character (the point is a visual break), then after the
 * slash the number of the book in its class (种次号) as a whole number, or an author number as text; then volume `:2`,
 * edition `=2` and their like, in ASCII order of the sign.
 *
 *     TP391.41/45:2   ->   TP39141 245 :12        A11/45 < A2/13 < B43/6 < B43/11
 *
 * Signs inside the class number stand in ASCII order; the national manual has an order of its own, which a library may
 * want as a setting later.
 *
 * Source: shelving rules of two Chinese university libraries after 中国图书馆分类法.
 */
import type { Result } from '#contract/result.ts';
import { foldCallNumber, integerKey, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

const SHAPE = /^([A-Z]{1,2}[^ /]*)(?:[ /]+(.*))?$/;
/** A blank before the signs, so that `L215:2` comes before `L2156`. */
const BOOK = /^(\d+|[\p{L}]+\d*)((?:[:=\-+#]\d+)*)(.*)$/u;

/** Key of a CLC call number; a class number alone does too. */
export function clcKey(text: string): Result<string, CallNumberError> {
  const match = SHAPE.exec(foldCallNumber(text));
  if (match === null) return keyOrRefusal(undefined, 'a CLC call number begins with a class letter');
  const classKey = (match[1] ?? '').replaceAll('.', '');
  const bookText = match[2] ?? '';
  if (bookText === '') return keyOrRefusal(classKey, '');
  const book = BOOK.exec(bookText);
  if (book === null) return keyOrRefusal(undefined, 'after the slash stands the number of the book or of its author');
  const [, number = '', signs = '', tail = ''] = book;
  const numberKey = /^\d/.test(number) ? integerKey(number) : number;
  const signKeys = [...signs.matchAll(/([:=\-+#])(\d+)/g)].map(
    ([, sign = '', digits = '']) => ` ${sign}${integerKey(digits)}`,
  );
  return keyOrRefusal(`${classKey} ${numberKey}${signKeys.join('')}${tailKey(tail, { wordsAreMarks: true })}`, '');
}
