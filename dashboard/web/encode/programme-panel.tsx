import { useCallback, useEffect, useRef, useState, type ReactElement } from 'react';
import { Button, Switch } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import type { FoundTag } from '#contract/wire/commands.ts';
import type { CommandView } from '#contract/wire/rest-commands.ts';
import type { ItemDetail } from '#contract/wire/rest.ts';
import { ErrorNote, FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { BarcodeField } from './barcode-field.tsx';
import { ConfirmOverwrite } from './confirm-overwrite.tsx';
import { keep, readKept } from './kept.ts';
import { OutcomeNote } from './outcome-note.tsx';
import { cautionOf, shortTag, targetOf, type Pad, type Target } from './pad.ts';
import { PartSteps } from './part-steps.tsx';
import { writtenOf } from './results.ts';
import type { Desk, Jobs } from './use-desk.ts';
import { useItem } from './use-item.ts';

const JOB = 'programme';
const AT_ONCE_KEY = 'shelfwise-encode-at-once';
/** The standard has one byte for it; no library has sets like that. */
const PARTS_MAX = 40;

interface Props {
  readonly reader: string;
  readonly isReady: boolean;
  readonly pad: Pad | null;
  readonly chosen: string | null;
  readonly desk: Desk;
  readonly jobs: Jobs;
  readonly onWritten: (view: CommandView | null) => void;
}

/** How far an item is: which of its parts have their tag. */
interface Progress {
  readonly barcode: string;
  readonly done: readonly string[];
}

export function ProgrammePanel({ reader, isReady, pad, chosen, desk, jobs, onWritten }: Props): ReactElement {
  const { t } = useWords();
  const { item: barcode = null } = useSearch({ strict: false });
  const navigate = useNavigate();
  const { item, isUnknown, error, retry } = useItem(barcode);
  const [parts, setParts] = useState(1);
  const [isSecured, setSecured] = useState(true);
  const [isAtOnce, setAtOnce] = useState(() => readKept(AT_ONCE_KEY) === 'yes');
  const [progress, setProgress] = useState<Progress>({ barcode: '', done: [] });
  const [warning, setWarning] = useState<FoundTag | null>(null);
  const [isMissed, setMissed] = useState(false);
  /** The barcode that was entered and still waits for its tags; a page that is only opened writes nothing. */
  const armed = useRef<string | null>(null);

  const done = progress.barcode === barcode ? progress.done : [];
  const part = Math.min(done.length + 1, parts);
  const isFinished = done.length >= parts;
  const target = targetOf(pad, { chosen, done });
  const job = jobs.job?.of === JOB ? jobs.job : null;

  const write = useCallback(
    async (tag: string, overwrite: boolean) => {
      if (barcode === null) return;
      setWarning(null);
      const view = await jobs.run(
        JOB,
        desk.programme({ reader, tag, barcode, part, parts, overwrite, secured: isSecured ? true : null }),
      );
      onWritten(view);
      if (view === null) armed.current = null;
      else setProgress({ barcode, done: [...done, writtenOf(view)?.newTag ?? tag] });
    },
    [barcode, desk, done, isSecured, jobs, onWritten, part, parts, reader],
  );

  const start = (): void => {
    if (item === undefined || isFinished || jobs.isBusy || !isReady) return;
    setMissed(target.kind !== 'tag');
    if (target.kind !== 'tag') return;
    if (cautionOf(target.tag, item.barcode) === null) void write(target.tag.tag, false);
    else setWarning(target.tag);
  };

  const enter = (typed: string): void => {
    if (typed === '' || typed === barcode) {
      armed.current = barcode;
      start();
      return;
    }
    armed.current = typed;
    jobs.clear();
    setMissed(false);
    setParts(1);
    setProgress({ barcode: typed, done: [] });
    void navigate({ to: '/tags', search: (before) => ({ ...before, item: typed }), replace: true });
  };

  // Scan, lay the tag down, next: only a blank tag that lies alone is written without a further word.
  const blank = target.kind === 'tag' && target.tag.standing === 'blank' ? target.tag.tag : null;
  const isDue = isAtOnce && isReady && !jobs.isBusy && item !== undefined && !isFinished && blank !== null;
  useEffect(() => {
    if (isDue && armed.current === item.barcode) void write(blank, false);
  }, [isDue, item, blank, write]);

  return (
    <section className="card programme" aria-labelledby="programme-title">
      <h2 id="programme-title">{t('programme.title')}</h2>
      <BarcodeField isDone={isFinished} barcode={barcode} onEnter={enter} />
      {isUnknown && (
        <ErrorNote>
          <p>{t('find.noItem', { item: barcode ?? '' })}</p>
          <p>{t('programme.unknownDo')}</p>
        </ErrorNote>
      )}
      {error !== null && <FailureNote error={error} onRetry={retry} />}
      {barcode !== null && item === undefined && !isUnknown && error === null && <PageSkeleton lines={2} />}
      {item !== undefined && (
        <>
          <ItemCard item={item} />
          <div className="programme-options">
            <PartsField
              parts={parts}
              isLocked={done.length > 0 || jobs.isBusy}
              onChange={(next) => {
                setParts(next);
                setMissed(false);
              }}
            />
            <Switch
              label={t('programme.secure')}
              checked={isSecured}
              size="md"
              onChange={(event) => {
                setSecured(event.currentTarget.checked);
              }}
            />
          </div>
          {parts > 1 && <PartSteps parts={parts} done={done} />}
          {!isFinished && job?.phase !== 'running' && (
            <TargetNote target={target} isMissed={isMissed} barcode={item.barcode} part={part} parts={parts} />
          )}
          {job !== null && (
            <OutcomeNote
              job={job}
              doneWords={doneWords(job, item, { part: done.length, parts }, t)}
              onLetGo={() => {
                if (target.kind === 'tag') void write(target.tag.tag, true);
              }}
            />
          )}
          {!isFinished && (
            <Button
              size="lg"
              loading={job?.phase === 'running'}
              disabled={!isReady || jobs.isBusy || target.kind === 'unknown'}
              onClick={start}
            >
              {parts > 1 ? t('programme.writePart', { part, parts }) : t('programme.write')}
            </Button>
          )}
        </>
      )}
      <Switch
        label={t('programme.atOnce')}
        description={t('programme.atOnceWhat')}
        checked={isAtOnce}
        size="md"
        onChange={(event) => {
          setAtOnce(event.currentTarget.checked);
          keep(AT_ONCE_KEY, event.currentTarget.checked ? 'yes' : 'no');
        }}
      />
      {warning !== null && item !== undefined && (
        <ConfirmOverwrite
          tag={warning}
          item={item}
          onKeep={() => {
            setWarning(null);
          }}
          onOverwrite={() => void write(warning.tag, true)}
        />
      )}
    </section>
  );
}

type Words = ReturnType<typeof useWords>['t'];

function doneWords(
  job: NonNullable<Jobs['job']>,
  { title }: ItemDetail,
  { part, parts }: { readonly part: number; readonly parts: number },
  t: Words,
): string {
  if (job.phase !== 'answered' || job.view.kind !== 'write-tag') return t('encode.done');
  const words = [
    parts > 1 ? t('programme.donePart', { title, part, parts }) : t('programme.done', { title }),
    ...(writtenOf(job.view)?.security?.secured === true ? [t('programme.doneSecured')] : []),
  ];
  return words.join(' ');
}

function ItemCard({ item }: { readonly item: ItemDetail }): ReactElement {
  const { t } = useWords();
  return (
    <div className="programme-item">
      <p className="programme-name" lang={item.language || undefined}>
        {item.title}
      </p>
      <p className="item-by">
        {item.author !== '' && <span>{item.author}</span>}
        {item.year !== null && <span>{item.year}</span>}
        <span className="call-number">{item.callNumber}</span>
      </p>
      <p className="muted small">
        {t('detail.barcode')} {item.barcode}
        {t('place.separator')}
        {item.tags.length === 0 ? t('detail.noTags') : t('programme.hasTags', { count: item.tags.length })}
      </p>
    </div>
  );
}

interface PartsProps {
  readonly parts: number;
  readonly isLocked: boolean;
  readonly onChange: (parts: number) => void;
}

function PartsField({ parts, isLocked, onChange }: PartsProps): ReactElement {
  const { t } = useWords();
  return (
    <label className="parts-field">
      <span>{t('programme.parts')}</span>
      <input
        type="number"
        className="number-input"
        inputMode="numeric"
        min={1}
        max={PARTS_MAX}
        value={parts}
        disabled={isLocked}
        onChange={(event) => {
          const next = Math.trunc(event.currentTarget.valueAsNumber);
          if (next >= 1 && next <= PARTS_MAX) onChange(next);
        }}
      />
    </label>
  );
}

interface TargetProps {
  readonly target: Target;
  /** Enter was pressed with nothing to write on. */
  readonly isMissed: boolean;
  readonly barcode: string;
  readonly part: number;
  readonly parts: number;
}

/** Where the write would go, before anybody presses anything. */
function TargetNote({ target, isMissed, barcode, part, parts }: TargetProps): ReactElement {
  const { t } = useWords();
  const words = (): string => {
    if (target.kind === 'empty' && parts > 1) return t('programme.layPart', { part, parts });
    if (target.kind !== 'tag') return t(`target.${target.kind}`);
    const caution = cautionOf(target.tag, barcode);
    const name = shortTag(target.tag.tag);
    if (caution === null) {
      return t(target.tag.standing === 'blank' ? 'target.blank' : 'target.same', { name });
    }
    return t(`target.${caution}`, { name });
  };
  const isCautious = target.kind === 'tag' && cautionOf(target.tag, barcode) !== null;
  return (
    <p className="target" role="status" data-missed={isMissed || isCautious || undefined}>
      {words()}
    </p>
  );
}
