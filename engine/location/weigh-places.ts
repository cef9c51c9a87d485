/**
 * The probability of each candidate place, from all antennas that hear the tag.
 *
 * A tag at a shelf is heard by that shelf's antenna with some power, by the next ones a few dB weaker, and so on. For
 * each candidate the power that fits best is found and the remaining differences are judged by their standard errors.
 * So a weak reading at the right shelf is outvoted by its neighbours, which hear the tag exactly as neighbours should.
 * Antennas next to a candidate that do not hear the tag at all speak against it, too.
 */
import { SLOTS_PER_TAG, type EvidenceTable } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';
import { heardShare, logit, logShare, meanDbm, NO_SAMPLE, powerDbm, sampleOf, shareAt, type Sample } from './power.ts';
import { closenessOf, type ReadPointTable } from './relations.ts';

/** Taken out once: these run for every report, and a look-up of a global costs more than they do. */
const { exp, log, max, min } = Math;

export interface Candidate {
  readonly slot: number;
  readonly readPoint: number;
  readonly powerDbm: number;
  /** 0 to 1; all candidates together make 1. */
  readonly weight: number;
}

export interface WeighContext {
  readonly evidence: EvidenceTable;
  readonly readPoints: ReadPointTable;
  readonly rules: LocationRules;
  /** Whether the antenna could be heard just now; what a dead one does not hear says nothing. */
  readonly isLive: (readPoint: number) => boolean;
  /** How much louder than others that antenna reports. */
  readonly offsetDb: (readPoint: number) => number;
  /** The place to which a reference tag is fixed. */
  readonly knownAt?: (tag: number) => string | undefined;
}

interface Heard {
  readonly slot: number;
  readonly readPoint: number;
  readonly powerDbm: number;
  readonly sample: Sample;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly isLost: boolean;
}

/**
 * Candidates, best first. `homeOddsOf` favours the place where the item belongs; `lostReadPoint` lost the
 * tag but stays in the contest, so that its neighbours can say that the tag stands where it stood.
 */
export function weighPlaces(
  tag: number,
  context: WeighContext,
  homeOddsOf: (readPoint: number) => number,
  lostReadPoint: number,
): readonly Candidate[] {
  const { evidence, rules, readPoints } = context;
  const heard: Heard[] = [];
  const start = tag * SLOTS_PER_TAG;
  for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
    const readPoint = evidence.readPoint[slot] ?? -1;
    if (readPoint < 0 || !readPoints.has(readPoint)) continue;
    const sample = withoutOffset(sampleOf(evidence, slot), context.offsetDb(readPoint));
    heard.push({
      slot,
      readPoint,
      powerDbm: powerDbm(sample),
      sample,
      firstMs: evidence.firstMs[slot] ?? 0,
      lastMs: evidence.lastMs[slot] ?? 0,
      isLost: evidence.lost[slot] === 1,
    });
  }
  if (heard.length === 0) return [];
  const audible = heard.filter(({ readPoint }) => readPoint !== lostReadPoint);
  const scores = heard.map((candidate) => {
    const { readPoint } = candidate;
    const prior = log(homeOddsOf(readPoint));
    const lost = candidate.isLost || readPoint === lostReadPoint ? log(rules.lostOdds) : 0;
    return prior + lost + (audible.length === 0 ? 0 : fit(candidate, audible, context));
  });
  const best = max(...scores);
  const odds = scores.map((score) => exp(score - best));
  const total = odds.reduce((sum, value) => sum + value, 0);
  return heard
    .map(({ slot, readPoint, powerDbm: power }, i) => ({
      slot,
      readPoint,
      powerDbm: power,
      weight: (odds[i] ?? 0) / total,
    }))
    .sort((a, b) => b.weight - a.weight || b.powerDbm - a.powerDbm || a.slot - b.slot);
}

function withoutOffset(sample: Sample, offsetDb: number): Sample {
  return offsetDb === 0 ? sample : { ...sample, sumDbm: sample.sumDbm - offsetDb * sample.reads };
}

/** Logarithm of how well the candidate explains what all antennas hear, up to a constant. */
function fit(candidate: Heard, heard: readonly Heard[], { readPoints, rules, isLive }: WeighContext): number {
  const shadow = rules.shadowDb ** 2;
  const current = heard.filter((other) => !isOutdated(other, candidate, { readPoints, rules }));
  const gaps = current.map(({ readPoint }) => rules.gapDb[closenessOf(readPoints, candidate.readPoint, readPoint)]);
  let weights = 0;
  let levels = 0;
  let ownShare = rules.ownShareMin;
  current.forEach(({ sample }, i) => {
    ownShare = max(ownShare, heardShare(sample));
    if (sample.reads === 0) return;
    const weight = 1 / (rules.fadingDb ** 2 / sample.reads + shadow);
    weights += weight;
    levels += weight * (meanDbm(sample) + (gaps[i] ?? 0));
  });
  const levelDbm = weights > 0 ? levels / weights : 0;
  const ownLogit = logit(min(rules.shareMax, ownShare));
  let penalty = (heard.length - current.length) * rules.outdatedPenalty;
  current.forEach(({ sample }, i) => {
    const gapDb = gaps[i] ?? 0;
    let cost = -logShare(sample, shareAt(ownLogit, gapDb, rules), rules.shareCyclesMax);
    if (sample.reads > 0) {
      const residual = meanDbm(sample) + gapDb - levelDbm;
      cost += residual ** 2 / (rules.fadingDb ** 2 / sample.reads + shadow) / 2;
    }
    penalty += min(cost, rules.antennaPenaltyMax);
  });
  // Silence of the antennas next to it, for as long as its own one has listened.
  const silence = { ...NO_SAMPLE, live: candidate.sample.live };
  for (const neighbour of readPoints.get(candidate.readPoint)?.nextTo ?? []) {
    if (!isLive(neighbour) || current.some(({ readPoint }) => readPoint === neighbour)) continue;
    const share = shareAt(ownLogit, rules.gapDb[1], rules);
    penalty += min(-logShare(silence, share, rules.shareCyclesMax), rules.antennaPenaltyMax);
  }
  return -penalty;
}

/**
 * Whether an antenna far from the candidate was last heard before the candidate was first heard, with nothing louder about
 * it: the tag may have been carried away from there, and the edge has not yet had the cycles to say so.
 */
function isOutdated(
  other: Heard,
  candidate: Heard,
  { readPoints, rules }: Pick<WeighContext, 'readPoints' | 'rules'>,
): boolean {
  return (
    other.lastMs < candidate.firstMs &&
    other.powerDbm < candidate.powerDbm + rules.outdatedMarginDb &&
    closenessOf(readPoints, candidate.readPoint, other.readPoint) === 3
  );
}
