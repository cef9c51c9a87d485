import type { ReactElement } from 'react';
import { useSearch } from '@tanstack/react-router';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { EmptyNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { EarlierSweeps } from './earlier-sweeps.tsx';
import { SweepBar } from './sweep-bar.tsx';
import { SweepPanel } from './sweep-panel.tsx';
import { useSweeps } from './use-wand.ts';
import { chooseSession, type Wand } from './wands.ts';

interface Props {
  readonly wand: Wand | null;
  readonly plan: PlanIndex;
  readonly isOffline: boolean;
}

/** Shelf check: what the wand hears, what to put where, and the key that starts and ends it under the thumb. */
export function CheckPanel({ wand, plan, isOffline }: Props): ReactElement {
  const { t } = useWords();
  const { sweep: wish } = useSearch({ strict: false });
  const sweeps = useSweeps();
  if (sweeps === undefined) return <PageSkeleton />;
  const session = chooseSession(sweeps, wand, wish);
  const running = sweeps.find((sweep) => sweep.wand === wand?.reader && sweep.endedAt === null);
  return (
    <>
      {session === null ? (
        <EmptyNote title={t('wand.noSweep')}>
          <p className="muted">{t('wand.how')}</p>
        </EmptyNote>
      ) : (
        <SweepPanel key={session} session={session} plan={plan} />
      )}
      <EarlierSweeps sweeps={sweeps} session={session} plan={plan} />
      {wand !== null && (
        <SweepBar wand={wand} plan={plan} isOffline={isOffline} running={running?.session ?? wand.session} />
      )}
    </>
  );
}
