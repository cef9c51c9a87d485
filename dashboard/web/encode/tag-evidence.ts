import { readEvidence } from '#contract/codec/tag/evidence.ts';
import type { Words } from '#dashboard/web/words/place-words.ts';
import { formatWord } from './format-word.ts';

/** What speaks for a format, in the reader's language; what this page does not know stays as the gateway says it. */
export function evidenceWord(sentence: string, t: Words): string {
  const known = readEvidence(sentence);
  if (known === undefined) return sentence;
  const { key, value } = known;
  if (value === undefined) return t(`evidence.${key}`);
  return t(`evidence.${key}`, { value: key === 'form' ? formatWord(value, t) : value });
}

/** What the tag was taken for, where it is no item. */
export function recognisedWord(format: string, t: Words): string {
  return format === 'unknown' || format === 'blank' ? t(`recognised.${format}`) : formatWord(format, t);
}
