import { useId, type ReactElement } from 'react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { usePlan } from '#dashboard/web/api/use-plan.ts';
import { useFreshness } from '#dashboard/web/live/freshness-note.tsx';
import { Badge, Sign } from '#dashboard/web/ui/badges.tsx';
import { PageHead } from '#dashboard/web/ui/page-head.tsx';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { CheckPanel } from './check-panel.tsx';
import { FindPanel } from './find-panel.tsx';
import { useWands } from './use-wand.ts';
import { chooseWand, hindranceOf, type Wand } from './wands.ts';
import { without } from './without.ts';
import './handheld.css';

const VIEWS = ['check', 'find'] as const;
const CHOICE_KEY = 'shelfwise-wand';

/** For one hand: the other one holds the wand. */
export function HandheldScreen(): ReactElement {
  const { t } = useWords();
  const { wand: wish, view: viewWish } = useSearch({ strict: false });
  const { data: wands, error, retry } = useWands();
  const { plan, error: planError, retry: retryPlan } = usePlan();
  const freshness = useFreshness().state;
  const view = VIEWS.find((each) => each === viewWish) ?? 'check';
  const failed = planError ?? error;
  const wand = wands === undefined ? null : chooseWand(wands, [wish, keptChoice()]);
  const isOffline = freshness === 'silent';
  return (
    <div className="wand">
      <PageHead title={t('wand.title')} />
      {failed !== null && (
        <FailureNote
          error={failed}
          onRetry={() => {
            retryPlan();
            retry();
          }}
        />
      )}
      {wands !== undefined && <WandSelect wands={wands} wand={wand} />}
      {isOffline && <Note>{t('wand.offline')}</Note>}
      {freshness === 'stopped' && <Note>{t('wand.stopped')}</Note>}
      <nav className="choice wand-views" aria-label={t('wand.views')}>
        {VIEWS.map((each) => (
          <Link
            key={each}
            to="/wand"
            search={(before) => ({ ...before, view: each })}
            aria-current={each === view ? 'page' : undefined}
          >
            {t(`wandView.${each}`)}
          </Link>
        ))}
      </nav>
      {failed === null && (plan === undefined || wands === undefined) && <PageSkeleton />}
      {plan !== undefined && wands !== undefined && view === 'check' && (
        <CheckPanel wand={wand} plan={plan} isOffline={isOffline} />
      )}
      {plan !== undefined && wands !== undefined && view === 'find' && (
        <FindPanel key={wand?.reader ?? ''} wand={wand} plan={plan} isOffline={isOffline} />
      )}
    </div>
  );
}

function Note({ children }: { readonly children: string }): ReactElement {
  return (
    <p className="wand-note" data-meaning="look">
      <Sign meaning="look" />
      <span>{children}</span>
    </p>
  );
}

function WandSelect({ wands, wand }: { readonly wands: readonly Wand[]; readonly wand: Wand | null }): ReactElement {
  const { t } = useWords();
  const id = useId();
  const navigate = useNavigate();
  if (wand === null) return <Note>{t('wand.none')}</Note>;
  const hindrance = hindranceOf(wand);
  return (
    <div className="wand-select">
      <label htmlFor={id}>{t('wand.choose')}</label>
      <select
        id={id}
        className="select"
        value={wand.reader}
        onChange={(event) => {
          const chosen = event.currentTarget.value;
          keepChoice(chosen);
          void navigate({ to: '/wand', search: (before) => ({ ...without(before, 'sweep'), wand: chosen }) });
        }}
      >
        {wands.map(({ reader }) => (
          <option key={reader} value={reader}>
            {reader}
          </option>
        ))}
      </select>
      <span className="live">
        <Badge meaning={hindrance === null ? 'fine' : 'act'}>
          {t(hindrance === null ? 'encode.ready' : `wandAway.${hindrance}`)}
        </Badge>
      </span>
      {hindrance !== null && <p className="small muted">{t('wand.awayDo')}</p>}
    </div>
  );
}

/** A person takes the same wand every day; another device has another one. */
function keptChoice(): string | null {
  try {
    return localStorage.getItem(CHOICE_KEY);
  } catch {
    return null;
  }
}

function keepChoice(reader: string): void {
  try {
    localStorage.setItem(CHOICE_KEY, reader);
  } catch {
    // Storage is switched off: the address holds the choice.
  }
}
