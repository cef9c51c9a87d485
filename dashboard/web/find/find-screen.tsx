import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { paths } from '#dashboard/web/api/paths.ts';
import { useItems, type Items } from '#dashboard/web/api/use-items.ts';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { CsvLink } from '#dashboard/web/ui/csv-link.tsx';
import { BackIcon } from '#dashboard/web/ui/icons.tsx';
import { SearchBox } from '#dashboard/web/ui/search-box.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { VirtualList } from '#dashboard/web/ui/virtual-list.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { groupCopies } from './group-copies.ts';
import { ItemDetailView } from './item-detail.tsx';
import { ItemRow } from './item-row.tsx';
import './find.css';

const PAGE_ITEMS = 50;

/** One press of Enter: the same words sent twice are two wishes. */
interface Entered {
  readonly q: string;
}

export function FindScreen(): ReactElement {
  const { t } = useWords();
  const { q = '', item } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { plan, error, retry } = usePlan();
  // Whoever presses Enter, a scanner above all, wants the answer and not a list to choose from.
  const [entered, setEntered] = useState<Entered | null>(null);
  const enter = useCallback((sent: string | null) => {
    setEntered(sent === null ? null : { q: sent });
  }, []);
  const search = useCallback(
    (next: string) => {
      void navigate({
        to: '/find',
        search: { ...(next === '' ? {} : { q: next }) },
        // Typing is one step back, not one for each letter.
        replace: true,
      });
    },
    [navigate],
  );
  return (
    <div
      className="find"
      data-item={item !== undefined || undefined}
      data-idle={(q === '' && item === undefined) || undefined}
    >
      <section className="find-list" aria-label={t('find.results')}>
        <h1 className="find-title">{t('find.title')}</h1>
        <SearchBox value={q} onSearch={search} onEnter={enter} isBig />
        {error !== null && <FailureNote error={error} onRetry={retry} />}
        {q === '' ? <Hints /> : <Results q={q} item={item} plan={plan ?? null} entered={entered} />}
      </section>
      {item !== undefined && (
        <section className="find-detail" aria-label={t('find.detail')}>
          <Link to="/find" search={{ ...(q === '' ? {} : { q }) }} className="tool find-back">
            <BackIcon />
            {t('find.back')}
          </Link>
          {plan === undefined ? (
            error === null && <PageSkeleton />
          ) : (
            <ItemDetailView key={item} item={item} plan={plan} />
          )}
        </section>
      )}
    </div>
  );
}

interface ResultsProps {
  readonly q: string;
  readonly item: string | undefined;
  readonly plan: PlanIndex | null;
  /** The query that was sent with Enter. */
  readonly entered: Entered | null;
}

/** Places move while the list stands open. */
const REFETCH_MS = 15_000;

function Results({ q, item, plan, entered }: ResultsProps): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const items = useItems({
    key: [library, 'search', q],
    pathOf: (page) => paths.items(library, q, page),
    limit: PAGE_ITEMS,
    refetchMs: REFETCH_MS,
  });
  const copies = useMemo(
    () => (items.rows === undefined ? undefined : groupCopies(items.rows, items.hasMore)),
    [items.rows, items.hasMore],
  );
  const list = useRef<HTMLDivElement>(null);
  useOpenFirst({ entered: entered?.q === q ? entered : null, items, list });
  if (items.error) return <FailureNote error={items.error} onRetry={items.retry} />;
  if (copies === undefined) return <PageSkeleton lines={6} />;
  if (copies.length === 0) {
    return (
      <EmptyNote title={t('find.none', { q })}>
        <p className="muted">{t('find.noneHint')}</p>
      </EmptyNote>
    );
  }
  return (
    <div className="results" ref={list} data-old={items.isOld || undefined}>
      <div className="results-head">
        <p className="muted small" role="status">
          {countText(items, t)}
        </p>
        <CsvLink path={paths.items(library, q)} />
      </div>
      <VirtualList
        rows={copies}
        keyOf={(row) => row.item.barcode}
        rowPixels={84}
        label={t('find.results')}
        onEnd={items.hasMore ? items.loadMore : undefined}
      >
        {({ item: row, isFirst, copies: count }) => (
          <ItemRow item={row} plan={plan} isCurrent={row.barcode === item} isFirst={isFirst} copies={count} />
        )}
      </VirtualList>
    </div>
  );
}

interface OpenFirst {
  readonly entered: Entered | null;
  readonly items: Items;
  readonly list: RefObject<HTMLDivElement | null>;
}

/** After Enter: one match opens; of several the first gets the focus, so that Enter opens it and Tab goes on. */
function useOpenFirst({ entered, items, list }: OpenFirst): void {
  const navigate = useNavigate();
  const done = useRef<Entered | null>(null);
  const { rows, isOld } = items;
  useEffect(() => {
    if (entered === null) done.current = null;
    if (entered === null || entered === done.current || isOld || rows === undefined) return;
    const [only, ...others] = rows;
    if (only !== undefined && others.length === 0) {
      done.current = entered;
      void navigate({ to: '/find', search: { q: entered.q, item: only.barcode } });
    }
    if (others.length === 0) return;
    // The list draws its rows a frame after it has measured itself.
    let frame = 0;
    const focusFirst = (): void => {
      const first = list.current?.querySelector<HTMLAnchorElement>('.item-row');
      if (first) {
        done.current = entered;
        first.focus();
      } else frame = requestAnimationFrame(focusFirst);
    };
    focusFirst();
    return () => {
      cancelAnimationFrame(frame);
    };
  }, [entered, rows, isOld, list, navigate]);
}

function countText(items: Items, t: (key: string, values: Record<string, number>) => string): string {
  const count = items.rows?.length ?? 0;
  return items.hasMore ? t('find.countMore', { count }) : t('find.count', { count });
}

const HINTS = ['title', 'author', 'callNumber', 'barcode'] as const;

/** What can be typed; nobody reads a manual for a search box. */
function Hints(): ReactElement {
  const { t } = useWords();
  return (
    <div className="hints">
      <h2>{t('hint.head')}</h2>
      <dl>
        {HINTS.map((hint) => (
          <div key={hint} className="hint">
            <dt>{t(`hint.${hint}`)}</dt>
            <dd>
              <Link to="/find" search={{ q: t(`hint.${hint}Example`) }}>
                {t(`hint.${hint}Example`)}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
      <p className="muted">{t('hint.parts')}</p>
      <nav className="hint-links" aria-label={t('hint.else')}>
        <Link to="/work-list">{t('hint.workList')}</Link>
        <Link to="/map">{t('hint.map')}</Link>
        <Link to="/space">{t('hint.space')}</Link>
      </nav>
    </div>
  );
}
