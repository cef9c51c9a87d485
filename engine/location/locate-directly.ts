/**
 * Where a tag is that belongs nowhere in particular: the radio alone decides.
 *
 * It is shown at once where it is heard first, and follows the loudest antenna while little is known. Then it stands still until
 * the antennas hear it otherwise than they did: a tag does not move because an antenna falls silent while the others hear what
 * they always heard.
 */
import { absorbReport, type Report } from './absorb.ts';
import { EMPTY } from './evidence-table.ts';
import { meanDbm, sampleOf } from './power.ts';
import { loseAt, noteWeights, settle, type LocationChange, type LocationRule } from './settle.ts';
import { NEVER, NOWHERE, type TagTable } from './tag-table.ts';
import { loudnessDbm, recentLoudnessDbm, weighDirectly } from './weigh-directly.ts';
import type { Candidate, WeighContext } from './weigh-places.ts';

/** Live cycles in which a tag follows the loudest antenna, and how much louder it must be. */
const YOUNG_CYCLES = 4;
const YOUNG_MARGIN_DB = 1;
/** Later: all evidence of the stay says that it stood elsewhere from the beginning. */
const SETTLED_MARGIN_DB = 4;
/** The other antenna hears it louder than it did, the own one less: together by so much. */
const CHANGE_DB = 14;
/** While the own antenna says nothing, the other one alone must have become louder by so much. */
const RISE_DB = 5;
/** A report over so many cycles tells of the past as well: only its last read is of now. */
const RECENT_CYCLES = 3;

export function locateDirectly(
  tags: TagTable,
  tag: number,
  { report, isLate }: { readonly report: Report; readonly isLate: boolean },
  given: Omit<WeighContext, 'evidence'>,
): LocationChange | undefined {
  const context: WeighContext = { ...given, evidence: tags.evidence };
  if (isBackFromHands(tags, tag, report, context)) {
    for (const slot of tags.evidence.slots(tag)) tags.evidence.clear(slot);
    tags.homeLostMs[tag] = NEVER;
  }
  absorbReport(tags, tag, report, context.rules);
  tags.lastMs[tag] = Math.max(tags.lastMs[tag] ?? NEVER, report.lastMs);
  if (isLate) return undefined;
  noteRecent(tags, tag, report);
  if (report.isLost) loseAt(tags, tag, { report, context });
  else {
    if (report.readPoint === tags.home[tag]) tags.homeLostMs[tag] = NEVER;
    tags.allLostMs[tag] = NEVER;
  }
  return judge(tags, tag, report, context);
}

function judge(tags: TagTable, tag: number, report: Report, context: WeighContext): LocationChange | undefined {
  if ((tags.allLostMs[tag] ?? NEVER) !== NEVER) return undefined;
  const candidates = weighDirectly(tag, context);
  noteWeights(tags, candidates);
  const [best] = candidates;
  if (best === undefined) return undefined;
  const atMs = report.lastMs;
  if (tags.conditionOf(tag) !== 'present') {
    if (report.isLost) return undefined;
    return settle(tags, tag, { best, candidates, from: NOWHERE, atMs, kind: 'arrived', rule: 'first-heard' });
  }
  const from = tags.home[tag] ?? NOWHERE;
  const present = candidates.find(({ readPoint }) => readPoint === from);
  const moved = movedPlace(tags, { candidates, present, report, context });
  if (moved !== undefined) {
    for (const slot of tags.evidence.slots(tag)) tags.evidence.restart(slot);
    return settle(tags, tag, { best: moved.to, candidates, from, atMs, kind: 'moved', rule: moved.rule });
  }
  if (present !== undefined && !isBetter(tags, best, present)) {
    tags.confidence[tag] = present.weight;
    return undefined;
  }
  if (best.readPoint === from) return undefined;
  const rule = present === undefined ? 'present-place-lost' : 'better-place';
  return settle(tags, tag, { best, candidates, from, atMs, kind: 'moved', rule });
}

function isBetter(tags: TagTable, best: Candidate, present: Candidate): boolean {
  if (best.slot === present.slot) return false;
  const { evidence } = tags;
  const live = Math.min(evidence.live[best.slot] ?? 0, evidence.live[present.slot] ?? 0);
  if (live >= YOUNG_CYCLES * 0.9)
    return best.powerDbm > present.powerDbm + SETTLED_MARGIN_DB && evidence.lost[present.slot] === 0;
  return best.powerDbm > present.powerDbm + YOUNG_MARGIN_DB;
}

/** The place where the antennas hear the tag now, when that is another one and they heard it otherwise before. */
function movedPlace(
  tags: TagTable,
  seen: {
    readonly candidates: readonly Candidate[];
    readonly present: Candidate | undefined;
    readonly report: Report;
    readonly context: WeighContext;
  },
): { readonly to: Candidate; readonly rule: LocationRule } | undefined {
  const { candidates, present, report, context } = seen;
  if (present === undefined) return undefined;
  const { evidence } = tags;
  const isSilent = evidence.lost[present.slot] === 1 || !context.isLive(present.readPoint);
  const own = changeOf(present, context);
  // A live antenna that lost it hears it less than it could: as if it were as much weaker as a change asks for.
  const ownNowDbm = isSilent ? own.beforeDbm : own.nowDbm;
  for (const to of candidates) {
    if (to === present || evidence.lost[to.slot] === 1 || !context.isLive(to.readPoint)) continue;
    if (report.isLost && report.readPoint === to.readPoint) continue;
    const other = changeOf(to, context);
    const isNew = isSilent && (evidence.firstMs[to.slot] ?? 0) > (evidence.lastMs[present.slot] ?? 0);
    const riseDb = other.nowDbm - other.beforeDbm;
    const changeDb = riseDb - (ownNowDbm - own.beforeDbm);
    const isLost = evidence.lost[present.slot] === 1;
    if (isLost && isNew) return { to, rule: 'present-place-lost' };
    if (isSilent) {
      if (isLost && riseDb >= RISE_DB && other.nowDbm > own.beforeDbm - CHANGE_DB)
        return { to, rule: 'present-place-lost' };
      if (riseDb >= CHANGE_DB && other.nowDbm > own.beforeDbm) return { to, rule: 'moved-away' };
    } else if (changeDb >= CHANGE_DB && other.nowDbm > ownNowDbm) return { to, rule: 'moved-away' };
  }
  return undefined;
}

function changeOf({ slot, readPoint }: Candidate, context: WeighContext): { nowDbm: number; beforeDbm: number } {
  const nowDbm = recentLoudnessDbm(slot, context);
  const sample = sampleOf(context.evidence, slot);
  if (sample.live < YOUNG_CYCLES) return { nowDbm, beforeDbm: nowDbm };
  return {
    nowDbm,
    beforeDbm: sample.reads > 0 ? meanDbm(sample) - context.offsetDb(readPoint) : loudnessDbm(sample, 0),
  };
}

function noteRecent(tags: TagTable, tag: number, report: Report): void {
  const { sample, lastDbm } = report;
  const slot = tags.evidence.find(tag, report.readPoint);
  if (slot === EMPTY || sample.reads === 0) return;
  const isRecent = sample.live <= RECENT_CYCLES || lastDbm === undefined;
  const nowDbm = isRecent ? meanDbm(sample) : lastDbm;
  const beforeDbm = tags.evidence.recentDbm[slot] ?? NaN;
  // One or two reads may have met a fade: they count for half.
  const isFirm = Number.isNaN(beforeDbm) || (isRecent && sample.reads >= 3);
  tags.evidence.recentDbm[slot] = isFirm ? nowDbm : (nowDbm + beforeDbm) / 2;
}

/** Its antenna lost it, nobody heard it for a while, and now somebody does. */
function isBackFromHands(tags: TagTable, tag: number, report: Report, { rules }: WeighContext): boolean {
  if (report.isLost || report.sample.seen === 0 || tags.conditionOf(tag) !== 'present') return false;
  if ((tags.homeLostMs[tag] ?? NEVER) === NEVER) return false;
  return report.firstMs > (tags.lastMs[tag] ?? NEVER) + rules.inHandsMs;
}
