import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { PastFloor } from '#contract/wire/rest-past.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { PastRows, rowsAt } from './past-rows.ts';
import { HOUR_MINUTES, hourOf } from './past-time.ts';

/** The hour that is not over yet goes on growing. */
const REFETCH_MS = 30_000;
/** Browsers count how often an address is rewritten; nobody sends a link while dragging. */
const ADDRESS_MS = 250;
/** An hour plays in half a minute. */
const PLAY_MS = 500;
const MINUTE_MS = 60_000;

export interface Past {
  readonly floor: PastFloor | undefined;
  readonly rows: PastRows;
  readonly hourMs: number;
  readonly error: unknown;
  readonly retry: () => void;
}

/** The hour round a minute, and the floor as it was at that minute. */
export function usePast(floor: string, atMs: number | null): Past {
  const { library, timeZone } = useSession();
  const hourMs = hourOf(atMs ?? 0, timeZone);
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['past', library, floor, hourMs],
    queryFn: ({ signal }) => getJson<PastFloor>(paths.pastFloor(library, floor, hourMs), signal),
    enabled: atMs !== null,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => {
      const { asOf, to } = query.state.data ?? {};
      return asOf != null && to !== undefined && asOf > to ? false : REFETCH_MS;
    },
  });
  const known = isPlaceholderData ? undefined : data;
  const [rows] = useState(() => new PastRows());
  // Before the map is drawn, so that its first picture is already the right one.
  useMemo(() => {
    if (known !== undefined && atMs !== null) rows.show(rowsAt(known, atMs));
  }, [rows, known, atMs]);
  return {
    floor: known,
    rows,
    hourMs,
    error: data === undefined ? error : null,
    retry: () => void refetch(),
  };
}

export interface Minute {
  readonly atMs: number | null;
  readonly isPlaying: boolean;
  readonly go: (atMs: number | null) => void;
  readonly setPlaying: (isPlaying: boolean) => void;
}

/** The minute in view: at once on the map, a moment later in the address. */
export function useMinute(addressMs: number | null, latestMs: number, write: (atMs: number | null) => void): Minute {
  const [shownMs, setShownMs] = useState(addressMs);
  const [isPlaying, setPlaying] = useState(false);
  const written = useRef(addressMs);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const writer = useRef(write);
  writer.current = write;
  useEffect(() => {
    // Back, forward, or a link: the address leads.
    if (addressMs !== written.current) setShownMs(addressMs);
    written.current = addressMs;
  }, [addressMs]);
  const go = useCallback((atMs: number | null) => {
    setShownMs(atMs);
    if (timer.current !== null) clearTimeout(timer.current);
    const leave = (): void => {
      written.current = atMs;
      writer.current(atMs);
    };
    if (atMs === null) leave();
    else timer.current = setTimeout(leave, ADDRESS_MS);
  }, []);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
  const isAtEnd = shownMs === null || shownMs + MINUTE_MS > latestMs;
  useEffect(() => {
    if (!isPlaying || shownMs === null) return;
    if (isAtEnd) {
      setPlaying(false);
      return;
    }
    const next = setTimeout(() => {
      go(shownMs + MINUTE_MS);
    }, PLAY_MS);
    return () => {
      clearTimeout(next);
    };
  }, [isPlaying, shownMs, isAtEnd, go]);
  return { atMs: shownMs, isPlaying: isPlaying && shownMs !== null, go, setPlaying };
}

export const HOUR_MS = HOUR_MINUTES * MINUTE_MS;
