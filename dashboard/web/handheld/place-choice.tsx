import { useId, useMemo, type ReactElement } from 'react';
import { useNavigate } from '@tanstack/react-router';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText, placeWord } from '#dashboard/web/words/place-words.ts';
import { placeLevels } from './place-levels.ts';
import { without } from './without.ts';

/** Only for shelves without a shelf tag: with one the wand knows by itself where it is. */
export function PlaceChoice({
  plan,
  place,
}: {
  readonly plan: PlanIndex;
  readonly place: string | undefined;
}): ReactElement {
  const { t } = useWords();
  const id = useId();
  const navigate = useNavigate();
  const levels = useMemo(() => placeLevels(plan, place), [plan, place]);
  const known = place !== undefined && plan.get(place) !== undefined;
  return (
    <details className="fold wand-where">
      <summary>
        {t('wand.where')}
        <span className="muted">{known ? placeText(plan, place, t) : t('wand.whereByTag')}</span>
      </summary>
      <p className="muted small">{t('wand.whereHint')}</p>
      {levels.map(({ chosen, above, options }, index) => (
        <select
          key={above ?? ''}
          id={`${id}-${index}`}
          className="select"
          aria-label={t('wand.whereStep', { number: index + 1 })}
          value={chosen ?? ''}
          onChange={(event) => {
            const next = event.currentTarget.value === '' ? above : event.currentTarget.value;
            void navigate({
              to: '/wand',
              search: (before) => ({ ...without(before, 'place'), ...(next !== null && { place: next }) }),
              replace: true,
            });
          }}
        >
          <option value="">{t(above === null ? 'wand.whereByTag' : 'wand.whereAll')}</option>
          {options.map((option) => (
            <option key={option.id} value={option.id}>
              {placeWord(option, t)}
            </option>
          ))}
        </select>
      ))}
    </details>
  );
}
