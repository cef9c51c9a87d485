import type { ReactElement } from 'react';
import type { WorkReason } from '#contract/domain/work-entry.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';
import { useNow } from '#dashboard/web/ui/use-now.ts';
import { momentText } from '#dashboard/web/words/age.ts';
import { useWords } from '#dashboard/web/words/i18n.ts';
import { placeText } from '#dashboard/web/words/place-words.ts';
import { reasonWords } from './reason-words.ts';

interface Props {
  readonly reason: WorkReason;
  readonly plan: PlanIndex;
}

/** Why the line is there, where its kind does not say it. */
export function LineReason({ reason, plan }: Props): ReactElement | null {
  const { t, language } = useWords();
  const nowMs = useNow();
  const words = reasonWords(reason);
  if (words === null) return null;
  const values: Record<string, string | number> = { ...words.values };
  for (const [name, at] of Object.entries(words.moments)) values[name] = momentText(at, nowMs, language);
  for (const [name, place] of Object.entries(words.places)) values[name] = placeText(plan, place, t);
  return <span className="line-reason">{t(words.key, values)}</span>;
}
