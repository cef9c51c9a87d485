import type { ReactElement } from 'react';
import { AgeText } from '#dashboard/web/ui/age.tsx';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { outcomeOf } from './outcome.ts';
import { refusalText } from './outcome-note.tsx';
import type { PadPanelProps } from './pad-props.ts';
import { TagRow } from './tag-row.tsx';
import type { PadNow } from './use-pad.ts';

/** A desk never has more; a shelf's antenna does, and nobody picks a tag out of two hundred. */
const ROWS_MAX = 20;
/** Titles are asked for one by one. */
const TITLES_MAX = 8;

export function PadPanel(props: PadPanelProps): ReactElement {
  const { t } = useWords();
  const { now, isReady, isDesk } = props;
  const { pad, at, isResting } = now;
  const rows = pad?.tags.slice(0, ROWS_MAX) ?? [];
  const more = (pad?.tags.length ?? 0) - rows.length;
  return (
    <section className="card pad" aria-labelledby="pad-title" data-old={now.fault !== null || !isReady || undefined}>
      <div className="card-head">
        <h2 id="pad-title">{t('pad.title')}</h2>
        <span className="muted small">
          <AgeText at={at} word="pad.at" />
        </span>
      </div>
      {!isDesk && <p className="advice">{t('pad.shelf')}</p>}
      {isResting && <p className="advice">{t('pad.resting')}</p>}
      <PadFault now={now} />
      {pad === null && isReady && now.fault === null && <PageSkeleton lines={2} />}
      {pad !== null && (
        <div className="live">
          {rows.length === 0 && pad.patronCards === 0 && pad.unread === 0 && (
            <p className="pad-empty muted">{t('pad.empty')}</p>
          )}
          <ul className="pad-tags">
            {rows.map((tag, index) => (
              <TagRow
                key={tag.tag}
                tag={tag}
                isAlone={pad.tags.length === 1}
                hasTitle={index < TITLES_MAX}
                {...props}
              />
            ))}
          </ul>
          {more > 0 && <p className="muted">{t('pad.more', { count: more })}</p>}
          {pad.patronCards > 0 && (
            <p className="pad-note">
              <Sign meaning="look" />
              <span>{t('pad.patronCards', { count: pad.patronCards })}</span>
            </p>
          )}
          {pad.unread > 0 && (
            <p className="pad-note">
              <Sign meaning="unknown" />
              <span>{t('pad.unread', { count: pad.unread })}</span>
            </p>
          )}
        </div>
      )}
    </section>
  );
}

/** One missed look is told too, since what is shown is then older than it seems. */
function PadFault({ now: { fault } }: { readonly now: PadNow }): ReactElement | null {
  const { t } = useWords();
  if (fault === null) return null;
  const words = (): string => {
    if ('error' in fault) return refusalText(fault.error, t);
    const { reason } = outcomeOf(fault.view);
    return reason === null ? (fault.view.detail ?? t('outcome.silent')) : t(`outcome.${reason}`);
  };
  return (
    <p className="advice" role="status">
      {words()} {t('pad.tryingAgain')}
    </p>
  );
}
