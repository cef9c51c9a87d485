import type { ReactElement } from 'react';
import { csvAddress } from '#dashboard/web/api/http.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { DownloadIcon } from './icons.tsx';

export function CsvLink({ path }: { readonly path: string }): ReactElement {
  const { t } = useWords();
  return (
    <a className="tool" href={csvAddress(path)} download>
      <DownloadIcon />
      {t('common.csv')}
    </a>
  );
}
