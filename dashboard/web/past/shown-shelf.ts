import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { Room } from '#contract/wire/live.ts';
import { useShelfRow } from '#dashboard/web/live/live-context.tsx';
import type { PastRows, ShownShelf } from './past-rows.ts';

/** `null`: what is drawn below is the present. */
export const PastContext = createContext<PastRows | null>(null);

export function useIsPast(): boolean {
  return useContext(PastContext) !== null;
}

const NOTHING = (): void => undefined;

/** One shelf as it is, or as it was where the past is shown; only this component draws again when it changes. */
export function useShownShelf(room: Room | null, shelf: string): ShownShelf | undefined {
  const past = useContext(PastContext);
  const live = useShelfRow(past === null ? room : null, shelf);
  const subscribe = useCallback(
    (listener: () => void) => (past === null ? NOTHING : past.subscribe(shelf, listener)),
    [past, shelf],
  );
  const then = useSyncExternalStore(subscribe, () => past?.get(shelf));
  return past === null ? live : then;
}
