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
import { powerDbm, sampleOf } from './power.ts';
import { NEVER, NOWHERE, type TagTable } from './tag-table.ts';
import { weighPlaces, type Candidate, type WeighContext } from './weigh-places.ts';

export type LocationRule = 'first-heard' | 'better-place' | 'present-place-lost' | 'lost-everywhere';

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

export interface LocateContext extends Omit<WeighContext, 'evidence'> {
  /** Whether the item of this tag belongs to the place of that read point. */
  isHome(tag: number, readPoint: number): boolean;
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
  absorbReport(tags, tag, report, context.rules);
  tags.lastMs[tag] = Math.max(tags.lastMs[tag] ?? NEVER, report.lastMs);
  if (report.isLost) loseAt(tags, tag, { report, context });
  else if (report.readPoint === tags.home[tag]) tags.homeLostMs[tag] = NEVER;
  if (!report.isLost) tags.allLostMs[tag] = NEVER;
  // The past is taken into the evidence, but it moves nothing now.
  return isLate ? undefined : judge(tags, tag, context, report.lastMs);
}

/** What time alone changes: a tag that no antenna hears any more departs, at the moment it was last heard. */
export function departWhenDue(
  tags: TagTable,
  tag: number,
  nowMs: number,
  context: LocateContext,
): LocationChange | undefined {
  const lostMs = tags.allLostMs[tag] ?? NEVER;
  if (lostMs === NEVER || nowMs < lostMs + context.rules.departAfterMs || tags.conditionOf(tag) !== 'present')
    return undefined;
  const from = tags.home[tag] ?? NOWHERE;
  const candidates = weigh(tags, tag, context);
  for (const slot of tags.evidence.slots(tag)) tags.evidence.clear(slot);
  tags.setCondition(tag, 'departed');
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

/** The present place keeps its evidence for a while: its neighbours decide whether the tag still stands there. */
function loseAt(
  tags: TagTable,
  tag: number,
  { report, context }: { readonly report: Report; readonly context: LocateContext },
): void {
  const { evidence } = tags;
  const slot = evidence.find(tag, report.readPoint);
  if (slot === EMPTY) return;
  if (report.readPoint === tags.home[tag]) tags.homeLostMs[tag] = report.lastMs;
  else evidence.clear(slot);
  noteWhenAllLost(tags, tag, { atMs: report.lastMs, isLive: (readPoint) => context.isLive(readPoint) });
}

/**
 * A dead antenna keeps the tags whose place it stands for. What it once heard of a tag that stood elsewhere does not keep
 * that tag: the antenna of its place was live and lost it.
 */
function noteWhenAllLost(
  tags: TagTable,
  tag: number,
  { atMs, isLive }: { readonly atMs: number; readonly isLive: (readPoint: number) => boolean },
): void {
  const home = tags.home[tag] ?? NOWHERE;
  const isHomeLost = (tags.homeLostMs[tag] ?? NEVER) !== NEVER;
  const isHeard = tags.evidence.slots(tag).some((slot) => {
    const readPoint = tags.evidence.readPoint[slot] ?? EMPTY;
    return readPoint === home ? !isHomeLost : isLive(readPoint);
  });
  if (!isHeard && (tags.allLostMs[tag] ?? NEVER) === NEVER) tags.allLostMs[tag] = atMs;
}

function weigh(tags: TagTable, tag: number, context: LocateContext): readonly Candidate[] {
  const lost = (tags.homeLostMs[tag] ?? NEVER) === NEVER ? NOWHERE : (tags.home[tag] ?? NOWHERE);
  return weighPlaces(tag, { ...context, evidence: tags.evidence }, (readPoint) => context.isHome(tag, readPoint), lost);
}

function judge(tags: TagTable, tag: number, context: LocateContext, atMs: number): LocationChange | undefined {
  if ((tags.allLostMs[tag] ?? NEVER) !== NEVER) return undefined;
  const candidates = weigh(tags, tag, context);
  const best = candidates[0];
  if (best === undefined) return undefined;
  const from = tags.home[tag] ?? NOWHERE;
  if (tags.conditionOf(tag) !== 'present') {
    return settle(tags, tag, { best, candidates, from: NOWHERE, atMs, kind: 'arrived', rule: 'first-heard' });
  }
  const present = candidates.find(({ readPoint }) => readPoint === from);
  const rule = best.readPoint === from ? undefined : reasonToMove(tags, tag, { best, present, context });
  if (rule === undefined) {
    tags.confidence[tag] = present?.weight ?? tags.confidence[tag] ?? 0;
    return undefined;
  }
  return settle(tags, tag, { best, candidates, from, atMs, kind: 'moved', rule });
}

interface Contest {
  readonly best: Candidate;
  readonly present: Candidate | undefined;
  readonly context: LocateContext;
}

function reasonToMove(tags: TagTable, tag: number, { best, present, context }: Contest): LocationRule | undefined {
  const { rules } = context;
  if (!context.isLive(best.readPoint)) return undefined;
  if (present === undefined) return 'present-place-lost';
  const isSure = best.weight / (best.weight + present.weight) >= rules.switchProbability;
  if (!isSure) return undefined;
  if ((tags.homeLostMs[tag] ?? NEVER) !== NEVER) {
    // A book that is taken away is lost by one antenna after the other: only who heard it since is a place to move to.
    const isHeardSince = lastHeardMs(tags, best) > lastHeardMs(tags, present) + rules.heardSinceMs;
    return isHeardSince ? 'present-place-lost' : undefined;
  }
  const sample = sampleOf(tags.evidence, best.slot);
  if (sample.seen < rules.switchCyclesSeen * 0.9) return undefined;
  if (sampleOf(tags.evidence, present.slot).live < rules.settleCycles * 0.9) return undefined;
  if (!context.isLive(present.readPoint)) {
    if (powerDbm(sample) < present.powerDbm + rules.silentHomeMarginDb) return undefined;
  }
  return 'better-place';
}

function lastHeardMs(tags: TagTable, { slot }: Candidate): number {
  return tags.evidence.lastMs[slot] ?? NEVER;
}

interface Settlement {
  readonly best: Candidate;
  readonly candidates: readonly Candidate[];
  readonly from: number;
  readonly atMs: number;
  readonly kind: 'arrived' | 'moved';
  readonly rule: LocationRule;
}

function settle(tags: TagTable, tag: number, { best, candidates, from, atMs, kind, rule }: Settlement): LocationChange {
  const { evidence } = tags;
  const old = (tags.homeLostMs[tag] ?? NEVER) === NEVER || from === NOWHERE ? EMPTY : evidence.find(tag, from);
  if (old !== EMPTY) evidence.clear(old);
  tags.setCondition(tag, 'present');
  tags.home[tag] = best.readPoint;
  tags.homeLostMs[tag] = NEVER;
  tags.sinceMs[tag] = Math.max(evidence.firstMs[best.slot] ?? atMs, from === NOWHERE ? 0 : (tags.sinceMs[tag] ?? 0));
  tags.confidence[tag] = best.weight;
  return { kind, from, to: best.readPoint, atMs, confidence: tags.confidence[tag] ?? 0, rule, candidates };
}
