/**
 * In-house use: an item is taken from its shelf and put back on a shelf or a trolley, without a loan in between.
 *
 *     on a shelf --departs--> away --shelf or trolley, long enough after--> one use
 *
 * Whoever carries a book to three tables uses it once; a book on the trolley was counted when it came there. A weak tag that
 * its antenna loses and finds again is no use: its silence must be long for how often it is heard.
 */
import type { PlaceKind } from '#contract/domain/plan.ts';

/** What is remembered while an item is away, and for a while after it came back. */
export interface Taken {
  /** The shelf it was taken from. */
  readonly shelf: string;
  readonly takenMs: number;
  /** Share of cycles in which the antenna there used to hear it. */
  readonly heardShare: number;
  /** It was seen on a desk, a kiosk or a gate, where it may have been lent. */
  readonly mayBeLent: boolean;
  /** 0 while it is away. */
  readonly backMs: number;
}

export interface InHouseRules {
  readonly inHandMs: number;
  /** Taken again so soon after it was put back: the same use. */
  readonly sameUseMs: number;
  /** Away for longer without a word of the ILS, it was lent or lost and found again. */
  readonly awayMsMax: number;
}

export const SAME_USE_MS = 300_000;
/** A day in the library, from the opening to the morning after. */
export const AWAY_MS_MAX = 20 * 3_600_000;
/** An antenna that hears a tag in so few cycles may lose it for minutes. */
const WEAK_SHARE = 0.5;
const WEAK_AWAY_MS = 900_000;

/** It left the place. Undefined: nothing to remember. */
export function takeAway(
  known: Taken | undefined,
  from: {
    readonly place: string;
    readonly kind: PlaceKind | undefined;
    readonly atMs: number;
    readonly heardShare: number;
  },
  rules: InHouseRules,
): Taken | undefined {
  if (known?.backMs === 0) return known;
  if (from.kind !== 'shelf') return undefined;
  if (known !== undefined && from.atMs - known.backMs < rules.sameUseMs) return known;
  return { shelf: from.place, takenMs: from.atMs, heardShare: from.heardShare, mayBeLent: false, backMs: 0 };
}

/** It is somewhere again. Says what is to be remembered, and whether this was a use. */
export function putBack(
  known: Taken,
  at: {
    readonly place: string;
    readonly kind: PlaceKind | undefined;
    readonly atMs: number;
    readonly wasLent: boolean;
  },
  rules: InHouseRules,
): { readonly taken: Taken | undefined; readonly isUse: boolean } {
  if (known.backMs !== 0) return { taken: known, isUse: false };
  if (at.kind !== 'shelf' && at.kind !== 'trolley') {
    const mayBeLent = known.mayBeLent || at.kind !== 'crate';
    return { taken: { ...known, mayBeLent }, isUse: false };
  }
  const awayMs = at.atMs - known.takenMs;
  const leastMs = known.heardShare < WEAK_SHARE && at.place === known.shelf ? WEAK_AWAY_MS : rules.inHandMs;
  const isFlicker = awayMs < leastMs;
  if (isFlicker) return { taken: undefined, isUse: false };
  const isUse = !at.wasLent && awayMs <= rules.awayMsMax;
  return { taken: { ...known, backMs: at.atMs }, isUse };
}
