/**
 * Chinese Library Classification: the class number character by character (the point is a visual break), then after the
 * slash the number of the book in its class (种次号) as a whole number, or an author's number; then volume `:2`,
 * edition `=2` and their like, in ASCII order of the sign.
 *
 *     TP391.41/45:2   ->   TP39141 245 :12        A11/45 < A2/13 < B43/6 < B43/11
 *
 * Where the signs inside the class number (`-` `(…)` `"…"` `=` `:` `+` `<…>` `a`) stand is a setting of the library.
 * Brackets around the class number (`[D73]`, `{D73}`) mark alternative classes and do not count.
 *
 * Source: shelving rules of two Chinese libraries after 中国图书馆分类法.
 */
import { CLC_ORDERS, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import type { Result } from '#contract/result.ts';
import { foldWidth, integerKey, keyOrRefusal, tailKey, type CallNumberError } from './key-part.ts';

/** The letters of a class, then whatever is neither a blank nor the slash. */
const SHAPE = /^([A-Za-z]{1,2}[^ /]*)(?:[ /]+(.*))?$/;
/** What may stand in a class number; letters after the digits name languages and the like (`TP312JA`). */
const CLASS = /^[A-Z]{1,2}[A-Z\d.()"=:+<>\-a]*$/;
/** A blank before the signs, so that `L215:2` comes before `L2156`. */
const BOOK = /^(\d+|\p{L}+\d*)((?:[:=\-+#]\d+)*)(.*)$/u;

type ClcSettings = Pick<ShelvingSettings, 'clcOrder' | 'clcBookNumbers' | 'clcAuthorNumbers'>;

/** Key of a CLC call number; a class number alone does too. */
export function clcKey(text: string, settings: ClcSettings): Result<string, CallNumberError> {
  const match = SHAPE.exec(foldWidth(text).replace(/^[[{]([^\]}]*)[\]}]/, '$1'));
  const classText = upperCase(match?.[1] ?? '');
  if (match === null || !CLASS.test(classText)) {
    return keyOrRefusal(undefined, 'a CLC call number begins with a class letter');
  }
  const classKey = keyOfClass(classText, settings.clcOrder);
  const bookText = (match[2] ?? '').toUpperCase();
  if (bookText === '') return keyOrRefusal(classKey, '');
  const book = BOOK.exec(bookText);
  if (book === null) return keyOrRefusal(undefined, 'after the slash stands the number of the book or of its author');
  const [, number = '', signs = '', tail = ''] = book;
  const signKeys = [...signs.matchAll(/([:=\-+#])(\d+)/g)].map(
    ([, sign = '', digits = '']) => ` ${sign}${integerKey(digits)}`,
  );
  const tailText = tailKey(withPlainVolumes(tail), { wordsAreMarks: true });
  return keyOrRefusal(`${classKey} ${bookKey(number, settings)}${signKeys.join('')}${tailText}`, '');
}

/** A lone `a` behind a digit is the sign for recommended works, but only where the class itself is in capitals. */
function upperCase(text: string): string {
  if (!/^[A-Z]/.test(text)) return text.toUpperCase();
  return text.replace(/[a-z]/g, (letter, at: number) =>
    letter === 'a' && /\d/.test(text[at - 1] ?? '') && !/[a-z]/i.test(text[at + 1] ?? '') ? 'a' : letter.toUpperCase(),
  );
}

function bookKey(number: string, settings: ClcSettings): string {
  if (/^\d/.test(number)) return settings.clcBookNumbers === 'integer' ? integerKey(number) : number;
  if (settings.clcAuthorNumbers === 'decimal') return number;
  return number.replace(/\d+$/, (digits) => ` ${integerKey(digits)}`);
}

const VOLUME = /第?([上中下]|[一二三四五六七八九十]{1,3}|\d{1,4}) ?[册冊卷部集编編篇辑輯期]/gu;
const OF_THREE = '上中下';
const NUMERALS = '一二三四五六七八九';

/** `上册` and `第十二卷` say a number, and their characters stand in another order than what they mean. */
function withPlainVolumes(tail: string): string {
  return tail.replace(VOLUME, (_whole, text: string) => {
    if (/\d/.test(text)) return ` V.${text} `;
    if (OF_THREE.includes(text)) return ` V.${OF_THREE.indexOf(text) + 1} `;
    const [tens, ones] = text.includes('十') ? text.split('十') : ['', text];
    const tensDigit = text.includes('十') ? NUMERALS.indexOf(tens === '' ? '一' : (tens ?? '')) + 1 : 0;
    return ` V.${tensDigit * 10 + (ones === '' ? 0 : NUMERALS.indexOf(ones ?? '') + 1)} `;
  });
}

/** Codes for signs before and behind the digits; `!` closes a pair, below all. */
const CODES_BEFORE = '"#$%&\'()*+';
const CODES_BEHIND = ':;<=>?@[\\]';
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '<': '>', '"': '"' };

function keyOfClass(classText: string, setting: string): string {
  const code = codesOf(setting);
  let key = '';
  const open: string[] = [];
  for (const character of classText) {
    if (character === '.') continue;
    if (open.length > 0 && open.at(-1) === character) {
      open.pop();
      key += '!';
      continue;
    }
    const closing = CLOSING[character];
    if (closing !== undefined) open.push(closing);
    key += code.get(character) ?? (character === ')' ? '!' : character);
  }
  // What ends with its last bracket is the same as what ends inside it.
  return key.replace(/!+$/, '');
}

const knownCodes = new Map<string, ReadonlyMap<string, string>>();

function codesOf(setting: string): ReadonlyMap<string, string> {
  const order = setting === 'ascii' || setting === 'manual' ? CLC_ORDERS[setting] : setting;
  const known = knownCodes.get(order);
  if (known !== undefined) return known;
  const digits = order.indexOf('0');
  const codes = new Map<string, string>();
  Array.from(order.slice(0, digits)).forEach((sign, i) => codes.set(sign, CODES_BEFORE[i] ?? ''));
  Array.from(order.slice(digits + 1)).forEach((sign, i) => codes.set(sign, CODES_BEHIND[i] ?? ''));
  knownCodes.set(order, codes);
  return codes;
}
