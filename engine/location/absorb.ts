/** Takes one report of the edge into the evidence of its tag and read point. */
import { EMPTY, type EventRef } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';
import { powerDbm, powerVariance, sampleOf, type Sample } from './power.ts';
import { NOWHERE, type TagTable } from './tag-table.ts';

/** One `tag` observation, in numbers. */
export interface Report {
  readonly readPoint: number;
  readonly isLost: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly sample: Sample;
  readonly event: EventRef;
}

/** A single cycle of silence is no surprise at any share the edge keeps a tag for. */
const MISS_BY_CHANCE_MAX = 0.02;

/** Adds the report; old evidence fades with the cycles it covers, faster when it contradicts what was known. */
export function absorbReport(tags: TagTable, tag: number, report: Report, rules: LocationRules): void {
  const { evidence } = tags;
  const isFirst = evidence.find(tag, report.readPoint) === EMPTY;
  // The loss of something nobody kept tells nothing.
  if (isFirst && report.isLost) return;
  const slot = evidence.claim(tag, report.readPoint, tags.home[tag] ?? NOWHERE);
  const known = sampleOf(evidence, slot);
  const fresh = report.sample;
  const keeps =
    Math.exp(-fresh.live / rules.memoryCycles) * (isSurprising(known, fresh, rules) ? rules.surpriseKeeps : 1);
  evidence.live[slot] = known.live * keeps + fresh.live;
  evidence.seen[slot] = known.seen * keeps + fresh.seen;
  evidence.reads[slot] = known.reads * keeps + fresh.reads;
  evidence.sumMw[slot] = known.sumMw * keeps + fresh.sumMw;
  evidence.lastMs[slot] = Math.max(evidence.lastMs[slot] ?? 0, report.lastMs);
  if (isFirst) evidence.firstMs[slot] = report.firstMs;
  evidence.setEvent(slot, report.event);
}

function isSurprising(known: Sample, fresh: Sample, rules: LocationRules): boolean {
  if (known.live < 2 || fresh.live < 1) return false;
  if (fresh.seen === 0) return (1 - Math.min(0.98, known.seen / known.live)) ** fresh.live < MISS_BY_CHANCE_MAX;
  // A reader that gives the power of some reads only: shares and powers are not compared.
  if ((known.reads === 0) !== (fresh.reads === 0)) return false;
  const difference = powerDbm(fresh) - powerDbm(known);
  const variance = powerVariance(fresh, rules) + powerVariance(known, rules);
  return difference ** 2 > rules.surpriseSigma ** 2 * variance;
}
