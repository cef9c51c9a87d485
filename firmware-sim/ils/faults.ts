/** What goes wrong between a library system and its terminals, by chance that repeats. */
import type { Random } from '#sim/random/random.ts';

/** Shares are 0 to 1, of the requests. */
export interface IlsFaults {
  /** 95 of 100 answers come within this time; the usual one within a third of it. 0: at once. */
  readonly answerP95Ms: number;
  /** Done, but the answer never leaves. */
  readonly lostAnswerShare: number;
  /** The line goes down before the request is looked at. */
  readonly droppedBeforeShare: number;
  /** The line goes down after it was done. */
  readonly droppedAfterShare: number;
  /** The answer is damaged on the way. */
  readonly wrongChecksumShare: number;
  /** The answer comes twice. */
  readonly doubleAnswerShare: number;
  /** Silence after which the system hangs up; 0: never. */
  readonly idleMs: number;
}

export const NO_FAULTS: IlsFaults = {
  answerP95Ms: 0,
  lostAnswerShare: 0,
  droppedBeforeShare: 0,
  droppedAfterShare: 0,
  wrongChecksumShare: 0,
  doubleAnswerShare: 0,
  idleMs: 0,
};

export interface Fate {
  readonly delayMs: number;
  readonly kind: 'well' | 'lost' | 'dropped-before' | 'dropped-after' | 'wrong-checksum' | 'twice';
}

/** The 95th percentile of an exponential is three times its mean. */
const P95_OF_MEAN = Math.log(20);

/** One draw for each request, whatever is switched on: the same seed keeps its order. */
export function drawFate(faults: IlsFaults, random: Random): Fate {
  const delayMs = random.exponential(1) * (faults.answerP95Ms / P95_OF_MEAN);
  let chance = random.next();
  const shares = [
    ['lost', faults.lostAnswerShare],
    ['dropped-before', faults.droppedBeforeShare],
    ['dropped-after', faults.droppedAfterShare],
    ['wrong-checksum', faults.wrongChecksumShare],
    ['twice', faults.doubleAnswerShare],
  ] as const;
  for (const [kind, share] of shares) {
    if (chance < share) return { kind, delayMs };
    chance -= share;
  }
  return { kind: 'well', delayMs };
}
