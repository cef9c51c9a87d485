import { useEffect, useState, type ReactElement } from 'react';
import { useSessionMemory } from '#dashboard/web/app/session-memory.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { OutboxState } from './outbox.ts';
import { userOfOutbox, type TickOff } from './tick-offs.ts';

/** Says on the sign-in screen whose work still waits on this device, so that it is not forgotten. */
export function LeftUnsent(): ReactElement | null {
  const { t } = useWords();
  const { outbox } = useSessionMemory();
  const [left, setLeft] = useState<ReadonlyMap<string, number>>(new Map());
  useEffect(() => {
    let isShown = true;
    void outbox.entries<OutboxState<TickOff>>().then((boxes) => {
      const counts = new Map<string, number>();
      for (const [key, { waiting }] of boxes) {
        const name = userOfOutbox(key);
        if (waiting.length > 0) counts.set(name, (counts.get(name) ?? 0) + waiting.length);
      }
      if (isShown) setLeft(counts);
    });
    return () => {
      isShown = false;
    };
  }, [outbox]);
  if (left.size === 0) return null;
  return (
    <div role="status">
      {[...left].map(([name, count]) => (
        <p key={name}>{t('offline.left', { count, name })}</p>
      ))}
    </div>
  );
}
