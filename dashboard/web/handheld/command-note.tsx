import type { ReactElement } from 'react';
import { Loader } from '@mantine/core';
import { ProblemError } from '#dashboard/web/api/problem.ts';
import { outcomeOf } from '#dashboard/web/encode/outcome.ts';
import type { Job } from '#dashboard/web/encode/use-desk.ts';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { failureText } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';

/** What became of the last key pressed. That it was done shows by itself, so only waiting and failure take room. */
export function CommandNote({ job }: { readonly job: Job | null }): ReactElement | null {
  const { t } = useWords();
  if (job === null || (job.phase === 'answered' && job.view.state === 'done')) return null;
  if (job.phase === 'running') {
    return (
      <div className="wand-note" role="status">
        <Loader size={18} />
        <p>{t(job.view?.state === 'waiting' ? 'outcome.waiting' : 'wand.asking')}</p>
      </div>
    );
  }
  if (job.phase === 'failed') {
    const detail = job.error instanceof ProblemError ? job.error.detail : null;
    const isConflict = job.error instanceof ProblemError && job.error.status === 409;
    return (
      <Refused
        words={isConflict && detail !== null ? detail : failureText(job.error, t)}
        facts={isConflict ? null : detail}
      />
    );
  }
  const { reason } = outcomeOf(job.view);
  const { code, detail, state } = job.view;
  const words = reason === null ? (detail ?? t('wand.refused')) : t(`outcome.${reason}`);
  return <Refused words={words} facts={[code ?? state, detail].filter((fact) => fact !== null).join(' · ')} />;
}

function Refused({ words, facts }: { readonly words: string; readonly facts: string | null }): ReactElement {
  return (
    <div className="wand-note" role="alert" data-meaning="act">
      <Sign meaning="act" />
      <div>
        <p>{words}</p>
        {facts !== null && facts !== '' && <p className="small">{facts}</p>}
      </div>
    </div>
  );
}
