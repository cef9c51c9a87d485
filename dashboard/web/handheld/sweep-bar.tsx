import type { ReactElement } from 'react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useQueryClient } from '@tanstack/react-query';
import { useJobs } from '#dashboard/web/encode/use-desk.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { CommandNote } from './command-note.tsx';
import { PlaceChoice } from './place-choice.tsx';
import { sweepTarget } from './place-levels.ts';
import { useWandCommands } from './use-wand.ts';
import { hindranceOf, type Wand } from './wands.ts';
import { without } from './without.ts';

interface Props {
  readonly wand: Wand;
  readonly plan: PlanIndex;
  readonly isOffline: boolean;
  /** The sweep that goes on. */
  readonly running: string | null;
}

/** Stays at the lower edge, where a thumb reaches it. */
export function SweepBar({ wand, plan, isOffline, running }: Props): ReactElement {
  const { t } = useWords();
  const { place } = useSearch({ strict: false });
  const { job, isBusy, run } = useJobs();
  const commands = useWandCommands();
  const navigate = useNavigate();
  const client = useQueryClient();
  const isLocked = isBusy || isOffline || hindranceOf(wand) !== null;
  const begin = async (): Promise<void> => {
    const view = await run('start', commands.start(wand.reader, sweepTarget(plan, place)));
    await client.invalidateQueries({ queryKey: ['wands'] });
    if (view === null) return;
    // An older sweep that was looked at gives way to the new one.
    await navigate({
      to: '/wand',
      search: (before) => without(before, 'sweep', 'part'),
      replace: true,
    });
  };
  const end = async (): Promise<void> => {
    await run('end', commands.end(wand.reader));
    await client.invalidateQueries({ queryKey: ['wands'] });
  };
  return (
    <div className="wand-bar">
      <CommandNote job={job} />
      {running === null && <PlaceChoice plan={plan} place={place} />}
      {running === null ? (
        <button type="button" className="wand-key" data-primary disabled={isLocked} onClick={() => void begin()}>
          {t('wand.start')}
        </button>
      ) : (
        <button type="button" className="wand-key" disabled={isLocked} onClick={() => void end()}>
          {t('wand.end')}
        </button>
      )}
    </div>
  );
}
