import type { ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { without } from './without.ts';

/** Back to choosing a book. */
export function OtherLink(): ReactElement {
  const { t } = useWords();
  return (
    <Link to="/wand" search={(before) => without(before, 'item')} className="tool">
      {t('wand.other')}
    </Link>
  );
}
