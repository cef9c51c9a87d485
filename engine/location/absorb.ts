/** Takes one report of the edge into the evidence of its tag and read point. */
import { EMPTY, type EventRef } from './evidence-table.ts';
import type { LocationRules } from './location-rules.ts';
import { sampleOf, type Sample } from './power.ts';
import { NOWHERE, type TagTable } from './tag-table.ts';

/** One `tag` observation, in numbers. */
export interface Report {
  readonly readPoint: number;
  readonly isLost: boolean;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly sample: Sample;
  /** Power of its last read. */
  readonly lastDbm?: number | undefined;
  readonly event: EventRef;
}

/** Adds the report; old evidence fades with the cycles it covers. */
export function absorbReport(tags: TagTable, tag: number, report: Report, rules: LocationRules): void {
  const { evidence } = tags;
  const isFirst = evidence.find(tag, report.readPoint) === EMPTY;
  // The loss of something nobody kept tells nothing.
  if (isFirst && report.isLost) return;
  const slot = evidence.claim(tag, report.readPoint, tags.home[tag] ?? NOWHERE);
  const known = sampleOf(evidence, slot);
  const fresh = report.sample;
  evidence.lost[slot] = report.isLost ? 1 : 0;
  evidence.lastMs[slot] = Math.max(evidence.lastMs[slot] ?? 0, report.lastMs);
  if (isFirst) evidence.firstMs[slot] = report.firstMs;
  evidence.setEvent(slot, report.event);
  // The silence by which its place lost it belongs to the time after the stay: it says nothing about how the tag stood there.
  if (report.isLost && fresh.seen === 0 && report.readPoint === tags.home[tag]) return;
  const keeps = Math.exp(-fresh.live / rules.memoryCycles);
  evidence.live[slot] = known.live * keeps + fresh.live;
  evidence.seen[slot] = known.seen * keeps + fresh.seen;
  evidence.reads[slot] = known.reads * keeps + fresh.reads;
  evidence.sumDbm[slot] = known.sumDbm * keeps + fresh.sumDbm;
}
