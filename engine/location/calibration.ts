/**
 * How loud each antenna reports, learnt from what all of them say of the same tags.
 *
 * Two antennas that hear the same tags should win about as many of them; where one reports everything some decibels weaker, it
 * wins none. The offset of each antenna is set so that the tags of unknown place fall evenly to the antennas that compete for
 * them, as far as the far antennas agree: those that do not win a tag say the same of an antenna's loudness without knowing where
 * tags are many. Tags of known place come before all guesses: offsets follow until each wins its own.
 */
import { EMPTY, SLOTS_PER_TAG } from './evidence-table.ts';
import { heardShare, meanDbm, sampleOf } from './power.ts';
import type { TagTable } from './tag-table.ts';

/** What one tag says of each of the antennas that hear it. */
interface Pattern {
  readonly readPoints: readonly number[];
  readonly dbm: readonly number[];
  /** Where the tag is known to stand, as a place in those lists; EMPTY if it is not known. */
  readonly known: number;
}

interface Calibrated {
  offsetDb: number;
  samples: number;
  references: number;
  byHand: number | undefined;
}

/** At most so many tags are looked at in one go: about a millisecond of work. */
const TAGS_A_ROUND = 512;
const ROUNDS = 40;
const READS_MIN = 2;
/** Differences of power by which a tag falls to one or another antenna. */
const TEMPERATURE_DB = 4;
const KNOWN_TEMPERATURE_DB = 2;
/** What all other tags say of an offset is worth so many references. */
const GUESS_WORTH = 3;
const OFFSET_DB_MAX = 12;
/** Fewer tags than this say little: the offset is pulled towards none. */
const TAGS_OF_DOUBT = 4;
/** By this much more or fewer than its share an antenna may win and still be held to have as many tags as others. */
const EVEN_SHARE = [0.4, 1.7] as const;

export class Calibration {
  readonly byReadPoint = new Map<number, Calibrated>();
  #from = 0;

  offsetDb(readPoint: number): number {
    const known = this.byReadPoint.get(readPoint);
    return known === undefined ? 0 : (known.byHand ?? known.offsetDb);
  }

  /** What staff say holds until they take it back. */
  setByHand(readPoint: number, offsetDb: number | undefined): void {
    this.#known(readPoint).byHand = offsetDb;
  }

  /**
   * Looks at the next tags in turn; gives the read points whose offset changed. `knownAt` gives the read point at which a tag is
   * known to stand; `isOfUse` leaves tags out.
   */
  learn(tags: TagTable, view: { knownAt(tag: number): number; isOfUse(tag: number): boolean }): readonly number[] {
    const patterns: Pattern[] = [];
    const count = Math.min(TAGS_A_ROUND, tags.size);
    for (let i = 0; i < count; i += 1) {
      const tag = (this.#from + i) % tags.size;
      if (!view.isOfUse(tag)) continue;
      const pattern = patternOf(tags, tag, view.knownAt(tag));
      if (pattern !== undefined) patterns.push(pattern);
    }
    const isWhole = count === tags.size;
    this.#from = tags.size === 0 ? 0 : (this.#from + count) % tags.size;
    return this.#take(patterns, isWhole);
  }

  #take(patterns: readonly Pattern[], isWhole: boolean): number[] {
    const found = solveOffsets(patterns);
    const changed: number[] = [];
    for (const [readPoint, { offsetDb, samples, references }] of found) {
      const known = this.#known(readPoint);
      // A part of the tags moves what all of them said before by its share only.
      const share = isWhole ? 1 : samples / (samples + Math.min(known.samples, 20 * TAGS_A_ROUND));
      const next = known.offsetDb + share * (offsetDb - known.offsetDb);
      if (Math.abs(next - known.offsetDb) > 0.05 || known.references !== references) changed.push(readPoint);
      known.offsetDb = next;
      known.samples = isWhole ? samples : known.samples + samples;
      known.references = references;
    }
    return changed;
  }

  #known(readPoint: number): Calibrated {
    let known = this.byReadPoint.get(readPoint);
    if (known === undefined) {
      known = { offsetDb: 0, samples: 0, references: 0, byHand: undefined };
      this.byReadPoint.set(readPoint, known);
    }
    return known;
  }
}

function patternOf(tags: TagTable, tag: number, knownAt: number): Pattern | undefined {
  const { evidence } = tags;
  const readPoints: number[] = [];
  const dbm: number[] = [];
  const start = tag * SLOTS_PER_TAG;
  for (let slot = start; slot < start + SLOTS_PER_TAG; slot += 1) {
    const readPoint = evidence.readPoint[slot] ?? EMPTY;
    const sample = sampleOf(evidence, slot);
    if (readPoint === EMPTY || sample.reads < READS_MIN * 0.9) continue;
    readPoints.push(readPoint);
    dbm.push(meanDbm(sample) + 10 * Math.log10(heardShare(sample)));
  }
  return readPoints.length < 2 ? undefined : { readPoints, dbm, known: readPoints.indexOf(knownAt) };
}

interface Solved {
  offsetDb: number;
  samples: number;
  references: number;
}

function solveOffsets(patterns: readonly Pattern[]): Map<number, Solved> {
  const solved = new Map<number, Solved>();
  for (const { readPoints, known } of patterns) {
    for (const readPoint of readPoints) {
      const entry = solved.get(readPoint) ?? { offsetDb: 0, samples: 0, references: 0 };
      entry.samples += 1;
      if (known >= 0) entry.references += 1;
      solved.set(readPoint, entry);
    }
  }
  // Where the tags fall evenly as it is, there is little to mend; the far antennas are asked only where they do not, since one
  // that hangs in the middle is nearer to all of them and so seems louder.
  if (!isEven(patterns, solved)) {
    for (let round = 0; round < ROUNDS / 2; round += 1) move(solved, farResiduals(patterns, solved), 1);
  }
  if (isEven(patterns, solved)) {
    for (let round = 0; round < ROUNDS; round += 1)
      move(solved, surplusOf(patterns, { solved, byKnown: false }), TEMPERATURE_DB / 2);
  }
  const guessed = new Map([...solved].map(([readPoint, { offsetDb }]) => [readPoint, offsetDb]));
  const references = patterns.filter(({ known }) => known >= 0);
  for (let round = 0; references.length > 0 && round < ROUNDS; round += 1) {
    move(solved, surplusOf(references, { solved, byKnown: true }), KNOWN_TEMPERATURE_DB / 2);
    // A few references correct what all tags say; many replace it.
    for (const [readPoint, entry] of solved) {
      const guessDb = guessed.get(readPoint) ?? 0;
      entry.offsetDb += Math.min(1, GUESS_WORTH / Math.max(1, entry.references)) * (guessDb - entry.offsetDb);
    }
  }
  return solved;
}

/** One step of all offsets, pulled towards zero where few tags speak; the mean stays zero, since only differences count. */
function move(solved: Map<number, Solved>, steps: ReadonlyMap<number, Tally>, factor: number): void {
  for (const [readPoint, { sum, count }] of steps) {
    const entry = solved.get(readPoint);
    if (entry === undefined || count === 0) continue;
    const next = entry.offsetDb + (factor * sum) / (count + TAGS_OF_DOUBT);
    entry.offsetDb = Math.max(-OFFSET_DB_MAX, Math.min(OFFSET_DB_MAX, next));
  }
  let mean = 0;
  for (const { offsetDb } of solved.values()) mean += offsetDb / solved.size;
  for (const entry of solved.values()) entry.offsetDb -= mean;
}

interface Tally {
  sum: number;
  count: number;
}

function tallyOf(tallies: Map<number, Tally>, readPoint: number): Tally {
  let tally = tallies.get(readPoint);
  if (tally === undefined) tallies.set(readPoint, (tally = { sum: 0, count: 0 }));
  return tally;
}

/** How much louder each antenna is than the others of those that did not win the tag. */
function farResiduals(patterns: readonly Pattern[], solved: ReadonlyMap<number, Solved>): Map<number, Tally> {
  const tallies = new Map<number, Tally>();
  for (const pattern of patterns) {
    const dbm = corrected(pattern, solved);
    const winner = dbm.indexOf(Math.max(...dbm));
    const far = dbm.filter((_, i) => i !== winner);
    if (far.length < 2) continue;
    const mean = far.reduce((sum, value) => sum + value, 0) / far.length;
    pattern.readPoints.forEach((readPoint, i) => {
      if (i === winner) return;
      const tally = tallyOf(tallies, readPoint);
      // One odd reflection must not decide.
      tally.sum += Math.max(-8, Math.min(8, (dbm[i] ?? 0) - mean));
      tally.count += 1;
    });
  }
  return tallies;
}

/** How many more tags each antenna wins than it should: its even share, or (of known tags) those that are its own. */
function surplusOf(
  patterns: readonly Pattern[],
  { solved, byKnown }: { readonly solved: ReadonlyMap<number, Solved>; readonly byKnown: boolean },
): Map<number, Tally> {
  const temperatureDb = byKnown ? KNOWN_TEMPERATURE_DB : TEMPERATURE_DB;
  const tallies = new Map<number, Tally>();
  for (const pattern of patterns) {
    const dbm = corrected(pattern, solved);
    const loudest = Math.max(...dbm);
    const odds = dbm.map((value) => Math.exp((value - loudest) / temperatureDb));
    const total = odds.reduce((sum, value) => sum + value, 0);
    pattern.readPoints.forEach((readPoint, i) => {
      const due = !byKnown ? 1 / dbm.length : i === pattern.known ? 1 : 0;
      const tally = tallyOf(tallies, readPoint);
      tally.sum += ((odds[i] ?? 0) / total - due) * dbm.length;
      tally.count += 1;
    });
  }
  return tallies;
}

function isEven(patterns: readonly Pattern[], solved: ReadonlyMap<number, Solved>): boolean {
  const shares = [...surplusOf(patterns, { solved, byKnown: false }).values()].map(({ sum, count }) => 1 + sum / count);
  return shares.length > 1 && shares.every((share) => share >= EVEN_SHARE[0] && share <= EVEN_SHARE[1]);
}

function corrected({ readPoints, dbm }: Pattern, solved: ReadonlyMap<number, Solved>): number[] {
  return dbm.map((value, i) => value - (solved.get(readPoints[i] ?? EMPTY)?.offsetDb ?? 0));
}
