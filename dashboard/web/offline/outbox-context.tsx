import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useSessionMemory } from '#dashboard/web/app/session-memory.tsx';
import { Outbox, type OutboxState } from './outbox.ts';
import { keyOfOutbox, newId, tickOffSender, type TickOff } from './tick-offs.ts';

const NOTHING: OutboxState<TickOff> = { waiting: [], refused: [] };

const OutboxContext = createContext<Outbox<TickOff> | null>(null);

/** Opens what this person has left unsent in each of their libraries, and sends it whenever the line is there. */
export function OutboxProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const { session, library } = useSession();
  const client = useQueryClient();
  const { outbox: store } = useSessionMemory();
  const [boxes, setBoxes] = useState<ReadonlyMap<string, Outbox<TickOff>>>(new Map());
  const user = session.name;
  const libraries = session.libraries.map(({ key }) => key).join(' ');
  const isRemembered = session.keptAtMs !== undefined;

  useEffect(() => {
    const opened = new Map(
      libraries.split(' ').map((key) => {
        const send = tickOffSender({ client, user, library: key });
        const name = keyOfOutbox(user, key);
        return [key, new Outbox({ store, key: name, send, alone: (work) => alone(name, work) })] as const;
      }),
    );
    setBoxes(opened);
    for (const box of opened.values()) void box.open().then(() => box.flush());
    return () => {
      for (const box of opened.values()) box.close();
    };
  }, [client, store, user, libraries]);

  // The line is back: first what waits goes out, then everything on the screen is asked for again.
  const wasRemembered = useRef(isRemembered);
  useEffect(() => {
    if (!isRemembered && wasRemembered.current) {
      void Promise.all([...boxes.values()].map((box) => box.flush())).then(() => client.invalidateQueries());
    }
    wasRemembered.current = isRemembered;
  }, [boxes, isRemembered, client]);
  useEffect(() => {
    const flush = (): void => {
      for (const box of boxes.values()) void box.flush();
    };
    addEventListener('online', flush);
    return () => {
      removeEventListener('online', flush);
    };
  }, [boxes]);

  return <OutboxContext.Provider value={boxes.get(library) ?? null}>{children}</OutboxContext.Provider>;
}

export interface TickOffs extends OutboxState<TickOff> {
  /** `false` when the device cannot take any more. */
  readonly add: (tickOff: TickOff) => Promise<boolean>;
  readonly forgetRefused: () => void;
}

export function useTickOffs(): TickOffs {
  const outbox = useContext(OutboxContext);
  const state = useSyncExternalStore(
    useCallback((listener) => outbox?.onChange(listener) ?? (() => undefined), [outbox]),
    () => outbox?.state() ?? NOTHING,
  );
  return useMemo(
    () => ({
      ...state,
      add: async (tickOff: TickOff) => {
        const isIn = (await outbox?.add({ id: newId(), at: new Date().toISOString(), body: tickOff })) ?? false;
        void outbox?.flush();
        return isIn;
      },
      forgetRefused: () => void outbox?.forgetRefused(),
    }),
    [state, outbox],
  );
}

/** Pages of one device share an outbox; browsers without locks (plain http) may send twice, which the id makes harmless. */
async function alone(name: string, work: () => Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) {
    await work();
    return true;
  }
  return navigator.locks.request(`shelfwise ${name}`, { ifAvailable: true }, async (lock) => {
    if (lock !== null) await work();
    return lock !== null;
  });
}
