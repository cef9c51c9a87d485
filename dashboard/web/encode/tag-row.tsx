import { useRef, useState, type ReactElement } from 'react';
import { Button } from '@mantine/core';
import type { FoundTag } from '#contract/wire/commands.ts';
import { Badge } from '#dashboard/web/ui/badges.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { OutcomeNote } from './outcome-note.tsx';
import { setOf, shortTag } from './pad.ts';
import type { PadPanelProps } from './pad-props.ts';
import { TagDetails } from './tag-details.tsx';
import { formatWord } from './format-word.ts';
import { SECURITY_MEANING } from './tag-words.ts';
import { useItem } from './use-item.ts';

const STANDING_MEANING = { item: 'fine', blank: 'fine', other: 'look' } as const;

interface Props extends PadPanelProps {
  readonly tag: FoundTag;
  readonly isAlone: boolean;
  readonly hasTitle: boolean;
}

export function TagRow({ tag, isAlone, hasTitle, ...panel }: Props): ReactElement {
  const { t } = useWords();
  const { chosen, onChoose, jobs, reader, desk } = panel;
  const { standing, content, security } = tag;
  const set = setOf(content);
  const isChosen = chosen === tag.tag;
  const name = shortTag(tag.tag);
  const job = jobs.job?.of === tag.tag ? jobs.job : null;
  const lastFormat = useRef<string | null>(null);
  const convert = (format: string, overwrite = false): void => {
    lastFormat.current = format;
    void jobs.run(tag.tag, desk.convert({ reader, tag: tag.tag, format, overwrite }));
  };
  return (
    <li className="pad-tag" data-chosen={isChosen || undefined}>
      <div className="pad-tag-head">
        <Badge meaning={STANDING_MEANING[standing]}>{t(`standing.${standing}`)}</Badge>
        {standing !== 'blank' && security.state !== 'none' && (
          <Badge meaning={SECURITY_MEANING[security.state]}>{t(`security.${security.state}`)}</Badge>
        )}
        <span className="muted small pad-tag-name">{t('pad.tagName', { name })}</span>
      </div>
      {content !== undefined && (
        <div>
          <ItemTitle barcode={content.itemId} isAsked={hasTitle} />
          <p className="item-by">
            <span className="call-number">{content.itemId}</span>
            {set !== null && <span>{t('encode.partOf', { ...set })}</span>}
            <span>{formatWord(content.format, t)}</span>
            {content.isil !== undefined && content.isil !== '' && <span>{content.isil}</span>}
          </p>
        </div>
      )}
      {standing === 'other' && <p className="muted">{t('standing.otherWhy')}</p>}
      <div className="pad-tag-tools">
        {!isAlone && (
          <Button
            variant={isChosen ? 'filled' : 'default'}
            aria-pressed={isChosen}
            aria-label={`${t('pad.choose')}: ${name}`}
            onClick={() => {
              onChoose(isChosen ? null : tag.tag);
            }}
          >
            {t(isChosen ? 'pad.chosen' : 'pad.choose')}
          </Button>
        )}
        <TagTools tag={tag} onConvert={convert} {...panel} />
      </div>
      {job !== null && (
        <OutcomeNote
          job={job}
          doneWords={t('encode.done')}
          onLetGo={() => {
            if (lastFormat.current !== null) convert(lastFormat.current, true);
          }}
        />
      )}
    </li>
  );
}

function ItemTitle({ barcode, isAsked }: { readonly barcode: string; readonly isAsked: boolean }): ReactElement | null {
  const { t } = useWords();
  const { item, isUnknown } = useItem(isAsked ? barcode : null);
  if (isUnknown) return <p className="muted">{t('encode.notInCatalogue')}</p>;
  if (item === undefined) return null;
  return (
    <p className="item-title" lang={item.language || undefined}>
      {item.title}
    </p>
  );
}

interface ToolsProps extends PadPanelProps {
  readonly tag: FoundTag;
  readonly onConvert: (format: string) => void;
}

function TagTools({ tag, onConvert, ...panel }: ToolsProps): ReactElement {
  const { t } = useWords();
  const { reader, isReady, desk, jobs, profile } = panel;
  const [isOpen, setOpen] = useState(false);
  const { security, content } = tag;
  const isSecured = security.state === 'secured';
  const name = shortTag(tag.tag);
  const wanted = tag.tag.startsWith('uid:') ? profile.hf.format : profile.uhf.format;
  const isOff = !isReady || jobs.isBusy;
  const words = t(isSecured ? 'security.open' : 'security.secure');
  return (
    <>
      {content !== undefined && security.state !== 'none' && (
        <Button
          variant="default"
          disabled={isOff}
          aria-label={`${words}: ${name}`}
          onClick={() => void jobs.run(tag.tag, desk.setSecurity(reader, tag.tag, !isSecured))}
        >
          {words}
        </Button>
      )}
      {content !== undefined && wanted !== null && content.format !== wanted && (
        <Button
          variant="default"
          disabled={isOff}
          aria-label={`${t('pad.convert', { format: formatWord(wanted, t) })}: ${name}`}
          onClick={() => {
            onConvert(wanted);
          }}
        >
          {t('pad.convert', { format: formatWord(wanted, t) })}
        </Button>
      )}
      <Button
        variant="default"
        disabled={isOff}
        aria-label={`${t('pad.details')}: ${name}`}
        onClick={() => {
          setOpen(true);
        }}
      >
        {t('pad.details')}
      </Button>
      {isOpen && (
        <TagDetails
          tag={tag}
          {...panel}
          onConvert={onConvert}
          onClose={() => {
            setOpen(false);
          }}
        />
      )}
    </>
  );
}
