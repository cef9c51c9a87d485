import type { ReactElement, ReactNode } from 'react';
import type { Whereabouts } from '#contract/wire/rest.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { confidenceWord } from '#dashboard/web/words/confidence.ts';

/** The four meanings a colour has anywhere in the app. Each has its own sign too. */
export type Meaning = 'fine' | 'look' | 'act' | 'unknown';

const SIGN: Record<Meaning, ReactElement> = {
  fine: <path d="M3 6.5l2.2 2.2L9.5 4" />,
  look: <path d="M6 2.5v4.5M6 9.6v.1" />,
  act: <path d="M3.2 3.2l5.6 5.6M8.8 3.2L3.2 8.8" />,
  unknown: <path d="M3.8 4.2c.2-2.6 4.4-2.5 4.3 0C8 5.8 6 5.7 6 7.3M6 9.7v.1" />,
};

export function Sign({ meaning }: { readonly meaning: Meaning }): ReactElement {
  return (
    <svg className="sign" data-meaning={meaning} viewBox="0 0 12 12" width="16" height="16" aria-hidden="true">
      <circle cx="6" cy="6" r="6" />
      {SIGN[meaning]}
    </svg>
  );
}

export function Badge({
  meaning,
  children,
}: {
  readonly meaning: Meaning;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span className="badge" data-meaning={meaning}>
      <Sign meaning={meaning} />
      {children}
    </span>
  );
}

const MEANING = { present: 'fine', departed: 'look', unseen: 'unknown', withheld: 'unknown' } as const;

interface ConditionProps {
  readonly where: Whereabouts;
  /** Whether an antenna listens where the item belongs: without one, silence says nothing. */
  readonly isListenedFor: boolean;
}

/** Where an item stands is one badge; that it is the wrong shelf says more than that it is on one. */
export function ConditionBadge({ where, isListenedFor }: ConditionProps): ReactElement {
  const { t } = useWords();
  if (where.condition === 'unseen' && !isListenedFor)
    return <Badge meaning="unknown">{t('condition.noAntenna')}</Badge>;
  if (where.misshelved && where.condition === 'present')
    return <Badge meaning="act">{t('condition.misshelved')}</Badge>;
  return (
    <>
      <Badge meaning={MEANING[where.condition]}>{t(`condition.${where.condition}`)}</Badge>
      {where.misshelved && <Badge meaning="act">{t('condition.misshelved')}</Badge>}
    </>
  );
}

export function Confidence({ value }: { readonly value: number | null }): ReactElement | null {
  const { t, language } = useWords();
  if (value === null) return null;
  const number = new Intl.NumberFormat(language, { style: 'percent' }).format(value);
  return <span className="confidence">{t(`confidence.${confidenceWord(value)}`, { number })}</span>;
}
