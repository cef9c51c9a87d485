import { useMemo, useSyncExternalStore, type ReactElement } from 'react';
import { useSession } from '#dashboard/web/app/session.tsx';
import { clockText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { useLiveClient, useRoom } from './live-context.tsx';
import type { Freshness } from './freshness.ts';

const WAITING: Freshness = { state: 'waiting', asOf: null };

export function useFreshness(): Freshness {
  const client = useLiveClient();
  return useSyncExternalStore(
    (listener) => client?.onFreshness(listener) ?? (() => undefined),
    () => client?.freshness() ?? WAITING,
  );
}

/**
 * Says on every page whether what it shows is still true. The space room is joined for its pulse: it is the one room
 * everybody may enter.
 */
export function FreshnessNote(): ReactElement {
  const { library } = useSession();
  useRoom(useMemo(() => ({ kind: 'space', library }) as const, [library]));
  const { state, asOf } = useFreshness();
  const { t, language } = useWords();
  const why = t(`live.${state}`);
  const isStale = state === 'silent' || state === 'stopped';
  return (
    <div className="freshness" data-state={state} role="status" aria-live="polite">
      <span className="freshness-dot" aria-hidden="true" />
      <span className="freshness-text">
        {isStale && asOf !== null ? t('live.asOf', { time: clockText(asOf, language), why }) : why}
      </span>
    </div>
  );
}
