import type { ReactElement } from 'react';
import { Button, Loader } from '@mantine/core';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { failureText } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { Words } from '#dashboard/web/words/place-words.ts';
import { outcomeOf } from './outcome.ts';
import { writtenOf } from './results.ts';
import type { Job } from './use-desk.ts';

interface Props {
  readonly job: Job;
  readonly doneWords: string;
  /** Does it again, and lets go what would be lost; absent where nothing is written. */
  readonly onLetGo?: () => void;
}

/** How it goes, and how it went: always in the same place, and read out. */
export function OutcomeNote({ job, ...rest }: Props): ReactElement {
  const { t } = useWords();
  if (job.phase === 'running') {
    return (
      <div className="outcome" role="status">
        <Loader size={18} />
        <p>{t(job.view?.state === 'waiting' ? 'outcome.waiting' : 'outcome.running')}</p>
      </div>
    );
  }
  if (job.phase === 'failed') {
    return (
      <div className="outcome" role="alert" data-meaning="act">
        <Sign meaning="act" />
        <div>
          <p className="outcome-head">{refusalText(job.error, t)}</p>
          {job.error instanceof ProblemError && job.error.detail !== null && (
            <p className="muted small">{job.error.detail}</p>
          )}
        </div>
      </div>
    );
  }
  return <Answered view={job.view} {...rest} />;
}

function Answered({ view, doneWords, onLetGo }: { readonly view: CommandView } & Omit<Props, 'job'>): ReactElement {
  const { t } = useWords();
  const { meaning, reason, advice } = outcomeOf(view);
  const isDone = view.state === 'done';
  return (
    <div className="outcome" role={isDone ? 'status' : 'alert'} data-meaning={meaning}>
      <Sign meaning={meaning} />
      <div>
        <p className="outcome-head">{isDone ? doneWords : reason === null ? view.detail : t(`outcome.${reason}`)}</p>
        {advice !== null && <p>{t(`outcome.do.${advice}`)}</p>}
        {isDone ? <Aside view={view} /> : <Reached view={view} />}
        {reason === 'elements-lost' && onLetGo !== undefined && (
          <>
            <p>{t('overwrite.lost', { elements: view.detail ?? '' })}</p>
            <Button variant="default" onClick={onLetGo}>
              {t('overwrite.letGo')}
            </Button>
          </>
        )}
        {!isDone && (
          <p className="muted small">
            {view.code ?? view.state}
            {view.detail !== null && ` · ${view.detail}`}
          </p>
        )}
      </div>
    </div>
  );
}

/** What went less than well though it was done. */
function Aside({ view }: { readonly view: CommandView }): ReactElement | null {
  const { t } = useWords();
  if (writtenOf(view)?.dsfid?.isDone !== false) return null;
  return <p className="muted small">{t('encode.noDsfid')}</p>;
}

/** What stands although the whole was not done. */
function Reached({ view }: { readonly view: CommandView }): ReactElement | null {
  const { t } = useWords();
  const written = writtenOf(view);
  if (written?.isWritten !== true) return null;
  const isOpen = written.security?.steps.some(({ isDone }) => !isDone) ?? true;
  return <p>{t(isOpen ? 'encode.writtenNotSecured' : 'encode.written')}</p>;
}

/** The server would not even ask the reader. */
export function refusalText(error: unknown, t: Words): string {
  if (!(error instanceof ProblemError)) return failureText(error, t);
  if (error.status === 409) return t('encode.cannotNow');
  if (error.status === 404) return t('encode.gone');
  return failureText(error, t);
}
