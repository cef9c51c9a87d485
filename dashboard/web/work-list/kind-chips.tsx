import type { ReactElement } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { WorkLines } from '#contract/wire/rest-work-list.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { ASKED_FOR, offeredKinds, toggleKind, toSearch, type Filter } from './filters.ts';

interface Props {
  readonly counts: WorkLines['counts'];
  readonly filter: Filter;
}

/** One chip a kind, with the number of its open lines; several may be chosen. */
export function KindChips({ counts, filter }: Props): ReactElement | null {
  const { t, language } = useWords();
  const navigate = useNavigate();
  const number = new Intl.NumberFormat(language);
  const offers = offeredKinds(counts, filter);
  if (offers.length === 0) return null;
  const walked = offers.reduce((sum, { kind, lines }) => sum + (ASKED_FOR.has(kind) ? 0 : lines), 0);
  const choose = (next: Filter): void => {
    void navigate({ to: '/work-list', search: toSearch(next), replace: true });
  };
  return (
    <div className="chips" role="group" aria-label={t('work.kinds')}>
      <button
        type="button"
        className="chip"
        aria-pressed={filter.kinds.length === 0}
        onClick={() => {
          choose({ ...filter, kinds: [] });
        }}
      >
        {t('work.allKinds')} <span className="chip-count">{number.format(walked)}</span>
      </button>
      {offers.map(({ kind, lines }) => (
        <button
          key={kind}
          type="button"
          className="chip"
          aria-pressed={filter.kinds.includes(kind)}
          onClick={() => {
            choose(toggleKind(filter, kind));
          }}
        >
          {t(`kind.${kind}`)} <span className="chip-count">{number.format(lines)}</span>
        </button>
      ))}
    </div>
  );
}
