/** Words in front of a call number that name a place or a size: `REF`, `[Folio]`, `q.`, `少儿`. */
import { foldCallNumber } from './key-part.ts';

/** "Ref. Folio" is as much as anybody puts in front. */
const PREFIXES_MAX = 3;

export interface SplitCallNumber {
  /** Folded, words parted by one blank. */
  readonly prefix: string;
  readonly rest: string;
}

const foldedLists = new WeakMap<readonly string[], ReadonlySet<string>>();

/** `undefined` when the text begins with none of the words. */
export function splitPrefix(text: string, words: readonly string[]): SplitCallNumber | undefined {
  let known = foldedLists.get(words);
  if (known === undefined) foldedLists.set(words, (known = new Set(words.map(foldCallNumber))));
  const found: string[] = [];
  let rest = text.trim();
  while (found.length < PREFIXES_MAX) {
    const [whole, word] = nextWord(rest, known);
    if (word === undefined) break;
    found.push(word);
    rest = rest.slice(whole.length);
  }
  return found.length === 0 ? undefined : { prefix: found.join(' '), rest };
}

/** A Latin word ends where its letters end; Chinese is written without blanks, so there the longest known word counts. */
function nextWord(rest: string, known: ReadonlySet<string>): [whole: string, word: string | undefined] {
  const [whole = '', letters = ''] = /^[[({【〔（]?([\p{L}]+)[\])}】〕）.:：/-]*\s*/u.exec(rest) ?? [];
  for (let length = letters.length; length > 0; length -= 1) {
    const word = foldCallNumber(letters.slice(0, length));
    const isWhole = length === letters.length;
    if (known.has(word) && (isWhole || /\p{Script=Han}$/u.test(word))) {
      return [isWhole ? whole : rest.slice(0, rest.indexOf(letters) + length), word];
    }
  }
  return ['', undefined];
}
