import { useMemo, useState, type ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { GateEventRow } from '#contract/wire/rest-gates.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoom, useRows } from '#dashboard/web/live/live-context.tsx';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { CloseIcon } from '#dashboard/web/ui/icons.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { clockText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { alertOf, FINDING_MEANING } from './gate-words.ts';

/** On every page of the staff: why it sounds, by the title of the book. */
export function GateAlert(): ReactElement | null {
  const { t, language } = useWords();
  const { library } = useSession();
  const room = useMemo(() => ({ kind: 'gates', library }) as const, [library]);
  useRoom(room);
  const rows = useRows<GateEventRow>(room);
  const nowMs = useNow();
  const [dismissedN, setDismissedN] = useState(0);
  const event = rows === null ? null : alertOf(rows.values(), { nowMs, dismissedN });
  return (
    <div role="alert">
      {event !== null && (
        <div className="gate-alert" data-meaning={FINDING_MEANING[event.finding]}>
          <Sign meaning={FINDING_MEANING[event.finding]} />
          <p>
            <strong>
              {t('gates.at', { gate: event.gateName ?? event.gate, time: clockText(event.at, language) })}
            </strong>{' '}
            {t(`gateFinding.${event.finding}`)}
            {t('place.separator')}
            {event.item === null ? (
              t('gates.unknownItem')
            ) : (
              <Link to="/find" search={{ item: event.item }}>
                {event.title ?? event.item}
              </Link>
            )}
          </p>
          <Link to="/gates" className="tool">
            {t('gates.all')}
          </Link>
          <button
            type="button"
            className="plain-button"
            aria-label={t('common.close')}
            onClick={() => {
              setDismissedN(event.n);
            }}
          >
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
