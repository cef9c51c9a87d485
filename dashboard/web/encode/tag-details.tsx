import { useEffect, useState, type ReactElement } from 'react';
import { Button, Modal } from '@mantine/core';
import type { FoundTag, ReadTagResult } from '#contract/wire/commands.ts';
import { Badge, Confidence } from '#dashboard/web/ui/badges.tsx';
import { DataTable } from '#dashboard/web/ui/data-table.tsx';
import { PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import type { Words } from '#dashboard/web/words/place-words.ts';
import { OutcomeNote } from './outcome-note.tsx';
import { setOf, shortTag } from './pad.ts';
import type { PadPanelProps } from './pad-props.ts';
import { readOf } from './results.ts';
import { evidenceWord, recognisedWord } from './tag-evidence.ts';
import { formatWord } from './format-word.ts';
import { blocksOf, hexByte, SECURITY_MEANING } from './tag-words.ts';
import { usageWord } from './usages.ts';

interface Props extends Pick<PadPanelProps, 'reader' | 'desk' | 'jobs' | 'formats'> {
  readonly tag: FoundTag;
  readonly onConvert: (format: string) => void;
  readonly onClose: () => void;
}

/** Everything on one tag, as the reader reads it now. */
export function TagDetails({ tag: { tag }, reader, desk, jobs, formats, onConvert, onClose }: Props): ReactElement {
  const { t } = useWords();
  const [result, setResult] = useState<ReadTagResult | null>(null);
  const of = `details ${tag}`;
  const { run } = jobs;
  useEffect(() => {
    void run(of, desk.readTag(reader, tag)).then((view) => {
      if (view !== null) setResult(readOf(view));
    });
  }, [run, of, desk, reader, tag]);
  const job = jobs.job?.of === of ? jobs.job : null;
  const all = tag.startsWith('uid:') ? formats.hf : formats.uhf;
  const others = all.filter((format) => format !== result?.content?.format);
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('details.title', { name: shortTag(tag) })}
      closeButtonProps={{ 'aria-label': t('common.close'), size: 44 }}
    >
      <div className="tag-details">
        {result === null && (job === null || job.phase === 'running') && <PageSkeleton lines={4} />}
        {result === null && job !== null && job.phase !== 'running' && (
          <OutcomeNote job={job} doneWords={t('encode.done')} />
        )}
        {result !== null && <Facts result={result} />}
        {result?.content !== undefined && others.length > 0 && (
          <details className="fold">
            <summary>{t('details.convert')}</summary>
            <p className="muted">{t('details.convertWhat')}</p>
            {result.beside !== undefined && <p>{t('overwrite.lost', { elements: result.beside.join(', ') })}</p>}
            <div className="pad-tag-tools">
              {others.map((format) => (
                <Button
                  key={format}
                  variant="default"
                  onClick={() => {
                    onClose();
                    onConvert(format);
                  }}
                >
                  {formatWord(format, t)}
                </Button>
              ))}
            </div>
          </details>
        )}
        {result !== null && <Memory result={result} />}
      </div>
    </Modal>
  );
}

function Facts({ result }: { readonly result: ReadTagResult }): ReactElement {
  const { t } = useWords();
  const { security, dsfid, tag } = result;
  return (
    <dl className="facts">
      {factsOf(result, t).map(([word, value]) => (
        <div key={word}>
          <dt>{word}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{t('details.security')}</dt>
        <dd>
          <Badge meaning={SECURITY_MEANING[security.state]}>{t(`security.${security.state}`)}</Badge>
        </dd>
      </div>
      <Recognised result={result} />
      {security.afi !== undefined && <Fact word="AFI" value={hexByte(security.afi)} />}
      {security.isEasOn !== undefined && <Fact word="EAS" value={t(security.isEasOn ? 'details.on' : 'details.off')} />}
      {dsfid !== undefined && <Fact word="DSFID" value={hexByte(dsfid)} />}
      <Fact word={tag.startsWith('uid:') ? 'UID' : 'EPC'} value={tag.slice(4)} />
    </dl>
  );
}

/** How sure the format is, and why: a support desk asks for both before anything is written over. */
function Recognised({ result: { content, recognised } }: { readonly result: ReadTagResult }): ReactElement | null {
  const { t } = useWords();
  const confidence = recognised?.confidence ?? content?.confidence;
  if (confidence === undefined) return null;
  const name = content === undefined && recognised !== undefined ? recognisedWord(recognised.format, t) : null;
  return (
    <>
      <div>
        <dt>{t('details.confidence')}</dt>
        <dd>
          {name !== null && <span>{name} </span>}
          {recognised?.format !== 'unknown' && <Confidence value={confidence} />}
        </dd>
      </div>
      {recognised !== undefined && recognised.evidence.length > 0 && (
        <div>
          <dt>{t('details.evidence')}</dt>
          <dd>
            <ul className="evidence">
              {recognised.evidence.map((sentence) => (
                <li key={sentence}>{evidenceWord(sentence, t)}</li>
              ))}
            </ul>
          </dd>
        </div>
      )}
    </>
  );
}

function Fact({ word, value }: { readonly word: string; readonly value: string }): ReactElement {
  return (
    <div>
      <dt>{word}</dt>
      <dd className="hex">{value}</dd>
    </div>
  );
}

function factsOf({ standing, content, beside }: ReadTagResult, t: Words): readonly (readonly [string, string])[] {
  if (content === undefined) return [[t('details.content'), t(`standing.${standing}`)]];
  const set = setOf(content);
  return [
    [t('detail.barcode'), content.itemId],
    ...(set === null ? [] : [[t('details.set'), t('encode.partOf', { ...set })] as const]),
    [t('details.format'), formatWord(content.format, t)],
    [t('details.owner'), content.isil === undefined || content.isil === '' ? t('details.noOwner') : content.isil],
    ...(content.usage === undefined ? [] : [[t('details.usage'), usageWord(content.usage, t)] as const]),
    ...(beside === undefined ? [] : [[t('details.beside'), beside.join(', ')] as const]),
  ];
}

/** Folded away: only a support desk reads it. */
function Memory({ result: { memory, banks } }: { readonly result: ReadTagResult }): ReactElement | null {
  const { t } = useWords();
  if (memory === undefined && banks === undefined) return null;
  return (
    <details className="fold">
      <summary>{t('details.memory')}</summary>
      {memory !== undefined && (
        <DataTable
          label={t('details.memory')}
          className="memory"
          columns={[{ words: t('details.block') }, { words: t('details.bytes') }, { words: t('details.text') }]}
        >
          {blocksOf(memory.data, memory.blockBytes).map(({ block, hex, text }) => (
            <tr key={block}>
              <th scope="row">
                {block}
                {memory.lockedBlocks.includes(block) && ` ${t('details.locked')}`}
              </th>
              <td className="hex">{hex}</td>
              <td className="hex">{text}</td>
            </tr>
          ))}
        </DataTable>
      )}
      {memory?.isWhole === false && <p className="muted small">{t('details.notWhole')}</p>}
      {banks !== undefined && (
        <dl className="facts">
          {Object.entries(banks).map(([bank, value]) => (
            <Fact key={bank} word={bank.toUpperCase()} value={value === undefined || value === '' ? '–' : value} />
          ))}
        </dl>
      )}
    </details>
  );
}
