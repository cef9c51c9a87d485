/**
 * How titles and questions become words, the same way on both sides. Latin words lose case and accents; runs of Chinese
 * and Japanese writing become overlapping pairs of characters, since nobody writes spaces there and a trigram index finds
 * nothing for the commonest question, a word of two characters. Simplified and traditional characters stay apart.
 */
export interface SearchWords {
  /** Words outside such runs, in order. */
  readonly words: readonly string[];
  /** Runs of at least two characters. */
  readonly runs: readonly string[];
  /** Every single character of a run, for questions of one character. */
  readonly singles: readonly string[];
}

/** Kana belong to the runs; the long-vowel mark has no script of its own. */
const CJK = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー`;
const RUN_OR_WORD = new RegExp(`[${CJK}]+|(?:(?![${CJK}])[\\p{L}\\p{N}])+`, 'gu');
const IS_RUN = new RegExp(`^[${CJK}]`, 'u');
const MARKS = /\p{M}+/gu;
const NOT_IN_KEY = /[^\p{L}\p{N}]+/gu;
/** Letters that Unicode does not take apart. */
const WHOLE_LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
};
const WHOLE_LETTER = new RegExp(`[${Object.keys(WHOLE_LETTERS).join('')}]`, 'gu');
/** Keys are compared from the front; nobody types more. */
const KEY_CHARS_MAX = 80;
/** A word longer than this is no word, and the index would carry it for ever. */
const WORD_CHARS_MAX = 64;

/** Full-width and ligature forms become plain, accents and case go. */
export function foldText(text: string): string {
  return text
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(MARKS, '')
    .replace(WHOLE_LETTER, (letter) => WHOLE_LETTERS[letter] ?? letter);
}

/** Letters and digits only: `QA76.73 .J38` and `qa7673j38` are the same key. */
export function searchKey(text: string): string {
  return foldText(text)
    .replace(NOT_IN_KEY, '')
    .slice(0, KEY_CHARS_MAX)
    .replace(/\p{Surrogate}$/u, '');
}

export function splitWords(text: string): SearchWords {
  const words: string[] = [];
  const runs: string[] = [];
  const singles: string[] = [];
  for (const [part] of foldText(text).matchAll(RUN_OR_WORD)) {
    if (IS_RUN.test(part)) {
      const characters = Array.from(part);
      singles.push(...characters);
      if (characters.length > 1) runs.push(part);
    } else {
      words.push(Array.from(part).slice(0, WORD_CHARS_MAX).join(''));
    }
  }
  return { words, runs, singles };
}

/** The pairs of a run in order, so that neighbours in the text are neighbours in the index. */
export function pairsOf(run: string): readonly string[] {
  const characters = Array.from(run);
  return characters.slice(0, -1).map((character, index) => character + (characters[index + 1] ?? ''));
}

/** Stands between two runs, so that a question never finds the end of one and the start of the next; no text can hold it. */
const BETWEEN_RUNS = ' · ';

/** Words and pairs as one text for the index. */
export function indexText(text: string): { readonly text: string; readonly singles: string } {
  const { words, runs, singles } = splitWords(text);
  const pairs = runs.map((run) => pairsOf(run).join(' ')).join(BETWEEN_RUNS);
  return { text: [...words, pairs].join(' '), singles: [...new Set(singles)].join(' ') };
}

/** More words than a person types are an attack on the index. */
const QUERY_CHARS_MAX = 200;
const QUERY_TERMS_MAX = 12;
/** A single letter as a prefix would be half the catalogue: it must be a word of its own. */
const PREFIX_CHARS_MIN = 2;

/**
 * The question for FTS5, or `undefined` when nothing searchable is in it. Only letters and digits get in, each term in
 * quotes, so that no operator of the query language can.
 */
export function matchExpression(query: string): string | undefined {
  const { words, runs, singles } = splitWords(query.slice(0, QUERY_CHARS_MAX));
  const terms = words.map((word) => (word.length < PREFIX_CHARS_MIN ? `"${word}"` : `"${word}"*`));
  for (const run of runs) terms.push(`"${pairsOf(run).join(' ')}"`);
  const inRuns = new Set(runs.join(''));
  for (const single of new Set(singles)) if (!inRuns.has(single)) terms.push(`"${single}"`);
  return terms.length === 0 ? undefined : terms.slice(0, QUERY_TERMS_MAX).join(' AND ');
}
