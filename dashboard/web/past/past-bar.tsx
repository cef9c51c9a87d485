import { useId, type ReactElement } from 'react';
import type { PastFloor } from '#contract/wire/rest-past.ts';
import { useSession } from '#dashboard/web/app/session.tsx';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { BackIcon, ForwardIcon, PauseIcon, PlayIcon } from '#dashboard/web/ui/icons.tsx';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { ageOf, ageText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { changesPerMinute, isKnown } from './past-rows.ts';
import { dayText, fromWallClock, HOUR_MINUTES, minuteText, wallClock } from './past-time.ts';
import { HOUR_MS, type Minute, type Past } from './use-past.ts';
import './past.css';

const MINUTE_MS = 60_000;

interface Props {
  readonly past: Past;
  readonly minute: Minute;
  readonly atMs: number;
}

/** "You are looking at 10:35", the hour to move about in, and the way back. */
export function PastBar({ past, minute, atMs }: Props): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const nowMs = useNow();
  const time = minuteText(atMs, language, timeZone);
  const age = ageText(ageOf(new Date(atMs).toISOString(), nowMs), language, t('age.now'));
  return (
    <section className="past-bar" aria-label={t('past.label')}>
      <div className="past-head">
        <p className="past-words" role="status">
          <Sign meaning="look" />
          <strong>{t('past.looking', { time })}</strong>
          <span>
            {dayText(atMs, language, timeZone)} · {age}
          </span>
        </p>
        <button
          type="button"
          className="tool past-now"
          onClick={() => {
            minute.go(null);
          }}
        >
          {t('past.backToNow')}
        </button>
      </div>
      <div className="past-controls">
        <button
          type="button"
          className="tool"
          aria-pressed={minute.isPlaying}
          onClick={() => {
            minute.setPlaying(!minute.isPlaying);
          }}
        >
          {minute.isPlaying ? <PauseIcon /> : <PlayIcon />}
          {t(minute.isPlaying ? 'past.pause' : 'past.play')}
        </button>
        <HourStep label={t('past.hourBefore')} toMs={atMs - HOUR_MS} minute={minute} nowMs={nowMs} isBack />
        <MinuteSlider past={past} minute={minute} atMs={atMs} nowMs={nowMs} />
        <HourStep label={t('past.hourAfter')} toMs={atMs + HOUR_MS} minute={minute} nowMs={nowMs} />
        <PickTime atMs={atMs} nowMs={nowMs} minute={minute} />
      </div>
      {past.floor !== undefined && !isKnown(past.floor, atMs) && <Unknown past={past.floor} />}
    </section>
  );
}

interface StepProps {
  readonly label: string;
  readonly toMs: number;
  readonly nowMs: number;
  readonly minute: Minute;
  readonly isBack?: boolean;
}

function HourStep({ label, toMs, nowMs, minute, isBack = false }: StepProps): ReactElement {
  return (
    <button
      type="button"
      className="tool past-hour"
      aria-label={label}
      title={label}
      disabled={toMs > nowMs}
      onClick={() => {
        minute.go(toMs);
      }}
    >
      {isBack ? <BackIcon /> : <ForwardIcon />}
    </button>
  );
}

interface SliderProps extends Props {
  readonly nowMs: number;
}

/** Sixty steps; the bars show in which of them something changed. */
function MinuteSlider({ past, minute, atMs, nowMs }: SliderProps): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const { floor, hourMs } = past;
  const text = (ms: number): string => minuteText(ms, language, timeZone);
  return (
    <div className="past-slider">
      {floor !== undefined && <Bars floor={floor} hourMs={hourMs} />}
      <input
        type="range"
        min={0}
        max={HOUR_MINUTES - 1}
        step={1}
        value={Math.round((atMs - hourMs) / MINUTE_MS)}
        aria-label={t('past.minute')}
        aria-valuetext={text(atMs)}
        onChange={(event) => {
          minute.setPlaying(false);
          minute.go(Math.min(hourMs + event.currentTarget.valueAsNumber * MINUTE_MS, nowMs));
        }}
      />
      <div className="past-ends" aria-hidden="true">
        {[0, 15, 30, 45].map((each) => (
          <span key={each}>{text(hourMs + each * MINUTE_MS)}</span>
        ))}
        <span>{text(hourMs + HOUR_MS)}</span>
      </div>
    </div>
  );
}

const BAR_HEIGHT = 20;

function Bars({ floor, hourMs }: { readonly floor: PastFloor; readonly hourMs: number }): ReactElement {
  const counts = changesPerMinute(floor, HOUR_MINUTES);
  const most = Math.max(4, ...counts);
  return (
    <svg
      className="past-bars"
      viewBox={`0 0 ${HOUR_MINUTES} ${BAR_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      {counts.map((count, i) => {
        if (!isKnown(floor, hourMs + i * MINUTE_MS)) {
          return <rect key={i} className="past-unknown" x={i} y={BAR_HEIGHT - 3} width={1} height={3} />;
        }
        const height = count === 0 ? 1 : 3 + (count / most) * (BAR_HEIGHT - 3);
        return (
          <rect
            key={i}
            data-some={count > 0 || undefined}
            x={i + 0.1}
            y={BAR_HEIGHT - height}
            width={0.8}
            height={height}
          />
        );
      })}
    </svg>
  );
}

function PickTime({ atMs, nowMs, minute }: Omit<SliderProps, 'past'>): ReactElement {
  const { t } = useWords();
  const { timeZone } = useSession();
  const id = useId();
  return (
    <label className="past-pick" htmlFor={id}>
      <span className="visually-hidden">{t('past.pick')}</span>
      <input
        id={id}
        type="datetime-local"
        step={60}
        value={wallClock(atMs, timeZone)}
        max={wallClock(nowMs, timeZone)}
        onChange={(event) => {
          const picked = fromWallClock(event.currentTarget.value, timeZone);
          if (picked !== null) minute.go(Math.min(picked, nowMs));
        }}
      />
    </label>
  );
}

function Unknown({ past }: { readonly past: PastFloor }): ReactElement {
  const { t, language } = useWords();
  const { timeZone } = useSession();
  const moment = (at: string): string =>
    `${dayText(Date.parse(at), language, timeZone)}, ${minuteText(Date.parse(at), language, timeZone)}`;
  const { knownFrom, asOf } = past;
  return (
    <p className="past-note">
      <Sign meaning="unknown" />
      {knownFrom === null || asOf === null
        ? t('past.nothingKnown')
        : t('past.knownBetween', { from: moment(knownFrom), to: moment(asOf) })}
    </p>
  );
}
