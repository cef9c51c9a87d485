import type { ReactElement } from 'react';
import { ageOf, ageText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { useNow } from './use-now.ts';

interface Props {
  readonly at: string | null;
  /** Words round the age, with `{{age}}` in them. */
  readonly word?: string;
  /** What to say when there is no time at all. */
  readonly never?: string;
}

/** "seen 2 min. ago"; the full time is in the title. */
export function AgeText({ at, word, never }: Props): ReactElement | null {
  const { t, language } = useWords();
  const nowMs = useNow();
  if (at === null) return never === undefined ? null : <span className="muted">{never}</span>;
  const age = ageText(ageOf(at, nowMs), language, t('age.now'));
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(language)} className="age">
      {word === undefined ? age : t(word, { age })}
    </time>
  );
}
