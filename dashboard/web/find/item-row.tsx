import type { ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { ItemSummary } from '#contract/wire/rest.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { ConditionBadge, Confidence } from '#dashboard/web/ui/badges.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';

interface Props {
  readonly item: ItemSummary;
  /** `null` where the place is known from what is around the row. */
  readonly plan: PlanIndex | null;
  readonly isCurrent: boolean;
}

/** One item in a list: what it is, where it is, how sure that is. */
export function ItemRow({ item, plan, isCurrent }: Props): ReactElement {
  const { t } = useWords();
  const { where } = item;
  return (
    <Link
      to="/find"
      search={(before) => ({ ...(before.q === undefined ? {} : { q: before.q }), item: item.barcode })}
      className="item-row"
      aria-current={isCurrent ? 'true' : undefined}
    >
      <span className="item-title" lang={item.language || undefined}>
        {item.title}
      </span>
      <span className="item-by">
        <span className="call-number">{item.callNumber}</span>
        {item.author !== '' && <span className="item-author">{item.author}</span>}
        {item.year !== null && <span>{item.year}</span>}
      </span>
      {plan !== null && where.place !== null && (
        <span className="item-where live">{placeText(plan, where.place, t)}</span>
      )}
      <span className="item-facts live">
        <ConditionBadge where={where} />
        <Confidence value={where.confidence} />
        <AgeText at={where.lastSeen} word="age.seen" />
      </span>
    </Link>
  );
}
