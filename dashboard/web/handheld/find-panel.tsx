import type { ReactElement } from 'react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useQuery } from '@tanstack/react-query';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useItems } from '#dashboard/web/api/use-items.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { answerOf } from '#dashboard/web/find/answer.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { SearchBox } from '#dashboard/web/ui/search-box.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { FindOne } from './find-one.tsx';
import { OtherLink } from './other-link.tsx';
import type { Wand } from './wands.ts';
import { without } from './without.ts';

const RESULTS = 20;

interface Props {
  readonly wand: Wand | null;
  readonly plan: PlanIndex;
  readonly isOffline: boolean;
}

/** One book by its signal: first which one, then the bar. */
export function FindPanel({ wand, plan, isOffline }: Props): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { item: barcode } = useSearch({ strict: false });
  const { data, error, refetch } = useQuery({
    queryKey: ['item', library, barcode ?? ''],
    queryFn: ({ signal }) => getJson<ItemDetail>(paths.item(library, barcode ?? ''), signal),
    enabled: barcode !== undefined,
  });
  if (barcode === undefined) return <ChooseItem plan={plan} />;
  if (data !== undefined) return <FindOne key={barcode} item={data} wand={wand} plan={plan} isOffline={isOffline} />;
  if (error === null) return <PageSkeleton />;
  if (error instanceof ProblemError && error.status === 404) {
    return (
      <EmptyNote title={t('find.noItem', { item: barcode })}>
        <OtherLink />
      </EmptyNote>
    );
  }
  return <FailureNote error={error} onRetry={() => void refetch()} />;
}

function ChooseItem({ plan }: { readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  const { q = '' } = useSearch({ strict: false });
  const navigate = useNavigate();
  return (
    <>
      <SearchBox
        isBig
        value={q}
        onSearch={(next) =>
          void navigate({
            to: '/wand',
            search: (before) => ({ ...without(before, 'q'), ...(next !== '' && { q: next }) }),
            replace: true,
          })
        }
      />
      {q === '' ? <EmptyNote title={t('wand.which')} /> : <Results q={q} plan={plan} />}
    </>
  );
}

function Results({ q, plan }: { readonly q: string; readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const { rows, error, retry } = useItems({
    key: [library, 'wand', q],
    pathOf: (page) => paths.items(library, q, page),
    limit: RESULTS,
  });
  if (error !== null) return <FailureNote error={error} onRetry={retry} />;
  if (rows === undefined) return <PageSkeleton lines={4} />;
  if (rows.length === 0) {
    return (
      <EmptyNote title={t('find.none', { q })}>
        <p className="muted">{t('find.noneHint')}</p>
      </EmptyNote>
    );
  }
  return (
    <ul className="wand-list" aria-label={t('find.results')}>
      {rows.map((item) => {
        const { place } = answerOf(item, plan);
        return (
          <li key={item.barcode}>
            <Link to="/wand" search={(before) => ({ ...before, item: item.barcode })} className="wand-choice">
              <span className="call-number">{item.callNumber}</span>
              <span className="item-title" lang={item.language || undefined}>
                {item.title}
              </span>
              {place !== null && <span className="muted small">{placeText(plan, place, t)}</span>}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
