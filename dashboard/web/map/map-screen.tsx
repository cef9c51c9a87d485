import { useMemo, type ReactElement } from 'react';
import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import type { Room, ShelfRow } from '#contract/wire/live.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoom, useRows } from '#dashboard/web/live/live-context.tsx';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { EXACT } from '#dashboard/web/ui/exact.ts';
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
  const { shelf = null, view } = useSearch({ strict: false });
  const isWide = useMediaQuery('(min-width: 62em)', true, { getInitialValueInEffect: false });
  const shapes = useMemo(() => floorShapes(plan, floor), [plan, floor]);
  const wanted = useMemo<Room>(() => ({ kind: 'floor', library, floor }), [library, floor]);
  const isOpen = useRoom(wanted);
  const room = isOpen ? wanted : null;
  const spaceWanted = useMemo<Room>(() => ({ kind: 'space', library }), [library]);
  const space = useRoom(spaceWanted) ? spaceWanted : null;
  const name = placeText(plan, floor, t);
  const isList = view === 'list';
  const select = (next: string | null): void => {
    void navigate({
      to: '/map/$floor',
      params: { floor },
      search: { ...(view === undefined ? {} : { view }), ...(next === null ? {} : { shelf: next }) },
      replace: shelf !== null,
    });
  };
  const close = (): void => {
    select(null);
  };
  const panel = shelf !== null && plan.get(shelf) !== undefined && (
    <ShelfPanel key={shelf} plan={plan} shelf={shelf} room={room} onSelect={select} onClose={close} />
  );
  return (
    <div className="map-page">
      <PageHead
        title={t('map.title')}
        summary={<FloorSummary room={room} />}
        tools={
          <div className="choice" role="group" aria-label={t('map.view')}>
            <Link
              to="/map/$floor"
              params={{ floor }}
              search={{ ...(shelf === null ? {} : { shelf }) }}
              activeOptions={EXACT}
              aria-current={isList ? undefined : 'true'}
            >
              {t('map.asMap')}
            </Link>
            <Link
              to="/map/$floor"
              params={{ floor }}
              search={{ view: 'list', ...(shelf === null ? {} : { shelf }) }}
              activeOptions={EXACT}
              aria-current={isList ? 'true' : undefined}
            >
              {t('map.asList')}
            </Link>
          </div>
        }
      />
      <FloorTabs
        plan={plan}
        link={(id, words) => (
          <Link
            key={id}
            to="/map/$floor"
            params={{ floor: id }}
            search={{ ...(view === undefined ? {} : { view }) }}
            activeOptions={EXACT}
            aria-current={id === floor ? 'page' : undefined}
          >
            {words}
          </Link>
        )}
      />
      <div className="map-split" data-panel={(isWide && shelf !== null) || undefined}>
        <div className="map-main live">
          {isList ? (
            <ShelfTable plan={plan} floor={floor} room={room} onSelect={select} selected={shelf} />
          ) : (
            <>
              <FloorMap
                plan={plan}
                shapes={shapes}
                room={room}
                space={space}
                label={name}
                selected={shelf}
                onSelect={select}
              />
              <Legend />
            </>
          )}
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
  );
}

/** The answer to "what is wrong here?" before one looks at a single shelf. */
function FloorSummary({ room }: { readonly room: Room | null }): ReactElement {
  const { t } = useWords();
  const rows = useRows<ShelfRow>(room);
  if (rows === null) return <>{t('common.loading')}</>;
  const equipped = [...rows.values()].filter((row) => row.state !== 'unequipped');
  const wrong = equipped.reduce((sum, row) => sum + row.wrong, 0);
  const silent = equipped.filter((row) => row.state === 'dead' || row.state === 'blind').length;
  const items = equipped.reduce((sum, row) => sum + row.items, 0);
  return (
    <span className="live summary-badges">
      <span>{t('map.items', { count: items })}</span>
      {wrong > 0 && <Badge meaning="act">{t('map.wrong', { count: wrong })}</Badge>}
      {silent > 0 && <Badge meaning="unknown">{t('map.silent', { count: silent })}</Badge>}
      {wrong === 0 && silent === 0 && <Badge meaning="fine">{t('map.allFine')}</Badge>}
    </span>
  );
}
