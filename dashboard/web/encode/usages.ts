import type { Words } from '#dashboard/web/words/place-words.ts';

/** Types of usage of ISO 28560 that a library writes; 8, a patron's card, is none of them. */
export const USAGES: readonly number[] = [0, 1, 2, 5, 6, 7, 9];

export function usageWord(usage: number, t: Words): string {
  return USAGES.includes(usage) ? t(`usage.${usage}`) : String(usage);
}
