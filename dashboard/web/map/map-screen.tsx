import { useMemo, type ReactElement } from 'react';
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Room } from '#contract/wire/live.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoom, useRows } from '#dashboard/web/live/live-context.tsx';
import { PastBar } from '#dashboard/web/past/past-bar.tsx';
import { MovesOfHour } from '#dashboard/web/past/past-moves.tsx';
import type { ShownShelf } from '#dashboard/web/past/past-rows.ts';
import { atText, parseAt } from '#dashboard/web/past/past-time.ts';
import { PastContext } from '#dashboard/web/past/shown-shelf.ts';
import { useMinute, usePast, type Minute } from '#dashboard/web/past/use-past.ts';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { ClockIcon } from '#dashboard/web/ui/icons.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { FloorMap } from './floor-map.tsx';
import { floorShapes } from './floor-shapes.ts';
import { FloorTabs } from './floor-tabs.tsx';
import { Legend } from './legend.tsx';
import type { PlanIndex } from './plan-index.ts';
import { ShelfPanel } from './shelf-panel.tsx';
import { ShelfTable } from './shelf-table.tsx';
import './map.css';

export function MapScreen(): ReactElement {
  const { plan, error, retry } = usePlan();
  const { t } = useWords();
  const wish = useParams({ strict: false }).floor;
  if (error) return <FailureNote error={error} onRetry={retry} />;
  if (plan === undefined) return <PageSkeleton />;
  const floor = plan.floors.find((entry) => entry.id === wish) ?? plan.floors[0];
  if (floor === undefined) return <EmptyNote title={t('map.noFloors')} />;
  return <FloorScreen key={floor.id} plan={plan} floor={floor.id} />;
}

interface FloorProps {
  readonly plan: PlanIndex;
  readonly floor: string;
}

function FloorScreen({ plan, floor }: FloorProps): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const navigate = useNavigate();
  const { shelf = null, view, at } = useSearch({ strict: false });
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const shapes = useMemo(() => floorShapes(plan, floor), [plan, floor]);
  const wanted = useMemo<Room>(() => ({ kind: 'floor', library, floor }), [library, floor]);
  const isOpen = useRoom(wanted);
  const room = isOpen ? wanted : null;
  const spaceWanted = useMemo<Room>(() => ({ kind: 'space', library }), [library]);
  const space = useRoom(spaceWanted) ? spaceWanted : null;
  const name = placeText(plan, floor, t);
  const isList = view === 'list';
  const nowMs = useNow();
  const kept = { ...(view === undefined ? {} : { view }), ...(at === undefined ? {} : { at }) };
  const minute = useMinute(parseAt(at, nowMs), nowMs, (atMs) => {
    void navigate({
      to: '/map/$floor',
      params: { floor },
      search: (before) => {
        const rest = { ...before };
        delete rest.at;
        return atMs === null ? rest : { ...rest, at: atText(atMs) };
      },
      replace: atMs !== null,
    });
  });
  const past = usePast(floor, minute.atMs);
  const isPast = minute.atMs !== null;
  const select = (next: string | null): void => {
    void navigate({
      to: '/map/$floor',
      params: { floor },
      search: { ...kept, ...(next === null ? {} : { shelf: next }) },
      replace: shelf !== null,
    });
  };
  const close = (): void => {
    select(null);
  };
  const panel = shelf !== null && plan.get(shelf) !== undefined && (
    <ShelfPanel
      key={shelf}
      plan={plan}
      shelf={shelf}
      room={room}
      atMs={minute.atMs}
      onSelect={select}
      onClose={close}
    />
  );
  return (
    <PastContext value={isPast ? past.rows : null}>
      <div className="map-page" data-past={isPast || undefined}>
        <PageHead
          title={t('map.title')}
          summary={isPast ? <PastSummary rows={past.rows.all()} /> : <FloorSummary room={room} />}
          tools={
            <>
              {!isPast && <LookBack minute={minute} nowMs={nowMs} />}
              <div className="choice" role="group" aria-label={t('map.view')}>
                <Link
                  to="/map/$floor"
                  params={{ floor }}
                  search={{ ...(at === undefined ? {} : { at }), ...(shelf === null ? {} : { shelf }) }}
                  activeOptions={EXACT}
                  aria-current={isList ? undefined : 'true'}
                >
                  {t('map.asMap')}
                </Link>
                <Link
                  to="/map/$floor"
                  params={{ floor }}
                  search={{ ...kept, view: 'list', ...(shelf === null ? {} : { shelf }) }}
                  activeOptions={EXACT}
                  aria-current={isList ? 'true' : undefined}
                >
                  {t('map.asList')}
                </Link>
              </div>
            </>
          }
        />
        <FloorTabs
          plan={plan}
          link={(id, words) => (
            <Link
              key={id}
              to="/map/$floor"
              params={{ floor: id }}
              search={kept}
              activeOptions={EXACT}
              aria-current={id === floor ? 'page' : undefined}
            >
              {words}
            </Link>
          )}
        />
        {minute.atMs !== null && <PastBar past={past} minute={minute} atMs={minute.atMs} />}
        {isPast && past.error !== null && <FailureNote error={past.error} onRetry={past.retry} />}
        <div className="map-split" data-panel={(isWide && shelf !== null) || undefined}>
          <div className={isPast ? 'map-main' : 'map-main live'}>
            {isList ? (
              <ShelfTable plan={plan} floor={floor} room={room} onSelect={select} selected={shelf} />
            ) : (
              <>
                <FloorMap
                  plan={plan}
                  shapes={shapes}
                  room={room}
                  space={isPast ? null : space}
                  label={name}
                  selected={shelf}
                  onSelect={select}
                />
                <Legend />
              </>
            )}
            {isPast && <MovesOfHour plan={plan} floor={floor} hourMs={past.hourMs} />}
          </div>
          {isWide && panel && (
            <aside className="panel" aria-label={t('map.panel')}>
              {panel}
            </aside>
          )}
        </div>
        {!isWide && panel && (
          <Drawer
            opened
            onClose={close}
            position="bottom"
            size="75%"
            withCloseButton={false}
            removeScrollProps={{ enabled: false }}
            classNames={{ body: 'panel-drawer', content: 'panel-sheet' }}
            attributes={{ content: { 'aria-label': t('map.panel') } }}
          >
            {panel}
          </Drawer>
        )}
      </div>
    </PastContext>
  );
}

/** Where one begins to look back: long enough ago that something happened since. */
const LOOK_BACK_MS = 15 * 60_000;

function LookBack({ minute, nowMs }: { readonly minute: Minute; readonly nowMs: number }): ReactElement {
  const { t } = useWords();
  return (
    <button
      type="button"
      className="tool"
      onClick={() => {
        minute.go(Math.floor((nowMs - LOOK_BACK_MS) / 60_000) * 60_000);
      }}
    >
      <ClockIcon />
      {t('past.open')}
    </button>
  );
}

/** The answer to "what is wrong here?" before one looks at a single shelf. */
function FloorSummary({ room }: { readonly room: Room | null }): ReactElement {
  const { t } = useWords();
  const rows = useRows<ShownShelf>(room);
  return rows === null ? <>{t('common.loading')}</> : <Summary rows={rows} isLive />;
}

function PastSummary({ rows }: { readonly rows: ReadonlyMap<string, ShownShelf> }): ReactElement {
  const { t } = useWords();
  return rows.size === 0 ? <>{t('common.loading')}</> : <Summary rows={rows} isLive={false} />;
}

interface SummaryProps {
  readonly rows: ReadonlyMap<string, ShownShelf>;
  readonly isLive: boolean;
}

function Summary({ rows, isLive }: SummaryProps): ReactElement {
  const { t } = useWords();
  const equipped = [...rows.values()].filter((row) => row.state !== 'unequipped');
  const wrong = equipped.reduce((sum, row) => sum + row.wrong, 0);
  const silent = equipped.filter((row) => row.state === 'dead' || row.state === 'blind').length;
  const items = equipped.reduce((sum, row) => sum + row.items, 0);
  const isUnknown = equipped.length > 0 && equipped.every((row) => row.state === 'unknown');
  if (isUnknown) return <Badge meaning="unknown">{t('past.unknown')}</Badge>;
  return (
    <span className={isLive ? 'live summary-badges' : 'summary-badges'}>
      <span>{t('map.items', { count: items })}</span>
      {wrong > 0 && <Badge meaning="act">{t('map.wrong', { count: wrong })}</Badge>}
      {silent > 0 && <Badge meaning="unknown">{t('map.silent', { count: silent })}</Badge>}
      {wrong === 0 && silent === 0 && <Badge meaning="fine">{t('map.allFine')}</Badge>}
    </span>
  );
}
