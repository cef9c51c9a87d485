import type { ReactElement } from 'react';
import { useWords } from '#dashboard/web/words/i18n.ts';

export function Legend(): ReactElement {
  const { t } = useWords();
  return (
    <ul className="legend" aria-label={t('map.legend')}>
      <li>
        <span className="swatch" data-state="live" /> {t('shelf.live')}
      </li>
      <li>
        <svg className="swatch-mark" viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true">
          <path d="M0 -7L7 0L0 7L-7 0Z" />
        </svg>
        {t('shelf.wrong')}
      </li>
      <li>
        <span className="swatch" data-state="dead" /> {t('shelf.silent')}
      </li>
      <li>
        <span className="swatch" data-state="unequipped" /> {t('shelf.unequipped')}
      </li>
    </ul>
  );
}
