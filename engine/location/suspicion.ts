/**
 * Whether a tag that stood at a place still stands there. Each report is held against what its antenna used to hear of this
 * tag, shadowing and all, and against what it would hear if the tag stood at another place. The logarithms of these odds
 * are summed for each other place and never fall below zero (E. S. Page, Continuous inspection schemes, 1954), so that a
 * long quiet stay does not have to be outweighed, and a joint step on several antennas adds up.
 */
import { EMPTY, SLOTS_PER_TAG } from './evidence-table.ts';
import type { Report } from './absorb.ts';
import type { LocationRules } from './location-rules.ts';
import { heardShare, logit, logShare, meanDbm, NO_SAMPLE, sampleOf, shareAt, type Sample } from './power.ts';
import { closenessOf } from './relations.ts';
import { NOWHERE, type TagTable } from './tag-table.ts';
import type { WeighContext } from './weigh-places.ts';

/** Taken out once: these run for every report, and a look-up of a global costs more than they do. */
const { log, max, min } = Math;

/** To be called before the report is taken into the evidence. */
export function suspectMove(
  tags: TagTable,
  tag: number,
  report: Report,
  context: Pick<WeighContext, 'readPoints' | 'rules'>,
): void {
  const { evidence } = tags;
  const { rules, readPoints } = context;
  const home = tags.home[tag] ?? NOWHERE;
  const homeSlot = home === NOWHERE ? EMPTY : evidence.find(tag, home);
  if (homeSlot === EMPTY) return;
  const own = sampleOf(evidence, homeSlot);
  if (own.live < rules.suspectCycles || own.seen < 1) return;
  const slot = evidence.find(tag, report.readPoint);
  const known: Sample = slot === EMPTY ? NO_SAMPLE : sampleOf(evidence, slot);
  const ownLogit = ownLogitOf(heardShare(own), rules);
  // A tag that stood badly may stand well now.
  const newLogit = ownLogitOf(max(heardShare(own), heardShare(report.sample)), rules);
  const homeGapDb = rules.gapDb[closenessOf(readPoints, home, report.readPoint)];
  // Before much is known, and of antennas forgotten for want of room, the distance tells what to expect.
  const guess = rules.guessCycles * shareAt(ownLogit, homeGapDb, rules);
  const share = (min(known.seen, known.live) + guess) / (known.live + rules.guessCycles);
  const stays = logStay(report.sample, known, { levelDbm: meanDbm(own) - homeGapDb, share, rules });
  const start = tag * SLOTS_PER_TAG;
  for (let other = start; other < start + SLOTS_PER_TAG; other += 1) {
    const readPoint = evidence.readPoint[other] ?? EMPTY;
    if (readPoint === EMPTY || readPoint === home || !readPoints.has(readPoint)) continue;
    const gapDb = rules.gapDb[closenessOf(readPoints, readPoint, report.readPoint)];
    let moves = logShare(report.sample, shareAt(newLogit, gapDb, rules), rules.reportCyclesMax);
    if (report.sample.reads > 0 && own.reads > 0) {
      const variance = rules.fadingDb ** 2 / report.sample.reads + 2 * rules.shadowDb ** 2;
      moves += logNormal(meanDbm(report.sample) - (meanDbm(own) - gapDb), variance);
    }
    // Silence alone may as well mean that somebody has it in the hand.
    const most = report.sample.seen === 0 ? rules.silenceOddsMax : rules.reportOddsMax;
    const odds = max(-rules.reportOddsMax, min(most, moves - stays));
    evidence.suspicion[other] = max(0, (evidence.suspicion[other] ?? 0) + odds);
  }
}

function ownLogitOf(share: number, rules: LocationRules): number {
  return logit(max(rules.ownShareMin, min(rules.shareMax, share)));
}

function logStay(
  fresh: Sample,
  known: Sample,
  expected: { readonly levelDbm: number; readonly share: number; readonly rules: LocationRules },
): number {
  const { rules } = expected;
  const share = min(rules.shareMax, max(rules.shareMin, expected.share));
  let sum = logShare(fresh, share, rules.reportCyclesMax);
  if (fresh.reads > 0) {
    const prior = 1 / (2 * rules.shadowDb ** 2);
    const weight = known.reads / rules.fadingDb ** 2;
    const levelDbm = (expected.levelDbm * prior + meanDbm(known) * weight) / (prior + weight);
    sum += logNormal(meanDbm(fresh) - levelDbm, rules.fadingDb ** 2 / fresh.reads + 1 / (prior + weight));
  }
  return sum;
}

function logNormal(residual: number, variance: number): number {
  return -(residual ** 2) / (2 * variance) - log(variance) / 2;
}

export function strongestSuspicion(tags: TagTable, tag: number): number {
  const start = tag * SLOTS_PER_TAG;
  let best = EMPTY;
  for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
    if (tags.evidence.readPoint[slot] === EMPTY) continue;
    if (best === EMPTY || (tags.evidence.suspicion[slot] ?? 0) > (tags.evidence.suspicion[best] ?? 0)) best = slot;
  }
  return best;
}
