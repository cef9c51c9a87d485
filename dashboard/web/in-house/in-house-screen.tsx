import { useId, type ReactElement } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { InHouseUses } from '#contract/wire/rest-in-house.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { dayOf } from '#dashboard/web/space/people.ts';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { PARTS, readUse, type Use } from './use-search.ts';
import './in-house.css';

/** What is read in the house: taken from a shelf and put back without a loan, as librarians report it. */
export function InHouseScreen(): ReactElement {
  const { t, language } = useWords();
  const { library, timeZone } = useSession();
  const today = dayOf(new Date(useNow()), timeZone);
  const { from, to, by } = useSearch({ strict: false });
  const use = readUse({ from, to, by }, today);
  const { plan, error: planError, retry } = usePlan();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['in-house', library, use.from, use.to, use.by.join(',')],
    queryFn: ({ signal, pageParam }) =>
      getJson<InHouseUses>(paths.inHouse(library, use, { cursor: pageParam }), signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  const [first] = data?.pages ?? [];
  const rows = data?.pages.flatMap((page) => page.rows) ?? [];
  const failed = planError ?? (data === undefined ? error : null);
  const number = new Intl.NumberFormat(language);
  return (
    <div className="in-house">
      <PageHead
        title={t('inHouse.title')}
        summary={first && <span>{t('inHouse.total', { count: first.total, number: number.format(first.total) })}</span>}
        tools={
          <>
            <Link to="/space" className="tool">
              {t('nav.space')}
            </Link>
            <CsvLink path={paths.inHouse(library, use)} />
          </>
        }
      />
      <Choices use={use} today={today} />
      <p className="muted in-house-hint">
        {t('inHouse.hint')}{' '}
        {typeof first?.countedSince === 'string' &&
          t('inHouse.since', {
            day: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone }).format(
              new Date(first.countedSince),
            ),
          })}
      </p>
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
      {data !== undefined && rows.length === 0 && (
        <EmptyNote title={t(first?.countedSince === null ? 'inHouse.never' : 'inHouse.empty')} />
      )}
      {plan !== undefined && rows.length > 0 && <Table rows={rows} use={use} plan={plan} />}
      {hasNextPage && (
        <button type="button" className="tool" disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('antennas.more')}
        </button>
      )}
    </div>
  );
}

/** Days and what the rows are split by; all of it stands in the address. */
function Choices({ use, today }: { readonly use: Use; readonly today: string }): ReactElement {
  const { t } = useWords();
  const navigate = useNavigate();
  const [fromId, toId] = [useId(), useId()];
  const go = (next: Use): void => {
    void navigate({ to: '/in-house', search: { from: next.from, to: next.to, by: next.by.join(',') }, replace: true });
  };
  return (
    <div className="in-house-choices">
      <label className="day" htmlFor={fromId}>
        {t('inHouse.from')}
        <input
          id={fromId}
          type="date"
          value={use.from}
          max={use.to}
          onChange={({ currentTarget: { value } }) => {
            if (value !== '') go({ ...use, from: value });
          }}
        />
      </label>
      <label className="day" htmlFor={toId}>
        {t('inHouse.to')}
        <input
          id={toId}
          type="date"
          value={use.to}
          min={use.from}
          max={today}
          onChange={({ currentTarget: { value } }) => {
            if (value !== '') go({ ...use, to: value });
          }}
        />
      </label>
      <div role="group" aria-label={t('inHouse.by')} className="in-house-parts">
        {PARTS.map((part) => {
          const isOn = use.by.includes(part);
          const next = PARTS.filter((other) => (other === part ? !isOn : use.by.includes(other)));
          return (
            <button
              key={part}
              type="button"
              className="tool"
              aria-pressed={isOn}
              disabled={next.length === 0}
              onClick={() => {
                go({ ...use, by: next });
              }}
            >
              {t(`usePart.${part}`)}
            </button>
          );
        })}
      </div>
    </div>
  );
}

interface TableProps {
  readonly rows: InHouseUses['rows'];
  readonly use: Use;
  readonly plan: PlanIndex;
}

function Table({ rows, use, plan }: TableProps): ReactElement {
  const { t, language } = useWords();
  const number = new Intl.NumberFormat(language);
  // A date without a time is midnight in UTC: written in that zone it stays the day it is.
  const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
  const most = Math.max(...rows.map(({ uses }) => uses));
  return (
    <DataTable
      label={t('inHouse.title')}
      columns={[
        ...use.by.map((part) => ({ words: t(`usePart.${part}`) })),
        { words: t('inHouse.uses'), isNumber: true },
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.day ?? ''} ${row.shelf ?? ''} ${row.scheme ?? ''} ${row.class ?? ''}`}>
          {use.by.includes('day') && <td className="nowrap">{row.day !== null && day.format(new Date(row.day))}</td>}
          {use.by.includes('shelf') && <td>{row.shelf !== null && placeText(plan, row.shelf, t)}</td>}
          {use.by.includes('class') && (
            <td>
              {row.class === '?' ? t('inHouse.noClass') : `${row.scheme?.toUpperCase() ?? ''} ${row.class ?? ''}`}
            </td>
          )}
          <td className="number">
            <span className="use-bar" aria-hidden="true" style={{ width: `${(60 * row.uses) / most}px` }} />
            {number.format(row.uses)}
          </td>
        </tr>
      ))}
    </DataTable>
  );
}
