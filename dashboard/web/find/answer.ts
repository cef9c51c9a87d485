/** Where to go for an item, in every case: where it is heard, where it was last, or where it belongs. */
import type { ItemSummary } from '#contract/wire/rest.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

export interface Answer {
  /** `null` where there is nowhere to send anybody. */
  readonly place: string | null;
  /** How the place is meant. */
  readonly as: 'here' | 'last' | 'home' | 'nowhere';
  /** What must be known beside it; the key of a sentence. */
  readonly note: string | null;
}

interface Known {
  /** From its trail: where it stood before it left. */
  readonly lastPlace?: string | null;
  /** `undefined` where the list does not say. */
  readonly hasTag?: boolean;
}

export function answerOf(item: Pick<ItemSummary, 'where' | 'home'>, plan: PlanIndex, known: Known = {}): Answer {
  const { condition, place, misshelved } = item.where;
  const home = item.home[0] ?? null;
  const homeAs = home === null ? 'nowhere' : 'home';
  switch (condition) {
    case 'present':
      return { place, as: place === null ? 'nowhere' : 'here', note: misshelved ? 'where.misshelvedNote' : null };
    case 'withheld':
      if (place !== null) return { place, as: 'last', note: 'where.withheldNote' };
      return { place: home, as: homeAs, note: 'where.cannotSayNote' };
    case 'departed': {
      const last = known.lastPlace ?? null;
      if (last !== null) return { place: last, as: 'last', note: 'where.departedNote' };
      return { place: home, as: homeAs, note: 'where.departedNote' };
    }
    case 'unseen':
      return { place: home, as: homeAs, note: unseenNote(item, plan, known) };
  }
}

/** True where silence says something: an antenna listens on a shelf the item belongs to. */
export function isListenedFor(item: Pick<ItemSummary, 'home'>, plan: PlanIndex): boolean {
  return item.home.some((shelf) => plan.hasAntenna(shelf));
}

function unseenNote(item: Pick<ItemSummary, 'home'>, plan: PlanIndex, { hasTag = true }: Known): string {
  if (item.home.length === 0) return 'where.unseenNote';
  if (!hasTag) return 'where.noTagNote';
  return isListenedFor(item, plan) ? 'where.silentNote' : 'where.noAntennaNote';
}
