import { memo, type ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { WorkOutcome } from '#contract/domain/work-entry.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Confidence } from '#dashboard/web/ui/badges.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeParts, placeText, type Words } from '#dashboard/web/words/place-words.ts';
import type { ShownLine } from './group-lines.ts';
import { LineActions } from './line-actions.tsx';
import { LineReason } from './line-reason.tsx';

interface Props {
  readonly line: ShownLine;
  readonly step: number;
  readonly plan: PlanIndex;
  /** Said in the heading already. */
  readonly group: string | null;
  /** Whether the list holds lines of other kinds too. */
  readonly showsKind: boolean;
  readonly onTick: (line: ShownLine, outcome: WorkOutcome) => void;
}

/** Drawn again only when it changes itself: a list of a thousand lines is asked for every time one of them moves. */
export const WorkLineRow = memo(function WorkLineRow({
  line,
  step,
  plan,
  group,
  showsKind,
  onTick,
}: Props): ReactElement {
  const { t } = useWords();
  const { item } = line;
  return (
    <li className="line" data-kind={line.kind} data-done={line.tickedOffAt !== null || undefined} data-gone={line.gone}>
      <span className="line-box" aria-hidden="true" />
      <span className="line-step" aria-hidden="true">
        {step}
      </span>
      <div className="line-item">
        {showsKind && <span className="line-kind">{t(`kind.${line.kind}`)}</span>}
        <Link to="/find" search={{ item: item.barcode }} className="item-title" lang={item.language || undefined}>
          {item.title}
        </Link>
        <span className="item-by">
          {item.callNumber !== '' && <span className="call-number">{item.callNumber}</span>}
          {item.author !== '' && <span className="item-author">{item.author}</span>}
        </span>
        <LineReason reason={line.reason} plan={plan} />
      </div>
      <div className="line-way">
        <dl>
          {line.place !== null && (
            <div>
              <dt>{t(isLookingFor(line) ? 'work.look' : 'work.stands')}</dt>
              <dd>
                <PlaceLink place={line.place} plan={plan} group={group} />
              </dd>
            </div>
          )}
          {belongsElsewhere(line) && (
            <div>
              <dt>{t('work.belongs')}</dt>
              <dd>{homeText(line.home, plan, t)}</dd>
            </div>
          )}
        </dl>
        <p className="line-facts live">
          {item.where.lastSeen === null ? (
            <AgeText at={line.since} word="age.since" />
          ) : (
            <AgeText at={item.where.lastSeen} word="age.seen" />
          )}
          <Confidence value={line.confidence} />
        </p>
      </div>
      <LineActions line={line} onTick={onTick} />
    </li>
  );
});

function PlaceLink({
  place,
  plan,
  group,
}: {
  readonly place: string;
  readonly plan: PlanIndex;
  readonly group: string | null;
}): ReactElement {
  const { t } = useWords();
  const floor = plan.ancestor(place, 'floor')?.id;
  const known = group === null ? 0 : placeParts(plan, group, t).length;
  const rest = placeParts(plan, place, t).slice(known).join(t('place.separator'));
  const words = rest === '' ? placeText(plan, place, t) : rest;
  if (floor === undefined) return <span>{words}</span>;
  return (
    <Link to="/map/$floor" params={{ floor }} search={{ shelf: place }}>
      {words}
    </Link>
  );
}

/** For these the place is where to look, not where it is. */
function isLookingFor({ kind }: ShownLine): boolean {
  return kind === 'search' || kind === 'missing' || kind === 'unseen' || kind === 'untagged' || kind === 'dead-tag';
}

/** Saying a place twice helps nobody. */
function belongsElsewhere({ kind, place, home }: ShownLine): boolean {
  if (kind === 'pull' || kind === 'home-shift' || home.length === 0) return false;
  return place === null || !home.includes(place);
}

function homeText(home: readonly string[], plan: PlanIndex, t: Words): string {
  const [first] = home;
  if (first === undefined) return t('detail.noHome');
  const words = placeText(plan, first, t);
  return home.length === 1 ? words : `${words} ${t('detail.moreHomes', { count: home.length - 1 })}`;
}
