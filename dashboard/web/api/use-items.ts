import { useMemo } from 'react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import type { ItemSummary } from '#contract/wire/rest.ts';
import { getJson } from './http.ts';
import type { Page } from './paths.ts';

interface ItemPage {
  readonly rows: readonly ItemSummary[];
  readonly next: string | null;
}

export interface Items {
  /** `undefined` until the first page came. */
  readonly rows: readonly ItemSummary[] | undefined;
  readonly hasMore: boolean;
  readonly isOld: boolean;
  readonly error: unknown;
  readonly loadMore: () => void;
  readonly retry: () => void;
}

interface Options {
  readonly key: readonly string[];
  readonly pathOf: (page: Page) => string;
  readonly limit: number;
  readonly isEnabled?: boolean;
  readonly refetchMs?: number;
}

/** A list of items, page by page. */
export function useItems({ key, pathOf, limit, isEnabled = true, refetchMs }: Options): Items {
  const query = useInfiniteQuery({
    queryKey: ['items', ...key],
    queryFn: ({ pageParam, signal }) => getJson<ItemPage>(pathOf({ limit, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    enabled: isEnabled,
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
  });
  const { data, hasNextPage, isFetching, isPlaceholderData, error, fetchNextPage, refetch } = query;
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows), [data]);
  return {
    rows,
    hasMore: hasNextPage,
    isOld: isPlaceholderData,
    error: data === undefined ? error : null,
    loadMore: () => {
      if (hasNextPage && !isFetching) void fetchNextPage();
    },
    retry: () => void refetch(),
  };
}
