/** Languages as screens and search know them, and as MARC writes them; others keep their three letters. */

/** Of two codes for one language the first is the one MARC writes. */
const PAIRS = [
  ['chi', 'zh'],
  ['zho', 'zh'],
  ['eng', 'en'],
  ['ger', 'de'],
  ['deu', 'de'],
  ['fre', 'fr'],
  ['fra', 'fr'],
  ['jpn', 'ja'],
  ['rus', 'ru'],
  ['kor', 'ko'],
  ['spa', 'es'],
  ['ita', 'it'],
  ['por', 'pt'],
  ['lat', 'la'],
  ['ara', 'ar'],
  ['dut', 'nl'],
  ['nld', 'nl'],
  ['pol', 'pl'],
  ['cze', 'cs'],
  ['ces', 'cs'],
  ['swe', 'sv'],
  ['dan', 'da'],
] as const;

const SHORT: ReadonlyMap<string, string> = new Map(PAIRS);
const LONG: ReadonlyMap<string, string> = new Map(PAIRS.toReversed().map(([long, short]) => [short, long]));

export function fromMarcLanguage(code: string): string {
  return SHORT.get(code) ?? code;
}

/** The three letters, if MARC has three for it: of `zh-Hant` those of `zh`. */
export function toMarcLanguage(language: string): string | undefined {
  const [first = ''] = language.split('-', 1);
  return LONG.get(first) ?? (/^[a-z]{3}$/.test(first) ? first : undefined);
}
