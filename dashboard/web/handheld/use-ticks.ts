import { useCallback, useMemo, useState } from 'react';
import { useSession } from '#dashboard/web/app/session.tsx';
import { readTicks, ticksOf, toggleTick, type Ticks } from './ticks.ts';

const KEPT_KEY = 'shelfwise-sweep-ticks';

function kept(): Ticks {
  try {
    return readTicks(localStorage.getItem(KEPT_KEY));
  } catch {
    return [];
  }
}

export interface Ticked {
  readonly ticked: ReadonlySet<string>;
  readonly toggle: (finding: string) => void;
}

export function useTicks(session: string): Ticked {
  const { library } = useSession();
  const [ticks, setTicks] = useState(kept);
  const sweep = `${library} ${session}`;
  const toggle = useCallback(
    (finding: string) => {
      const next = toggleTick(ticks, sweep, finding);
      setTicks(next);
      try {
        localStorage.setItem(KEPT_KEY, JSON.stringify(next));
      } catch {
        // Storage is full or switched off: the tick holds until the page is closed.
      }
    },
    [ticks, sweep],
  );
  return useMemo(() => ({ ticked: ticksOf(ticks, sweep), toggle }), [ticks, sweep, toggle]);
}
