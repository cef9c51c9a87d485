import type { ReactElement } from 'react';
import { Sign } from '#dashboard/web/ui/badges.tsx';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { shortTag } from './pad.ts';

interface Props {
  readonly parts: number;
  /** Tags of the parts that are written, in their order. */
  readonly done: readonly string[];
}

/** The way through a set: which parts have their tag, which comes now. */
export function PartSteps({ parts, done }: Props): ReactElement {
  const { t } = useWords();
  return (
    <ol className="part-steps">
      {Array.from({ length: parts }, (_, index) => {
        const tag = done[index];
        return (
          <li
            key={index}
            aria-current={index === done.length ? 'step' : undefined}
            data-done={tag !== undefined || undefined}
          >
            {tag !== undefined && <Sign meaning="fine" />}
            <span>
              {t('programme.part', { part: index + 1 })}
              {tag !== undefined && <span className="muted small"> {shortTag(tag)}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
