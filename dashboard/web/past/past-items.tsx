import { useMemo, type ReactElement } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PastItem } from '#contract/wire/rest-past.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { VirtualList } from '#dashboard/web/ui/virtual-list.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { atText, dayText, minuteText } from './past-time.ts';

const PAGE_ITEMS = 200;

interface Page {
  readonly rows: readonly PastItem[];
  readonly next: string | null;
}

/** What stood on a shelf at a minute. */
export function PastItems({ shelf, atMs }: { readonly shelf: string; readonly atMs: number }): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: ['past-items', library, shelf, atMs],
    queryFn: ({ pageParam, signal }) =>
      getJson<Page>(paths.pastItems(library, shelf, atMs, { limit: PAGE_ITEMS, cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
  });
  const rows = useMemo(
    () => data?.pages.flatMap((page) => page.rows).toSorted((a, b) => Number(b.misshelved) - Number(a.misshelved)),
    [data],
  );
  if (rows === undefined) {
    return error === null ? <PageSkeleton /> : <FailureNote error={error} onRetry={() => void refetch()} />;
  }
  if (rows.length === 0) return <EmptyNote title={t('past.shelfEmpty')} />;
  return (
    <VirtualList
      rows={rows}
      keyOf={(row) => row.barcode}
      rowPixels={84}
      label={t('past.shelfItems')}
      onEnd={() => {
        if (hasNextPage && !isFetching) void fetchNextPage();
      }}
    >
      {(row) => <PastItemRow row={row} atMs={atMs} />}
    </VirtualList>
  );
}

function PastItemRow({ row, atMs }: { readonly row: PastItem; readonly atMs: number }): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const moment = (at: string): string => {
    const ms = Date.parse(at);
    const time = minuteText(ms, language, timeZone);
    const day = dayText(ms, language, timeZone);
    return day === dayText(atMs, language, timeZone) ? time : `${day} ${time}`;
  };
  return (
    <Link to="/find" search={{ item: row.barcode, at: atText(atMs) }} className="item-row">
      <span className="item-title" lang={row.language || undefined}>
        {row.title}
      </span>
      <span className="item-by">
        <span className="call-number">{row.callNumber}</span>
        {row.author !== '' && <span className="item-author">{row.author}</span>}
      </span>
      <span className="item-facts">
        {row.misshelved && <Badge meaning="act">{t('condition.misshelved')}</Badge>}
        <span className="muted">
          {row.until === null
            ? t('past.since', { from: moment(row.since) })
            : t('past.sinceUntil', { from: moment(row.since), until: moment(row.until) })}
        </span>
      </span>
    </Link>
  );
}
