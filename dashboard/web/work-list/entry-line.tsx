import type { ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { CheckIcon } from '#dashboard/web/ui/icons.tsx';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeParts, placeText, type Words } from '#dashboard/web/words/place-words.ts';
import type { Entry } from './group-entries.ts';

interface Props {
  readonly entry: Entry;
  readonly step: number;
  readonly plan: PlanIndex;
  /** Said in the heading already. */
  readonly group: string;
  readonly onTick: (entry: Entry) => void;
}

export function EntryLine({ entry, step, plan, group, onTick }: Props): ReactElement {
  const { t } = useWords();
  const { item } = entry;
  const floor = plan.ancestor(entry.place, 'floor')?.id;
  const isDone = entry.tickedOffAt !== null;
  const stands = placeParts(plan, entry.place, t)
    .slice(placeParts(plan, group, t).length)
    .join(t('place.separator'));
  return (
    <li className="line" data-done={isDone || undefined}>
      <button
        type="button"
        className="tick"
        aria-pressed={isDone}
        aria-disabled={isDone || undefined}
        aria-label={t(isDone ? 'work.ticked' : 'work.tick', { title: item.title })}
        onClick={() => {
          if (!isDone) onTick(entry);
        }}
      >
        <CheckIcon />
      </button>
      <span className="line-step" aria-hidden="true">
        {step}
      </span>
      <div className="line-item">
        <Link to="/find" search={{ item: item.barcode }} className="item-title" lang={item.language || undefined}>
          {item.title}
        </Link>
        <span className="item-by">
          <span className="call-number">{item.callNumber}</span>
          {item.author !== '' && <span className="item-author">{item.author}</span>}
        </span>
      </div>
      <dl className="line-way">
        <div>
          <dt>{t('work.stands')}</dt>
          <dd>
            {floor === undefined ? (
              stands
            ) : (
              <Link to="/map/$floor" params={{ floor }} search={{ shelf: entry.place }}>
                {stands === '' ? placeText(plan, entry.place, t) : stands}
              </Link>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('work.belongs')}</dt>
          <dd>{homeText(entry.home, plan, t)}</dd>
        </div>
      </dl>
      <span className="line-since live">{isDone ? t('work.done') : <AgeText at={entry.since} word="age.since" />}</span>
    </li>
  );
}

function homeText(home: readonly string[], plan: PlanIndex, t: Words): string {
  const [first] = home;
  if (first === undefined) return t('detail.noHome');
  const words = placeText(plan, first, t);
  return home.length === 1 ? words : `${words} ${t('detail.moreHomes', { count: home.length - 1 })}`;
}
