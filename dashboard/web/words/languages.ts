export interface Language {
  /** BCP 47, as in the file's name. */
  readonly code: string;
  /** In its own script. */
  readonly name: string;
}

const TRADITIONAL = /^zh-(?:hant|tw|hk|mo)\b/i;

/** The first wish that is offered; regions and scripts of Chinese are told apart, since the scripts differ. */
export function chooseLanguage(offered: readonly Language[], wishes: readonly (string | null)[]): string {
  const codes = offered.map((language) => language.code);
  for (const wish of wishes) {
    if (wish === null) continue;
    const match = codes.find((code) => code.toLowerCase() === wish.toLowerCase()) ?? nearest(codes, wish);
    if (match !== undefined) return match;
  }
  return codes[0] ?? 'en';
}

function nearest(codes: readonly string[], wish: string): string | undefined {
  if (/^zh\b/i.test(wish)) {
    const script = TRADITIONAL.test(wish) ? 'zh-Hant' : 'zh-Hans';
    if (codes.includes(script)) return script;
  }
  const base = wish.split('-')[0]?.toLowerCase();
  return codes.find((code) => code.toLowerCase().split('-')[0] === base);
}
