import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import { io } from 'socket.io-client';
import type { Room, ShelfRow, SpaceRow } from '#contract/wire/live.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { LiveClient } from './live-client.ts';

const RECONNECT_MS_MAX = 5000;

const LiveContext = createContext<LiveClient | null>(null);

/** One connection a page, for as long as someone is signed in. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactElement {
  const { session } = useSession();
  const [client, setClient] = useState<LiveClient | null>(null);
  useEffect(() => {
    const socket = io({ transports: ['websocket'], reconnectionDelayMax: RECONNECT_MS_MAX });
    // The page's own monotonic clock: it does not jump when the tablet's clock is set.
    const opened = new LiveClient(socket, () => performance.now());
    setClient(opened);
    return () => {
      opened.close();
      setClient(null);
    };
  }, [session.name]);
  return <LiveContext.Provider value={client}>{children}</LiveContext.Provider>;
}

export function useLiveClient(): LiveClient | null {
  return useContext(LiveContext);
}

const NOTHING = (): (() => void) => () => undefined;

/** Keeps a room joined while the component is on the screen. `true` once its rows can be asked for. */
export function useRoom(room: Room | null): boolean {
  const client = useLiveClient();
  const [opened, setOpened] = useState<string | null>(null);
  const key = room === null ? null : JSON.stringify(room);
  useEffect(() => {
    if (client === null || key === null) return;
    const leave = client.open(JSON.parse(key) as Room);
    setOpened(key);
    return () => {
      setOpened(null);
      leave();
    };
  }, [client, key]);
  return opened !== null && opened === key;
}

/** One shelf of a floor's room that is open; only this component draws again when it changes. */
export function useShelfRow(room: Room | null, key: string): ShelfRow | undefined {
  return useRow(room, key) as ShelfRow | undefined;
}

/** One zone of a space room that is open. */
export function useSpaceRow(room: Room | null, key: string): SpaceRow | undefined {
  return useRow(room, key) as SpaceRow | undefined;
}

function useRow(room: Room | null, key: string): unknown {
  const client = useLiveClient();
  const subscribe = useCallback(
    (listener: () => void) => (client === null || room === null ? NOTHING() : client.onRow(room, key, listener)),
    [client, room, key],
  );
  return useSyncExternalStore(subscribe, () =>
    client === null || room === null ? undefined : client.stateOf(room).rows.get(key),
  );
}

/** All rows of a room that is open. */
export function useRows<T>(room: Room | null): ReadonlyMap<string, T> | null {
  const client = useLiveClient();
  const subscribe = useCallback(
    (listener: () => void) => (client === null || room === null ? NOTHING() : client.onRow(room, null, listener)),
    [client, room],
  );
  return useSyncExternalStore(subscribe, () => {
    if (client === null || room === null) return null;
    const state = client.stateOf(room);
    return state.since === null ? null : (state.rows as ReadonlyMap<string, T>);
  });
}

/** Calls back (at most once a second) when anything in the room changed, for what is fetched again over REST. */
export function useRoomChange(room: Room, onChange: () => void): void {
  const client = useLiveClient();
  const isOpen = useRoom(room);
  const key = JSON.stringify(room);
  const [callback, setCallback] = useState(() => onChange);
  useEffect(() => {
    setCallback(() => onChange);
  }, [onChange]);
  useEffect(() => {
    if (client === null || !isOpen) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const stop = client.onRow(JSON.parse(key) as Room, null, () => {
      timer ??= setTimeout(() => {
        timer = null;
        callback();
      }, REFETCH_MS_MIN);
    });
    return () => {
      stop();
      if (timer !== null) clearTimeout(timer);
    };
  }, [client, isOpen, key, callback]);
}

const REFETCH_MS_MIN = 1000;
