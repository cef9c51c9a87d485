import { useCallback, useMemo } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SweepDetail, SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { type Asked, useCommandLine } from '#dashboard/web/encode/use-command-line.ts';
import { useRoom, useRoomChange, useRows } from '#dashboard/web/live/live-context.tsx';
import { viewOfDetail, viewOfRows, type SweepView } from './sweep-view.ts';
import { newestFirst } from './wands.ts';

/** A wand that is switched on should be there before anybody looks for another way. */
const WANDS_MS = 4000;
/** What is missing shrinks while the wand goes on; the lists that guide the hand are live anyway. */
const DETAIL_MS = 3000;

interface Answer<T> {
  readonly data: T | undefined;
  /** Only while there is nothing to show. */
  readonly error: unknown;
  readonly retry: () => void;
}

export function useWands(): Answer<WandList['rows']> {
  const { library } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['wands', library],
    queryFn: ({ signal }) => getJson<WandList>(paths.wands(library), signal),
    refetchInterval: WANDS_MS,
  });
  return { data: data?.rows, error: data === undefined ? error : null, retry: () => void refetch() };
}

/** Sweeps of the library, newest first: live, and from REST until the line is there. */
export function useSweeps(): readonly SweepSummary[] | undefined {
  const { library } = useSession();
  const room = useMemo(() => ({ kind: 'sweeps', library }) as const, [library]);
  const isOpen = useRoom(room);
  const rows = useRows<unknown>(isOpen ? room : null);
  const { data } = useQuery({
    queryKey: ['sweeps', library],
    queryFn: ({ signal }) => getJson<{ rows: readonly SweepSummary[] }>(paths.sweeps(library, { limit: 50 }), signal),
  });
  return useMemo(() => {
    if (rows === null) return data && newestFirst(data.rows);
    const live = [...rows].flatMap(([key, row]) => (key.startsWith('sweep:') ? [row as SweepSummary] : []));
    return newestFirst(live);
  }, [rows, data]);
}

export interface SweepAnswer {
  readonly view: SweepView | undefined;
  readonly missing: SweepDetail['missing'] | undefined;
  readonly error: unknown;
  readonly retry: () => void;
}

export function useSweep(session: string): SweepAnswer {
  const { library } = useSession();
  const client = useQueryClient();
  const room = useMemo(() => ({ kind: 'sweep', library, session }) as const, [library, session]);
  const isOpen = useRoom(room);
  const rows = useRows<unknown>(isOpen ? room : null);
  const key = useMemo(() => ['sweep', library, session], [library, session]);
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => getJson<SweepDetail>(paths.sweep(library, session), signal),
    staleTime: DETAIL_MS,
  });
  useRoomChange(
    room,
    useCallback(() => {
      const { dataUpdatedAt = 0 } = client.getQueryState(key) ?? {};
      if (Date.now() - dataUpdatedAt >= DETAIL_MS) void client.invalidateQueries({ queryKey: key });
    }, [client, key]),
  );
  const live = useMemo(() => (rows === null ? null : viewOfRows(rows)), [rows]);
  const asked = useMemo(() => data && viewOfDetail(data), [data]);
  const view = live ?? asked;
  return { view, missing: data?.missing, error: view === undefined ? error : null, retry: () => void refetch() };
}

/** What can be asked of a wand; each ends with the outcome, or throws what the server refused. */
export interface WandCommands {
  readonly start: (wand: string, place: string | undefined) => Asked;
  readonly end: (wand: string) => Asked;
  /** No copies: the search ends. */
  readonly find: (wand: string, barcodes: readonly string[], seconds: number) => Asked;
}

export function useWandCommands(): WandCommands {
  const { library } = useSession();
  const { askById: ask } = useCommandLine();
  return useMemo(
    () => ({
      start: (wand, place) => ask(paths.startSweep(library), { wand, ...(place !== undefined && { place }) }),
      end: (wand) => ask(paths.endSweep(library), { wand }),
      find: (wand, barcodes, seconds) => ask(paths.findOne(library), { wand, barcodes, seconds }),
    }),
    [library, ask],
  );
}
