/** What changes about a tag when its place does, or when an antenna loses it. */
import type { Report } from './absorb.ts';
import { EMPTY } from './evidence-table.ts';
import { NEVER, NOWHERE, type TagTable } from './tag-table.ts';
import type { Candidate, WeighContext } from './weigh-places.ts';

/** How a place was decided; the order numbers them in memory. */
export const LOCATION_RULE_NAMES = [
  'first-heard',
  'better-place',
  'moved-away',
  'back-from-a-hand',
  'present-place-lost',
  'lost-everywhere',
] as const;
export type LocationRule = (typeof LOCATION_RULE_NAMES)[number];

/** Whether a tag was seen to leave or to move; `OPEN`: somebody had it in the hand, and it is not yet clear where it went. */
export const NOT_HANDLED = 0;
export const HANDLED = 1;
export const OPEN = 2;

export interface LocationChange {
  readonly kind: 'arrived' | 'moved' | 'departed';
  /** Read points; `NOWHERE` for none. */
  readonly from: number;
  readonly to: number;
  readonly atMs: number;
  readonly confidence: number;
  readonly rule: LocationRule;
  readonly candidates: readonly Candidate[];
}

/** The present place keeps its evidence for a while: its neighbours decide whether the tag still stands there. */
export function loseAt(
  tags: TagTable,
  tag: number,
  { report, context }: { readonly report: Report; readonly context: Pick<WeighContext, 'isLive'> },
): void {
  const { evidence } = tags;
  const slot = evidence.find(tag, report.readPoint);
  if (slot === EMPTY) return;
  if (report.readPoint === tags.home[tag]) tags.homeLostMs[tag] = report.lastMs;
  noteWhenAllLost(tags, tag, { atMs: report.lastMs, isLive: (readPoint) => context.isLive(readPoint) });
}

/**
 * A dead antenna keeps the tags whose place it stands for. What it once heard of a tag that stood elsewhere does not keep
 * that tag: the antenna of its place was live and lost it.
 */
export function noteWhenAllLost(
  tags: TagTable,
  tag: number,
  { atMs, isLive }: { readonly atMs: number; readonly isLive: (readPoint: number) => boolean },
): void {
  const home = tags.home[tag] ?? NOWHERE;
  const isHomeLost = (tags.homeLostMs[tag] ?? NEVER) !== NEVER;
  const isHeard = tags.evidence.slots(tag).some((slot) => {
    const readPoint = tags.evidence.readPoint[slot] ?? EMPTY;
    if (readPoint === home) return !isHomeLost;
    return tags.evidence.lost[slot] === 0 && isLive(readPoint);
  });
  if (!isHeard && (tags.allLostMs[tag] ?? NEVER) === NEVER) tags.allLostMs[tag] = atMs;
}

interface Settlement {
  readonly best: Candidate;
  readonly candidates: readonly Candidate[];
  readonly from: number;
  readonly atMs: number;
  readonly kind: 'arrived' | 'moved';
  readonly rule: LocationRule;
}

export function settle(
  tags: TagTable,
  tag: number,
  { best, candidates, from, atMs, kind, rule }: Settlement,
): LocationChange {
  const { evidence } = tags;
  const old = (tags.homeLostMs[tag] ?? NEVER) === NEVER || from === NOWHERE ? EMPTY : evidence.find(tag, from);
  if (old !== EMPTY) evidence.clear(old);
  for (const slot of evidence.slots(tag)) evidence.suspicion[slot] = 0;
  tags.setCondition(tag, 'present');
  if (kind === 'moved') tags.handled[tag] = HANDLED;
  tags.home[tag] = best.readPoint;
  tags.homeLostMs[tag] = NEVER;
  tags.sinceMs[tag] = Math.max(evidence.firstMs[best.slot] ?? atMs, from === NOWHERE ? 0 : (tags.sinceMs[tag] ?? 0));
  tags.confidence[tag] = best.weight;
  tags.rule[tag] = 1 + LOCATION_RULE_NAMES.indexOf(rule);
  return { kind, from, to: best.readPoint, atMs, confidence: tags.confidence[tag] ?? 0, rule, candidates };
}

/** Keeps the weights of a judgement beside the evidence, for whoever asks why. */
export function noteWeights(tags: TagTable, candidates: readonly Candidate[]): void {
  for (const { slot, weight } of candidates) tags.evidence.weight[slot] = Math.round(weight * 255);
}
