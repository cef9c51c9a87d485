import { useQuery } from '@tanstack/react-query';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useSession } from '#dashboard/web/app/session.tsx';

export interface CatalogueItem {
  readonly item: ItemDetail | undefined;
  /** The catalogue has no such barcode. */
  readonly isUnknown: boolean;
  readonly error: unknown;
  readonly retry: () => void;
}

/** What the catalogue says of a barcode; nothing is asked for `null`. */
export function useItem(barcode: string | null): CatalogueItem {
  const { library } = useSession();
  const { data, error, refetch } = useQuery({
    queryKey: ['item', library, barcode],
    queryFn: ({ signal }) => getJson<ItemDetail>(paths.item(library, barcode ?? ''), signal),
    enabled: barcode !== null,
  });
  const isUnknown = error instanceof ProblemError && error.status === 404;
  return { item: data, isUnknown, error: isUnknown || data !== undefined ? null : error, retry: () => void refetch() };
}
