/**
 * Where a tag is, after each report.
 *
 *     unseen, departed --heard--> present --a better place, surely enough--> present elsewhere
 *                                   \--every antenna lost it, departAfterMs--> departed
 *
 * Silence counts only where an antenna could have spoken: `lost` comes from live cycles alone, and a dead, blind or
 * unscheduled antenna neither gives a tag up nor lets a neighbour take it over lightly.
 */
import { absorbReport, type Report } from './absorb.ts';
import { EMPTY } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';
import { heardShare, powerDbm, sampleOf } from './power.ts';
import { closenessOf } from './relations.ts';
import { locateDirectly } from './locate-directly.ts';
import {
  HANDLED,
  loseAt,
  NOT_HANDLED,
  noteWeights,
  noteWhenAllLost,
  OPEN,
  settle,
  type LocationChange,
  type LocationRule,
} from './settle.ts';
import { strongestSuspicion, suspectMove } from './suspicion.ts';
import { NEVER, NOWHERE, type TagTable } from './tag-table.ts';
import { weighPlaces, type Candidate, type WeighContext } from './weigh-places.ts';

/** A tag that its own antenna hears in a smaller share of the cycles is nearly dead: its silence says little. */
const WEAK_SHARE = 0.5;
/** Sure enough to be heard that silence everywhere means a hand. */
const SURE_SHARE = 0.7;
const WEAK_DEPART_MS = 600_000;

export interface LocateContext extends Omit<WeighContext, 'evidence'> {
  /** Whether the item of this tag belongs to the place of that read point. */
  isHome(tag: number, readPoint: number): boolean;
  /** Whether anything says where the item of this tag belongs; without it the radio alone decides. */
  hasHome(tag: number): boolean;
}

/** Takes one report in. Returns what changed about the place of the tag, if anything did. */
export function locateTag(
  tags: TagTable,
  tag: number,
  report: Report,
  context: LocateContext,
): LocationChange | undefined {
  const isLate = report.lastMs < (tags.lastMs[tag] ?? NEVER) - context.rules.lateMs;
  if (isLate && !isNewestOfItsAntenna(tags, tag, report)) return undefined;
  if (!context.hasHome(tag)) return locateDirectly(tags, tag, { report, isLate }, context);
  if (isBackFromHands(tags, tag, report, context)) reopen(tags, tag);
  if (!isLate && tags.conditionOf(tag) === 'present' && tags.handled[tag] !== OPEN) {
    suspectMove(tags, tag, report, context);
  }
  absorbReport(tags, tag, report, context.rules);
  tags.lastMs[tag] = Math.max(tags.lastMs[tag] ?? NEVER, report.lastMs);
  if (report.isLost) loseAt(tags, tag, { report, context });
  else if (report.readPoint === tags.home[tag]) tags.homeLostMs[tag] = NEVER;
  if (!report.isLost) tags.allLostMs[tag] = NEVER;
  // The past is taken into the evidence, but it moves nothing now.
  return isLate ? undefined : judge(tags, tag, context, report);
}

/** What time alone changes: a tag that no antenna hears any more departs, at the moment it was last heard. */
export function departWhenDue(
  tags: TagTable,
  tag: number,
  nowMs: number,
  context: LocateContext,
): LocationChange | undefined {
  const lostMs = tags.allLostMs[tag] ?? NEVER;
  if (lostMs === NEVER || nowMs < lostMs + departAfterMs(tags, tag, context.rules)) return undefined;
  if (tags.conditionOf(tag) !== 'present') return undefined;
  const from = tags.home[tag] ?? NOWHERE;
  const candidates = weigh(tags, tag, context);
  for (const slot of tags.evidence.slots(tag)) tags.evidence.clear(slot);
  tags.setCondition(tag, 'departed');
  tags.handled[tag] = HANDLED;
  tags.home[tag] = NOWHERE;
  tags.homeLostMs[tag] = NEVER;
  tags.allLostMs[tag] = NEVER;
  tags.confidence[tag] = 0;
  tags.sinceMs[tag] = tags.lastMs[tag] ?? NEVER;
  return {
    kind: 'departed',
    from,
    to: NOWHERE,
    atMs: tags.lastMs[tag] ?? NEVER,
    confidence: 1,
    rule: 'lost-everywhere',
    candidates,
  };
}

/** Gives up slots whose antenna was live all the time and still said nothing: its gateway forgot the tag over a restart. */
export function forgetSilent(
  tags: TagTable,
  tag: number,
  silence: {
    readonly nowMs: number;
    isLive(readPoint: number): boolean;
    isSilent(readPoint: number, lastMs: number): boolean;
  },
): boolean {
  const { evidence } = tags;
  const slots = evidence.slots(tag);
  const silent = slots.filter((slot) =>
    silence.isSilent(evidence.readPoint[slot] ?? EMPTY, evidence.lastMs[slot] ?? 0),
  );
  if (silent.length === 0) return false;
  for (const slot of silent) {
    const readPoint = evidence.readPoint[slot] ?? EMPTY;
    if (readPoint === tags.home[tag]) {
      if ((tags.homeLostMs[tag] ?? NEVER) === NEVER) tags.homeLostMs[tag] = silence.nowMs;
    } else evidence.clear(slot);
  }
  noteWhenAllLost(tags, tag, { atMs: silence.nowMs, isLive: (readPoint) => silence.isLive(readPoint) });
  return true;
}

function isNewestOfItsAntenna(tags: TagTable, tag: number, report: Report): boolean {
  const slot = tags.evidence.find(tag, report.readPoint);
  return slot !== EMPTY && report.lastMs >= (tags.evidence.lastMs[slot] ?? 0);
}

function weigh(tags: TagTable, tag: number, context: LocateContext): readonly Candidate[] {
  const lost = (tags.homeLostMs[tag] ?? NEVER) === NEVER ? NOWHERE : (tags.home[tag] ?? NOWHERE);
  const { homeOdds, handledHomeOdds } = context.rules;
  const odds = tags.handled[tag] === NOT_HANDLED ? homeOdds : handledHomeOdds;
  const homeOddsOf = (readPoint: number): number => (context.isHome(tag, readPoint) ? odds : 1);
  return weighPlaces(tag, { ...context, evidence: tags.evidence }, homeOddsOf, lost);
}

/** The antenna of its place lost it, nobody heard it for a while, and now somebody does. */
function isBackFromHands(tags: TagTable, tag: number, report: Report, { rules }: LocateContext): boolean {
  if (report.isLost || report.sample.seen === 0 || tags.conditionOf(tag) !== 'present') return false;
  if ((tags.homeLostMs[tag] ?? NEVER) === NEVER || isWeak(tags, tag, SURE_SHARE)) return false;
  // An antenna that hears it now and then all the while is no sign of a return.
  if (report.sample.seen * 2 < report.sample.live) return false;
  return report.firstMs > (tags.lastMs[tag] ?? NEVER) + rules.inHandsMs;
}

function isWeak(tags: TagTable, tag: number, share = WEAK_SHARE): boolean {
  const slot = tags.evidence.find(tag, tags.home[tag] ?? NOWHERE);
  return slot !== EMPTY && heardShare(sampleOf(tags.evidence, slot)) < share;
}

/** How long after the last antenna lost it. */
export function departAfterMs(tags: TagTable, tag: number, rules: LocationRules): number {
  return isWeak(tags, tag) ? WEAK_DEPART_MS : rules.departAfterMs;
}

/** Everything known belongs to the stay before; the tag is held to be where it was until its new place is clear. */
function reopen(tags: TagTable, tag: number): void {
  for (const slot of tags.evidence.slots(tag)) tags.evidence.clear(slot);
  tags.handled[tag] = OPEN;
  tags.homeLostMs[tag] = NEVER;
  tags.allLostMs[tag] = NEVER;
}

function forgetBefore(tags: TagTable, tag: number, atMs: number): void {
  const { evidence } = tags;
  for (const slot of evidence.slots(tag)) {
    if ((evidence.firstMs[slot] ?? NEVER) < atMs) evidence.clear(slot);
    else evidence.suspicion[slot] = 0;
  }
  tags.handled[tag] = OPEN;
  tags.homeLostMs[tag] = NEVER;
}

function judge(tags: TagTable, tag: number, context: LocateContext, report: Report): LocationChange | undefined {
  if ((tags.allLostMs[tag] ?? NEVER) !== NEVER) return undefined;
  const candidates = weigh(tags, tag, context);
  noteWeights(tags, candidates);
  const best = candidates[0];
  if (best === undefined) return undefined;
  const atMs = report.lastMs;
  const from = tags.home[tag] ?? NOWHERE;
  if (tags.conditionOf(tag) !== 'present') {
    if (!isMature(tags, tag, candidates, context)) return undefined;
    return settle(tags, tag, { best, candidates, from: NOWHERE, atMs, kind: 'arrived', rule: 'first-heard' });
  }
  if (tags.handled[tag] === OPEN) {
    if (!isMature(tags, tag, candidates, context)) return undefined;
    tags.handled[tag] = HANDLED;
    if (best.readPoint !== from) {
      return settle(tags, tag, { best, candidates, from, atMs, kind: 'moved', rule: 'back-from-a-hand' });
    }
  }
  const suspect = suspectedPlace(tags, tag, { candidates, report, context });
  if (suspect !== undefined && closenessOf(context.readPoints, from, suspect.readPoint) >= 2) {
    // Far away other antennas hear it, so what they say is of the new stay alone; which of them is right comes next.
    forgetBefore(tags, tag, (tags.evidence.firstMs[suspect.slot] ?? NEVER) - context.rules.heardSinceMs);
    return undefined;
  }
  if (suspect !== undefined) {
    for (const slot of tags.evidence.slots(tag)) tags.evidence.restart(slot);
    return settle(tags, tag, { best: suspect, candidates, from, atMs, kind: 'moved', rule: 'moved-away' });
  }
  const present = candidates.find(({ readPoint }) => readPoint === from);
  const rule = best.readPoint === from ? undefined : reasonToMove(tags, tag, { best, present, candidates, context });
  if (rule === undefined) {
    tags.confidence[tag] = present?.weight ?? tags.confidence[tag] ?? 0;
    return undefined;
  }
  return settle(tags, tag, { best, candidates, from, atMs, kind: 'moved', rule });
}

/** Early evidence is one read each: a shelf is told apart from the next one after a few cycles only. */
function isMature(tags: TagTable, tag: number, candidates: readonly Candidate[], context: LocateContext): boolean {
  const { rules, readPoints } = context;
  const [best, second] = candidates;
  if (best === undefined) return false;
  if (readPoints.get(best.readPoint)?.isShelf !== true) return true;
  if (!context.isLive(best.readPoint)) return false;
  const { live, seen } = sampleOf(tags.evidence, best.slot);
  const isNew = tags.handled[tag] === NOT_HANDLED;
  const [atHome, elsewhere, late] = isNew ? rules.arriveCycles : rules.returnCycles;
  // In the first round the antenna at home may not have had its turn.
  const enough = context.isHome(tag, best.readPoint) ? atHome : elsewhere;
  const probability = isNew ? rules.arriveProbability : rules.returnProbability;
  if (!isNew && seen < rules.switchFresh.seen) return false;
  // A place without a rival is the only one that anybody spoke of, which at first is no merit.
  const isAlone = second === undefined && !context.isHome(tag, best.readPoint);
  if (!isNew && isAlone && live < rules.arriveCycles[1] * 0.9) return false;
  return live >= late * 0.9 || (live >= enough * 0.9 && best.weight >= probability);
}

/** The place to which the tag moved with enough odds, if somebody there heard it just now. */
function suspectedPlace(
  tags: TagTable,
  tag: number,
  { candidates, report, context }: { candidates: readonly Candidate[]; report: Report; context: LocateContext },
): Candidate | undefined {
  const { rules } = context;
  if (report.isLost || report.sample.seen === 0) return undefined;
  const slot = strongestSuspicion(tags, tag);
  const suspect = candidates.find((candidate) => candidate.slot === slot);
  const home = tags.home[tag] ?? NOWHERE;
  if (suspect === undefined || suspect.readPoint === home) return undefined;
  const isNext = closenessOf(context.readPoints, home, suspect.readPoint) === 1;
  const { readPoints } = context;
  // What one reader begins to hear makes its other antennas speak at once, but not those of another reader.
  const isApart = readPoints.get(home)?.reader !== readPoints.get(suspect.readPoint)?.reader;
  const least = rules.moveOdds[isNext ? 0 : 1] + (isApart ? rules.otherReaderOdds : 0);
  if ((tags.evidence.suspicion[slot] ?? 0) < least) return undefined;
  if (!context.isLive(home) || !context.isLive(suspect.readPoint)) return undefined;
  return lastHeardMs(tags, suspect) >= (tags.lastMs[tag] ?? NEVER) - rules.heardSinceMs ? suspect : undefined;
}

interface Contest {
  readonly best: Candidate;
  readonly present: Candidate | undefined;
  readonly candidates: readonly Candidate[];
  readonly context: LocateContext;
}

function reasonToMove(
  tags: TagTable,
  tag: number,
  { best, present, candidates, context }: Contest,
): LocationRule | undefined {
  const { rules } = context;
  if (!context.isLive(best.readPoint)) return undefined;
  if (present === undefined) return isMature(tags, tag, candidates, context) ? 'present-place-lost' : undefined;
  const sample = sampleOf(tags.evidence, best.slot);
  const isSettled = sampleOf(tags.evidence, present.slot).live >= rules.freshCycles;
  const isFresh = tags.handled[tag] !== NOT_HANDLED && !isSettled;
  const isLost = (tags.homeLostMs[tag] ?? NEVER) !== NEVER;
  const { probability, live, seen } = isFresh ? rules.switchFresh : isLost ? rules.switchLost : rules.switchSettled;
  if (best.weight / (best.weight + present.weight) < probability || sample.live < live) return undefined;
  if (sample.seen < (isWeak(tags, tag) ? 2 * seen : seen)) return undefined;
  if (isLost) {
    // A book that is taken away is lost by one antenna after the other: only who heard it since is a place to move to.
    const isHeardSince = lastHeardMs(tags, best) > lastHeardMs(tags, present) + rules.heardSinceMs;
    return isHeardSince ? 'present-place-lost' : undefined;
  }
  if (sampleOf(tags.evidence, present.slot).live < rules.settleCycles * 0.9) return undefined;
  if (!context.isLive(present.readPoint)) {
    if (powerDbm(sample) < present.powerDbm + rules.silentHomeMarginDb) return undefined;
  }
  return 'better-place';
}

function lastHeardMs(tags: TagTable, { slot }: Candidate): number {
  return tags.evidence.lastMs[slot] ?? NEVER;
}
