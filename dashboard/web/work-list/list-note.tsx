import type { ReactElement } from 'react';
import { Button } from '@mantine/core';
import { useTickOffs } from '#dashboard/web/offline/outbox-context.tsx';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { clockText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';

interface Props {
  readonly isOffline: boolean;
  /** Up to when the list is true; `null` before the first. */
  readonly asOf: string | null;
}

/** How old the list is without a line, what still waits to be sent, and what the server would not take. */
export function ListNote({ isOffline, asOf }: Props): ReactElement {
  const { t, language } = useWords();
  const { waiting, refused, forgetRefused } = useTickOffs();
  return (
    <>
      <div role="status" className="list-notes">
        {isOffline && (
          <p className="list-note" data-meaning="look">
            <Sign meaning="look" />
            <span>
              <strong>
                {asOf === null ? t('offline.now') : t('offline.asOf', { time: clockText(asOf, language) })}
              </strong>{' '}
              {waiting.length === 0 ? t('offline.goOn') : t('offline.waiting', { count: waiting.length })}
            </span>
          </p>
        )}
        {!isOffline && waiting.length > 0 && <p className="muted">{t('offline.sending', { count: waiting.length })}</p>}
      </div>
      {refused.length > 0 && (
        <div role="alert" className="list-note" data-meaning="act">
          <Sign meaning="act" />
          <div>
            <p>
              <strong>{t('offline.refused', { count: refused.length })}</strong>
            </p>
            <ul>
              {refused.map(({ entry, status }) => (
                <li key={entry.id}>
                  {t(refusalWord(status), { title: entry.body.title, time: clockText(entry.at, language) })}
                </li>
              ))}
            </ul>
            <Button variant="default" onClick={forgetRefused}>
              {t('offline.refusedSeen')}
            </Button>
          </div>
        </div>
      )}
    </>
  );
}

const CONFLICT = 409;
const NOT_FOUND = 404;
const FORBIDDEN = 403;

function refusalWord(status: number): string {
  if (status === CONFLICT || status === NOT_FOUND) return 'offline.refused.changed';
  return status === FORBIDDEN ? 'offline.refused.forbidden' : 'offline.refused.other';
}
