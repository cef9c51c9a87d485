import type { ReactElement } from 'react';
import { useWords } from '#dashboard/web/words/i18n.ts';

/** The words of a place, broken over lines only between them. */
export function PlaceSteps({ parts }: { readonly parts: readonly string[] }): ReactElement {
  const { t } = useWords();
  return (
    <>
      {parts.map((part, index) => (
        <span key={index} className="step">
          {index > 0 && <span className="step-dot">{t('place.separator')}</span>}
          {part}
        </span>
      ))}
    </>
  );
}
