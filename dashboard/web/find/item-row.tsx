import type { ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { ItemSummary } from '#contract/wire/rest.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { ConditionBadge, Confidence } from '#dashboard/web/ui/badges.tsx';
import { PlaceSteps } from '#dashboard/web/ui/place-steps.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeParts } from '#dashboard/web/words/place-words.ts';
import { answerOf, isListenedFor } from './answer.ts';

interface Props {
  readonly item: ItemSummary;
  /** `null` where the place is known from what is around the row. */
  readonly plan: PlanIndex | null;
  readonly isCurrent: boolean;
  /** False where the row above has said the title. */
  readonly isFirst?: boolean;
  readonly copies?: number | null;
}

/** One item in a list: what it is, where to go for it, how sure that is. */
export function ItemRow({ item, plan, isCurrent, isFirst = true, copies = 1 }: Props): ReactElement {
  const { t } = useWords();
  const { where } = item;
  return (
    <Link
      to="/find"
      search={(before) => ({ ...(before.q === undefined ? {} : { q: before.q }), item: item.barcode })}
      className="item-row"
      data-copy={!isFirst || undefined}
      aria-current={isCurrent ? 'true' : undefined}
    >
      <span className={isFirst ? 'item-title' : 'visually-hidden'} lang={item.language || undefined}>
        {item.title}
      </span>
      {isFirst && (
        <span className="item-by">
          {plan === null && <span className="call-number">{item.callNumber}</span>}
          {item.author !== '' && <span className="item-author">{item.author}</span>}
          {item.year !== null && <span>{item.year}</span>}
          {copies !== null && copies > 1 && <span className="item-copies">{t('find.copies', { count: copies })}</span>}
        </span>
      )}
      {plan !== null && (
        <span className="item-way">
          <span className="call-number">{item.callNumber}</span>
          <RowPlace item={item} plan={plan} />
        </span>
      )}
      <span className="item-facts live">
        <ConditionBadge where={where} isListenedFor={plan === null || isListenedFor(item, plan)} />
        <Confidence value={where.confidence} />
        <AgeText at={where.lastSeen} word="age.seen" />
      </span>
    </Link>
  );
}

function RowPlace({ item, plan }: { readonly item: ItemSummary; readonly plan: PlanIndex }): ReactElement {
  const { t } = useWords();
  const { place, as } = answerOf(item, plan);
  if (place === null) return <span className="muted">{t('detail.noHome')}</span>;
  return (
    <span className="item-where live">
      {as !== 'here' && (
        <span className="item-where-lead">{t(as === 'last' ? 'where.lastLead' : 'where.belongsLead')}</span>
      )}
      <PlaceSteps parts={placeParts(plan, place, t)} />
    </span>
  );
}
