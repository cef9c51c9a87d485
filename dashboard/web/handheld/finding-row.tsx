import { memo, type ReactElement } from 'react';
import { Link } from '@tanstack/react-router';
import type { SweepFindingView, SweptItem } from '#contract/wire/rest-sweeps.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { Confidence, Sign } from '#dashboard/web/ui/badges.tsx';
import { CheckIcon, WandIcon } from '#dashboard/web/ui/icons.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText, type Words } from '#dashboard/web/words/place-words.ts';
import { wordsOf, type Arrow } from './finding-words.ts';

interface Props {
  readonly finding: SweepFindingView;
  readonly plan: PlanIndex;
  readonly isTicked: boolean;
  readonly onTick: (finding: string) => void;
}

const ARROW: Record<Arrow, string> = {
  behind: 'M5 4v8h13M14 8l4 4-4 4',
  front: 'M20 12H8M12 8l-4 4 4 4M4 5v14',
  another: 'M4 12h15M14 7l5 5-5 5',
  turn: 'M4 8h13l-3.5-3.5M20 16H7l3.5 3.5',
};

/** One thing to do: which book, what to do with it, and where it goes, large enough to read at arm's length. */
export const FindingRow = memo(function FindingRow({ finding, plan, isTicked, onTick }: Props): ReactElement {
  const { t } = useWords();
  const { kind, item, place, distance, certainty, detail, tag } = finding;
  const { meaning, arrow, errand } = wordsOf(finding);
  const name = item?.title ?? tag ?? (place === null ? t('wand.noPlace') : placeText(plan, place, t));
  return (
    <li className="finding" data-kind={kind} data-done={isTicked || undefined}>
      <p className="finding-kind">
        <Sign meaning={meaning} />
        {t(`findingKind.${kind}`)}
      </p>
      <div className="finding-item">
        {item !== null && item.callNumber !== '' && <span className="call-number">{item.callNumber}</span>}
        <span className="item-title">{name}</span>
        {item !== null && place !== null && <span className="muted small">{placeText(plan, place, t)}</span>}
        {item === null && tag !== null && place !== null && (
          <span className="muted small">{placeText(plan, place, t)}</span>
        )}
      </div>
      <div className="finding-way" data-meaning={meaning}>
        {arrow !== null && <ArrowSign arrow={arrow} />}
        <div>
          <p className="finding-errand">{t(errand)}</p>
          <Target finding={finding} plan={plan} />
          {detail !== null && <p className="small">{detail}</p>}
        </div>
      </div>
      <p className="finding-facts live">
        {distance !== null && distance > 0 && <span>{t('wand.booksAway', { count: Math.round(distance) })}</span>}
        <Confidence value={certainty} />
      </p>
      <div className="finding-tools">
        {item !== null && <FindLink item={item} words={t('wand.findIt')} t={t} />}
        <button
          type="button"
          className="tick"
          aria-pressed={isTicked}
          aria-label={t(isTicked ? 'wand.undoOf' : 'outcomeOf.done', { title: name })}
          onClick={() => {
            onTick(finding.id);
          }}
        >
          <CheckIcon />
          {t(isTicked ? 'wand.undo' : 'outcomeDo.done')}
        </button>
      </div>
    </li>
  );
});

function Target({
  finding,
  plan,
}: {
  readonly finding: SweepFindingView;
  readonly plan: PlanIndex;
}): ReactElement | null {
  const { t } = useWords();
  const { kind, after, home, place } = finding;
  if (kind === 'move' && after !== null) {
    return (
      <p>
        {after.callNumber !== '' && <strong className="call-number finding-target">{after.callNumber}</strong>}{' '}
        <span>{after.title}</span>
      </p>
    );
  }
  if (kind === 'move' && place !== null) return <p className="finding-target">{placeText(plan, place, t)}</p>;
  const [first] = home;
  if (first === undefined) return null;
  const more = home.length > 1 ? ` ${t('detail.moreHomes', { count: home.length - 1 })}` : '';
  const floor = plan.ancestor(first, 'floor')?.id;
  const words = placeText(plan, first, t);
  return (
    <p className="finding-target">
      {floor === undefined ? (
        words
      ) : (
        <Link to="/map/$floor" params={{ floor }} search={{ shelf: first }}>
          {words}
        </Link>
      )}
      {more}
    </p>
  );
}

/** Leads to the signal of one copy; what the screen is about stays chosen. */
export function FindLink({
  item,
  words,
  t,
}: {
  readonly item: SweptItem;
  readonly words: string;
  readonly t: Words;
}): ReactElement {
  return (
    <Link
      to="/wand"
      search={(before) => ({
        ...(before.wand !== undefined && { wand: before.wand }),
        ...(before.sweep !== undefined && { sweep: before.sweep }),
        view: 'find',
        item: item.barcode,
      })}
      className="tool"
      aria-label={t('wand.findOf', { title: item.title })}
    >
      <WandIcon />
      {words}
    </Link>
  );
}

function ArrowSign({ arrow }: { readonly arrow: Arrow }): ReactElement {
  return (
    <svg
      className="finding-arrow"
      viewBox="0 0 24 24"
      width="36"
      height="36"
      fill="none"
      stroke="currentColor"
      aria-hidden="true"
    >
      <path d={ARROW[arrow]} />
    </svg>
  );
}
