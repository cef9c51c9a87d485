import { useEffect, useRef, type ReactElement } from 'react';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { answerOf } from '#dashboard/web/find/answer.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { MuteIcon, ShakeIcon, SoundIcon } from '#dashboard/web/ui/icons.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { Beeper, canShake } from './beeper.ts';
import { CommandNote } from './command-note.tsx';
import { OtherLink } from './other-link.tsx';
import { nearnessOf } from './signal.ts';
import { useFind, useSignal } from './use-find.ts';
import { useSwitch } from './use-switch.ts';
import { hindranceOf, type Wand } from './wands.ts';

interface Props {
  readonly item: ItemDetail;
  readonly wand: Wand | null;
  readonly plan: PlanIndex;
  readonly isOffline: boolean;
}

export function FindOne({ item, wand, plan, isOffline }: Props): ReactElement {
  const { t } = useWords();
  const { place, as } = answerOf(item, plan, { hasTag: item.tags.length > 0 });
  return (
    <section className="find-one">
      <div className="find-one-item">
        <p className="find-one-call">{item.callNumber}</p>
        <h2 lang={item.language || undefined}>{item.title}</h2>
        {item.author !== '' && <p className="muted">{item.author}</p>}
        {place !== null && (
          <p className="live">
            {as !== 'here' && (
              <span className="muted">{t(as === 'last' ? 'where.lastLead' : 'where.belongsLead')} </span>
            )}
            <strong>{placeText(plan, place, t)}</strong>
          </p>
        )}
      </div>
      {item.tags.length === 0 && (
        <p className="wand-note" data-meaning="look">
          {t('where.noTagNote')}
        </p>
      )}
      {wand !== null && item.tags.length > 0 && <Signal item={item} wand={wand} isOffline={isOffline} />}
      <div className="find-one-other">
        <OtherLink />
      </div>
    </section>
  );
}

interface SignalProps {
  readonly item: ItemDetail;
  readonly wand: Wand;
  readonly isOffline: boolean;
}

function Signal({ item, wand, isOffline }: SignalProps): ReactElement {
  const { t } = useWords();
  const { isOn, isBusy, job, start, stop } = useFind(wand.reader, item.barcode);
  const signal = useSignal(wand.reader, item.tags, isOn);
  // Without the line the last word may be long over: silence is the truth.
  const percent = isOffline ? null : signal;
  const sound = useSwitch('shelfwise-find-sound', true);
  const shake = useSwitch('shelfwise-find-shake', true);
  const makeBeeper = useBeeper(isOn, percent, { isSounding: sound.isOn, isShaking: shake.isOn });
  const isLocked = !isOn && (isBusy || isOffline || hindranceOf(wand) !== null);
  return (
    <>
      {isOn && <SignalBar percent={percent} title={item.title} />}
      <div className="wand-bar">
        <CommandNote job={job} />
        <div className="find-one-switches">
          <button type="button" className="tool" aria-pressed={sound.isOn} onClick={sound.toggle}>
            {sound.isOn ? <SoundIcon /> : <MuteIcon />}
            {t('wand.sound')}
          </button>
          {canShake() && (
            <button type="button" className="tool" aria-pressed={shake.isOn} onClick={shake.toggle}>
              <ShakeIcon />
              {t('wand.shake')}
            </button>
          )}
        </div>
        <button
          type="button"
          className="wand-key"
          data-primary={!isOn || undefined}
          disabled={isLocked}
          onClick={() => {
            if (isOn) {
              stop();
            } else {
              makeBeeper();
              start();
            }
          }}
        >
          {t(isOn ? 'wand.findEnd' : 'wand.findStart')}
        </button>
      </div>
    </>
  );
}

function SignalBar({ percent, title }: { readonly percent: number | null; readonly title: string }): ReactElement {
  const { t } = useWords();
  const nearness = nearnessOf(percent);
  const value = Math.round(percent ?? 0);
  return (
    <div className="signal live" data-near={nearness}>
      <div
        className="signal-bar"
        role="meter"
        aria-label={t('wand.signalOf', { title })}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={value}
        aria-valuetext={t(`nearness.${nearness}`)}
      >
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <rect x="0" y={100 - value} width="100" height={value} />
        </svg>
        <span className="signal-value" aria-hidden="true">
          {percent === null ? '–' : value}
        </span>
      </div>
      <p className="signal-word" role="status">
        {t(`nearness.${nearness}`)}
      </p>
    </div>
  );
}

interface Switches {
  readonly isSounding: boolean;
  readonly isShaking: boolean;
}

/** The answer makes the tone, and must be called from a touch or a key; the tone ends with the search. */
function useBeeper(isOn: boolean, percent: number | null, { isSounding, isShaking }: Switches): () => void {
  const beeper = useRef<Beeper | null>(null);
  useEffect(() => {
    beeper.current?.set(isOn ? percent : null, { isSounding, isShaking });
  });
  useEffect(() => {
    if (!isOn) return;
    return () => {
      beeper.current?.close();
      beeper.current = null;
    };
  }, [isOn]);
  useEffect(
    () => () => {
      beeper.current?.close();
      beeper.current = null;
    },
    [],
  );
  return () => {
    beeper.current ??= new Beeper();
  };
}
