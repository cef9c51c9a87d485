import type { ReactElement } from 'react';
import type { WorkOutcome } from '#contract/domain/work-entry.ts';
import { CheckIcon, CloseIcon } from '#dashboard/web/ui/icons.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { ShownLine } from './group-lines.ts';

/** What can be said of a line: a search has two ends, everything else is done or not yet. */
export function outcomesOf(kind: ShownLine['kind']): readonly WorkOutcome[] {
  return kind === 'search' || kind === 'missing' || kind === 'unseen' ? ['found', 'not-found'] : ['done'];
}

interface Props {
  readonly line: ShownLine;
  readonly onTick: (line: ShownLine, outcome: WorkOutcome) => void;
}

export function LineActions({ line, onTick }: Props): ReactElement {
  const { t } = useWords();
  const { title } = line.item;
  if (line.gone === 'home') return <LineState sign="fine">{t('work.backHome')}</LineState>;
  if (line.gone === 'leaving') return <LineState>{t('work.leaving')}</LineState>;
  if (line.tickedOffAt !== null) {
    return (
      <LineState sign={line.outcome === 'not-found' ? undefined : 'fine'}>
        {t(`outcomeDone.${line.outcome ?? 'done'}`)}
        {line.isWaiting === true && <span className="muted small"> {t('work.waits')}</span>}
      </LineState>
    );
  }
  return (
    <div className="line-actions">
      {outcomesOf(line.kind).map((outcome) => (
        <button
          key={outcome}
          type="button"
          className="tick"
          data-outcome={outcome}
          aria-label={t(`outcomeOf.${outcome}`, { title })}
          onClick={() => {
            onTick(line, outcome);
          }}
        >
          {outcome === 'not-found' ? <CloseIcon /> : <CheckIcon />}
          {t(`outcomeDo.${outcome}`)}
        </button>
      ))}
    </div>
  );
}

function LineState({
  sign,
  children,
}: {
  readonly sign?: 'fine' | undefined;
  readonly children: React.ReactNode;
}): ReactElement {
  return (
    <p className="line-state" data-sign={sign}>
      {sign === 'fine' && <CheckIcon />}
      <span>{children}</span>
    </p>
  );
}
