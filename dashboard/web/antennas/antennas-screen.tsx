import { useMemo, type ReactElement } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import type { Antennas } from '#contract/wire/rest-calibration.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { AllFloorTabs } from '#dashboard/web/map/floor-tabs.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { AntennaRowView } from './antenna-row.tsx';
import { ReferenceTagList } from './reference-tags.tsx';
import './antennas.css';

const REFETCH_MS = 15_000;

/** How each antenna hears: which are deaf, how loud each is held to be, and what it hears of the shelves round it. */
export function AntennasScreen(): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { floor, antenna } = useSearch({ strict: false });
  const { plan, error: planError, retry } = usePlan();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['antennas', library, floor ?? ''],
    queryFn: ({ signal, pageParam }) =>
      getJson<Antennas>(paths.antennas(library, floor, { cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    refetchInterval: REFETCH_MS,
  });
  const rows = useMemo(() => data?.pages.flatMap((page) => page.rows) ?? [], [data]);
  const deafCount = data?.pages[0]?.deafCount ?? 0;
  const failed = planError ?? (data === undefined ? error : null);
  return (
    <div className="antennas">
      <PageHead
        title={t('antennas.title')}
        summary={
          data && (
            <span className="live">
              <Badge meaning={deafCount === 0 ? 'fine' : 'act'}>
                {deafCount === 0 ? t('antennas.noneDeaf') : t('antennas.deaf', { count: deafCount })}
              </Badge>
            </span>
          )
        }
        tools={
          <>
            <Link to="/devices" className="tool">
              {t('nav.devices')}
            </Link>
            <CsvLink path={paths.antennas(library, floor)} />
          </>
        }
      />
      <p className="muted antennas-hint">{t('antennas.hint')}</p>
      {plan !== undefined && plan.floors.length > 1 && (
        <AllFloorTabs
          plan={plan}
          link={(id, words) => (
            <Link
              key={id ?? 'all'}
              to="/antennas"
              search={id === undefined ? {} : { floor: id }}
              activeOptions={EXACT}
              aria-current={floor === id ? 'page' : undefined}
            >
              {words}
            </Link>
          )}
        />
      )}
      {failed !== null && (
        <FailureNote
          error={failed}
          onRetry={() => {
            retry();
            void refetch();
          }}
        />
      )}
      {failed === null && (data === undefined || plan === undefined) && <PageSkeleton lines={8} />}
      {data !== undefined && rows.length === 0 && <EmptyNote title={t('antennas.empty')} />}
      {plan !== undefined && rows.length > 0 && (
        <ul className="antenna-list live">
          {rows.map((row) => (
            <AntennaRowView key={row.readPoint} row={row} plan={plan} isOpen={row.readPoint === antenna} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <button type="button" className="tool" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('antennas.more')}
        </button>
      )}
      {plan !== undefined && <ReferenceTagList plan={plan} />}
    </div>
  );
}
