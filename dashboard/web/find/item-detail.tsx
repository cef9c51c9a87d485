import { useCallback, useMemo, type ReactElement } from 'react';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ItemDetail, Trail } from '#contract/wire/rest.ts';
import { getJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { ExplainPanel } from '#dashboard/web/explain/explain-panel.tsx';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { useRoomChange } from '#dashboard/web/live/live-context.tsx';
import { FloorMap } from '#dashboard/web/map/floor-map.tsx';
import { floorShapes } from '#dashboard/web/map/floor-shapes.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { ConditionBadge, Confidence } from '#dashboard/web/ui/badges.tsx';
import { PlaceSteps } from '#dashboard/web/ui/place-steps.tsx';
import { EmptyNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeParts, placeText } from '#dashboard/web/words/place-words.ts';
import { answerOf, isListenedFor, type Answer } from './answer.ts';

/** "Last seen" is state and changes without a fact, so the room does not tell of it. */
const REFETCH_MS = 10_000;
const TRAIL_ROWS_MAX = 20;

interface Props {
  readonly item: string;
  readonly plan: PlanIndex;
}

export function ItemDetailView({ item, plan }: Props): ReactElement {
  const { t } = useWords();
  const { library } = useSession();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({
    queryKey: ['item', library, item],
    queryFn: ({ signal }) => getJson<ItemDetail>(paths.item(library, item), signal),
    refetchInterval: REFETCH_MS,
  });
  const room = useMemo(() => ({ kind: 'item', library, item }) as const, [library, item]);
  useRoomChange(
    room,
    useCallback(() => {
      void client.invalidateQueries({ queryKey: ['item', library, item] });
      void client.invalidateQueries({ queryKey: ['trail', library, item] });
    }, [client, library, item]),
  );
  if (data === undefined) {
    if (error instanceof ProblemError && error.status === 404) return <EmptyNote title={t('find.noItem', { item })} />;
    return error === null ? <PageSkeleton lines={8} /> : <FailureNote error={error} onRetry={() => void refetch()} />;
  }
  return <Found detail={data} plan={plan} />;
}

interface FoundProps {
  readonly detail: ItemDetail;
  readonly plan: PlanIndex;
}

function Found({ detail, plan }: FoundProps): ReactElement {
  const { t } = useWords();
  const trail = useTrail(detail.barcode);
  const lastPlace = trail.data?.rows.toSorted((a, b) => b.n - a.n).find((row) => row.kind === 'item-departed')?.from;
  const answer = answerOf(detail, plan, { lastPlace: lastPlace ?? null, hasTag: detail.tags.length > 0 });
  return (
    <article className="detail">
      <header>
        <h2 lang={detail.language || undefined}>{detail.title}</h2>
        <p className="item-by">
          <span className="call-number">{detail.callNumber}</span>
          {detail.author !== '' && <span>{detail.author}</span>}
          {detail.year !== null && <span>{detail.year}</span>}
        </p>
      </header>
      <Where detail={detail} plan={plan} answer={answer} />
      <ExplainPanel item={detail.barcode} plan={plan} />
      <WhereMap detail={detail} plan={plan} answer={answer} />
      <dl className="facts">
        <div>
          <dt>{t('detail.home')}</dt>
          <dd>{detail.home.length === 0 ? t('detail.noHome') : <PlaceLinks ids={detail.home} plan={plan} />}</dd>
        </div>
        <div>
          <dt>{t('detail.barcode')}</dt>
          <dd>{detail.barcode}</dd>
        </div>
        <div>
          <dt>{t('detail.collection')}</dt>
          <dd>{[detail.branch, detail.collection].filter((part) => part !== '').join(' · ') || '–'}</dd>
        </div>
        <div>
          <dt>{t('detail.tags')}</dt>
          <dd>{detail.tags.length === 0 ? t('detail.noTags') : t('detail.tagCount', { count: detail.tags.length })}</dd>
        </div>
      </dl>
      <TrailView trail={trail} plan={plan} />
    </article>
  );
}

interface AnswerProps extends FoundProps {
  readonly answer: Answer;
}

/** The answer, large. How it is meant, and what we do not know, is said in words too. */
function Where({ detail, plan, answer }: AnswerProps): ReactElement {
  const { t } = useWords();
  const { where, home } = detail;
  return (
    <div className="where live" data-as={answer.as} data-condition={where.condition}>
      {answer.as === 'home' && <p className="where-lead">{t('where.belongsLead')}</p>}
      {answer.as === 'last' && <p className="where-lead">{t('where.lastLead')}</p>}
      <p className="where-words">
        {answer.place === null ? t('where.nowhere') : <PlaceSteps parts={placeParts(plan, answer.place, t)} />}
      </p>
      <p className="item-facts">
        <ConditionBadge where={where} isListenedFor={isListenedFor(detail, plan)} />
        <Confidence value={where.confidence} />
        {where.condition === 'departed' ? (
          <AgeText at={where.since} word="age.left" />
        ) : (
          <AgeText at={where.lastSeen} word="age.seen" />
        )}
      </p>
      {answer.note !== null && <p className="where-note">{t(answer.note)}</p>}
      {where.misshelved && home[0] !== undefined && (
        <p className="where-note">
          <strong>{t('where.belongsAt', { place: placeText(plan, home[0], t) })}</strong>
        </p>
      )}
    </div>
  );
}

function WhereMap({ detail, plan, answer }: AnswerProps): ReactElement | null {
  const { t } = useWords();
  const shelf = answer.place;
  const floor = shelf === null ? undefined : plan.ancestor(shelf, 'floor')?.id;
  const shapes = useMemo(() => (floor === undefined ? null : floorShapes(plan, floor)), [plan, floor]);
  if (shelf === null || floor === undefined || shapes === null) return null;
  const homesElsewhere = detail.home.filter((home) => home !== shelf);
  const isHomeInView = homesElsewhere.some((home) => plan.ancestor(home, 'floor')?.id === floor);
  return (
    <figure className="detail-map">
      <FloorMap
        plan={plan}
        shapes={shapes}
        room={null}
        label={placeText(plan, floor, t)}
        selected={shelf}
        homes={homesElsewhere}
        focusOn={shelf}
      />
      <figcaption>
        <span className="key-lit">{t(`lit.${answer.as}`)}</span>
        {isHomeInView && <span className="key-home">{t('detail.mapHome')}</span>}
        <Link to="/map/$floor" params={{ floor }} search={{ shelf }}>
          {t('detail.openMap')}
        </Link>
      </figcaption>
    </figure>
  );
}

const HOMES_SHOWN_MAX = 3;

function PlaceLinks({ ids, plan }: { readonly ids: readonly string[]; readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  return (
    <>
      {ids.slice(0, HOMES_SHOWN_MAX).map((id) => {
        const floor = plan.ancestor(id, 'floor')?.id;
        const words = placeText(plan, id, t);
        return (
          <span key={id} className="place-line">
            {floor === undefined ? (
              words
            ) : (
              <Link to="/map/$floor" params={{ floor }} search={{ shelf: id }}>
                {words}
              </Link>
            )}
          </span>
        );
      })}
      {ids.length > HOMES_SHOWN_MAX && (
        <span className="muted">{t('detail.moreHomes', { count: ids.length - HOMES_SHOWN_MAX })}</span>
      )}
    </>
  );
}

const TRAIL_KINDS = new Set([
  'item-arrived',
  'item-moved',
  'item-departed',
  'item-misshelved',
  'item-shelved-right',
  'item-ticked-off',
]);

function useTrail(item: string): UseQueryResult<Trail> {
  const { library } = useSession();
  return useQuery({
    queryKey: ['trail', library, item],
    queryFn: ({ signal }) => getJson<Trail>(paths.trail(library, item), signal),
  });
}

interface TrailProps {
  readonly trail: UseQueryResult<Trail>;
  readonly plan: PlanIndex;
}

function TrailView({ trail: { data, error, refetch }, plan }: TrailProps): ReactElement {
  const { t, language } = useWords();
  const nowMs = useNow();
  const newestFirst = data?.rows.toSorted((a, b) => b.n - a.n).slice(0, TRAIL_ROWS_MAX);
  return (
    <section className="trail">
      <h3>{t('trail.title')}</h3>
      {error !== null && <FailureNote error={error} onRetry={() => void refetch()} />}
      {newestFirst === undefined && error === null && <PageSkeleton lines={3} />}
      {newestFirst?.length === 0 && <p className="muted">{t('trail.empty')}</p>}
      <ol>
        {newestFirst?.map((row) => {
          const place = row.to ?? row.from;
          return (
            <li key={row.n} data-kind={row.kind}>
              <time dateTime={row.at}>{momentText(row.at, nowMs, language)}</time>
              <span>
                <strong>{TRAIL_KINDS.has(row.kind) ? t(`trail.${row.kind}`) : row.kind}</strong>
                {place !== null && <span className="trail-place">{placeText(plan, place, t)}</span>}
              </span>
              <Confidence value={row.confidence} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
