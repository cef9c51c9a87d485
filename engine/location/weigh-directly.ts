/**
 * The probability of each place when nothing is known but how loud each antenna hears the tag: no home, no shelves in known
 * order. Each antenna's own loudness is taken off first. What a tag's surroundings do to its power does not average out with
 * time, so that differences of a few decibels say little however many reads they are made of.
 */
import { SLOTS_PER_TAG } from './evidence-table.ts';
import { heardShare, meanDbm, powerDbm, sampleOf, type Sample } from './power.ts';
import type { Candidate, WeighContext } from './weigh-places.ts';

const { exp, log10, max, min, sqrt } = Math;

/** By so many decibels two places of even odds differ by a factor of e. */
const TEMPERATURE_DB = 2.5;
/** No answer is surer: a wall may mirror a tag into another zone, and nobody would know. */
const WEIGHT_MAX = 0.98;
/** A place is known to be the best one only when the others had their turn. */
const YOUNG_CYCLES = 2;
const YOUNG_WEIGHT_MAX = 0.6;
/** What staff's word that a tag is fixed to a place weighs. */
const KNOWN_DB = 15;
/** Stands for the power of an antenna that tells none: odds of being heard turned into decibels. */
const SILENT_DBM = -60;

export function loudnessDbm(sample: Sample, offsetDb: number): number {
  const dbm = sample.reads > 0 ? meanDbm(sample) : SILENT_DBM;
  return dbm - offsetDb + 10 * log10(heardShare(sample));
}

export function weighDirectly(tag: number, context: WeighContext): readonly Candidate[] {
  const { evidence, readPoints, rules } = context;
  const found: { slot: number; readPoint: number; powerDbm: number; sample: Sample }[] = [];
  const start = tag * SLOTS_PER_TAG;
  const knownAt = context.knownAt?.(tag);
  for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
    const readPoint = evidence.readPoint[slot] ?? -1;
    if (readPoint < 0 || !readPoints.has(readPoint)) continue;
    const sample = sampleOf(evidence, slot);
    const known = knownAt !== undefined && readPoints.get(readPoint)?.place === knownAt ? KNOWN_DB : 0;
    found.push({ slot, readPoint, powerDbm: loudnessDbm(sample, context.offsetDb(readPoint)) + known, sample });
  }
  if (found.length === 0) return [];
  const fewest = min(...found.map(({ sample }) => max(1, sample.reads)));
  const temperatureDb = sqrt(TEMPERATURE_DB ** 2 + rules.fadingDb ** 2 / fewest / 2);
  const loudest = max(...found.map(({ powerDbm: dbm }) => dbm));
  const odds = found.map(({ powerDbm: dbm }) => exp((dbm - loudest) / temperatureDb));
  const total = odds.reduce((sum, value) => sum + value, 0);
  const most = max(...found.map(({ sample }) => sample.live)) < YOUNG_CYCLES ? YOUNG_WEIGHT_MAX : WEIGHT_MAX;
  return found
    .map(({ slot, readPoint, powerDbm: dbm }, i) => ({
      slot,
      readPoint,
      powerDbm: dbm,
      weight: min(most, (odds[i] ?? 0) / total),
    }))
    .sort((a, b) => b.powerDbm - a.powerDbm || a.slot - b.slot);
}

/** Loudness by the newest reports alone. */
export function recentLoudnessDbm(slot: number, context: WeighContext): number {
  const { evidence } = context;
  const recentDbm = evidence.recentDbm[slot] ?? NaN;
  if (Number.isNaN(recentDbm)) return powerDbm(sampleOf(evidence, slot));
  return recentDbm - context.offsetDb(evidence.readPoint[slot] ?? -1);
}
