import { lazy, Suspense, useId, useMemo, useState, type ReactElement } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import type { SpaceRow } from '#contract/wire/live.ts';
import type { SpaceDay, SpaceNow } from '#contract/wire/rest.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoom, useRows } from '#dashboard/web/live/live-context.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { ChartIcon, TableIcon } from '#dashboard/web/ui/icons.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { DayTable } from './day-table.tsx';
import { dayOf, fillMeaning, fillOf, peopleText } from './people.ts';
import './space.css';

const DayChart = lazy(() => import('./day-chart.tsx').then((module) => ({ default: module.DayChart })));

/** The room brings what changes; this covers what it does not, and a screen without it. */
const NOW_REFETCH_MS = 30_000;
const DAY_REFETCH_MS = 60_000;

export function SpaceScreen(): ReactElement {
  const { t } = useWords();
  const { library, timeZone } = useSession();
  const { plan, error: planError, retry } = usePlan();
  const today = dayOf(new Date(useNow()), timeZone);
  const { date = today } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ['space', library],
    queryFn: ({ signal }) => getJson<SpaceNow>(paths.space(library), signal),
    refetchInterval: NOW_REFETCH_MS,
  });
  const wanted = useMemo(() => ({ kind: 'space', library }) as const, [library]);
  const live = useRows<SpaceRow>(useRoom(wanted) ? wanted : null);
  const failed = planError ?? (data === undefined ? error : null);
  const dayId = useId();
  return (
    <div className="space">
      <PageHead
        title={t('space.title')}
        summary={t('space.summary')}
        tools={
          <>
            <label className="day" htmlFor={dayId}>
              {t('space.day')}
              <input
                id={dayId}
                type="date"
                value={date}
                max={today}
                onChange={(event) => {
                  const next = event.currentTarget.value;
                  void navigate({
                    to: '/space',
                    search: { ...(next === '' || next === today ? {} : { date: next }) },
                    replace: true,
                  });
                }}
              />
            </label>
            <Link to="/in-house" className="tool">
              {t('inHouse.title')}
            </Link>
            <CsvLink path={paths.space(library)} />
          </>
        }
      />
      {failed !== null && (
        <FailureNote
          error={failed}
          onRetry={() => {
            retry();
            void refetch();
          }}
        />
      )}
      {failed === null && (data === undefined || plan === undefined) && <PageSkeleton />}
      {data?.rows.length === 0 && (
        <EmptyNote title={t('space.empty')}>
          <p className="muted">{t('space.emptyHint')}</p>
        </EmptyNote>
      )}
      {data !== undefined && plan !== undefined && (
        <div className="zones">
          {data.rows.map((row) => (
            <ZoneCard
              key={row.place}
              place={row.place}
              row={live?.get(row.place) ?? row}
              plan={plan}
              date={date}
              isToday={date === today}
            />
          ))}
        </div>
      )}
    </div>
  );
}

interface ZoneProps {
  readonly place: string;
  readonly row: SpaceRow;
  readonly plan: PlanIndex;
  readonly date: string;
  readonly isToday: boolean;
}

function ZoneCard({ place, row, plan, date, isToday }: ZoneProps): ReactElement {
  const { t, language } = useWords();
  const number = useMemo(() => new Intl.NumberFormat(language), [language]);
  const people = peopleText(row, (value) => number.format(value));
  const meaning = fillMeaning(row);
  const name = placeText(plan, place, t);
  return (
    <section className="zone" aria-label={name}>
      <header className="zone-head">
        <h2>{name}</h2>
        <Badge meaning={meaning}>{t(`space.${meaning}`)}</Badge>
      </header>
      <p className="zone-people live" data-stale={row.stale || undefined}>
        <strong>{people ?? t('space.unknownPeople')}</strong>
        {row.capacity !== null && (
          <span className="muted"> {t('space.of', { capacity: number.format(row.capacity) })}</span>
        )}
      </p>
      <FillBar row={row} />
      <p className="muted small">
        <AgeText at={row.at} word="age.counted" never={t('space.neverCounted')} />
      </p>
      <ZoneDay place={place} name={name} date={date} capacity={row.capacity} isToday={isToday} />
    </section>
  );
}

function FillBar({ row }: { readonly row: SpaceRow }): ReactElement {
  const fill = fillOf(row);
  const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;
  return (
    <div className="fill live" data-meaning={fillMeaning(row)} aria-hidden="true">
      {fill !== null && (
        <>
          <div
            className="fill-range"
            style={{ insetInlineStart: percent(fill.lowShare), width: percent(fill.highShare - fill.lowShare) }}
          />
          <div className="fill-people" style={{ width: percent(fill.share) }} />
        </>
      )}
    </div>
  );
}

interface DayProps {
  readonly place: string;
  readonly name: string;
  readonly date: string;
  readonly capacity: number | null;
  readonly isToday: boolean;
}

function ZoneDay({ place, name, date, capacity, isToday }: DayProps): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const [isTable, setTable] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['space-day', library, place, date],
    queryFn: ({ signal }) => getJson<SpaceDay>(paths.spaceDay(library, place, date), signal),
    ...(isToday ? { refetchInterval: DAY_REFETCH_MS } : {}),
  });
  const isKnown = data?.rows.some((row) => row.people !== null) ?? false;
  return (
    <div className="zone-day">
      <div className="zone-day-head">
        <h3>{t(isToday ? 'space.today' : 'space.thatDay')}</h3>
        <button
          type="button"
          className="tool"
          aria-pressed={isTable}
          aria-label={t(isTable ? 'space.showChart' : 'space.showTable', { name })}
          onClick={() => {
            setTable(!isTable);
          }}
        >
          {isTable ? <ChartIcon /> : <TableIcon />}
          {t(isTable ? 'space.chart' : 'space.table')}
        </button>
        <CsvLink path={paths.spaceDay(library, place, date)} />
      </div>
      {error !== null && data === undefined && <FailureNote error={error} onRetry={() => void refetch()} />}
      {data === undefined && error === null && <PageSkeleton lines={3} />}
      {data !== undefined && !isKnown && <p className="muted chart-none">{t('space.noDay')}</p>}
      {data !== undefined && isKnown && isTable && <DayTable day={data} name={name} />}
      {data !== undefined && isKnown && !isTable && (
        <Suspense fallback={<PageSkeleton lines={3} />}>
          <DayChart day={data} capacity={capacity} label={t('space.chartLabel', { name })} />
        </Suspense>
      )}
    </div>
  );
}
