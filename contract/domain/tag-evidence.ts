/**
 * What the engine holds of one tag just now: which read points hear it, how strongly, how often, and how likely each of their
 * places is. It is the engine's own memory of the tag (slice `tag {library}`, key = the tag's key), so it costs nothing
 * besides; whoever explains an answer reads it here. Past answers carry their evidence in their facts.
 */
export interface TagEvidence {
  readonly tag: string;
  readonly condition: 'unseen' | 'present' | 'departed';
  /** The read point that stands for its place; `null` for none. */
  readonly readPoint: string | null;
  readonly sinceMs: number;
  readonly lastMs: number;
  /** 0 to 1. */
  readonly confidence: number;
  /** The rule that led to the present place; the same words as in the evidence of facts. */
  readonly rule: string | null;
  /** Likeliest first. */
  readonly readPoints: readonly TagEvidenceAt[];
}

export interface TagEvidenceAt {
  readonly readPoint: string;
  /** Probability of its place, 0 to 1, at the last judgement. */
  readonly weight: number;
  /** Live cycles of the antenna, and those in which it heard the tag; both fade. */
  readonly cyclesLive: number;
  readonly cyclesSeen: number;
  /** Mean of the reads as the antenna gave them; `null` without RSSI. */
  readonly meanDbm: number | null;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The antenna does not hear it any more. */
  readonly isLost: boolean;
  /** Logarithm of the odds that the tag has moved here since it settled. */
  readonly suspicion: number;
  /** The newest observation: number of its stream (slice `stream`), number of its batch, place within it. */
  readonly event: readonly [stream: number, seq: number, index: number] | null;
}

/** One read point's part of the row, in the order in which it is written. */
export type SlotMemory = readonly [
  readPoint: string,
  live: number,
  seen: number,
  reads: number,
  sumDbm: number,
  suspicion: number,
  firstMs: number,
  lastMs: number,
  event: readonly [stream: number, seq: number, index: number] | null,
  lost: number,
  weight?: number,
  recentDbm?: number | null,
];

/** The row as it is written: short names, since there are millions of it. */
export interface TagMemory {
  /** Number in {@link TAG_CONDITIONS}. */
  readonly c: number;
  readonly h: string | null;
  readonly t: readonly [sinceMs: number, lastMs: number, homeLostMs: number, allLostMs: number];
  readonly p: number;
  /** 1 once it left or moved: then it may stand anywhere. */
  readonly r: number;
  /** The rule that led to its place. */
  readonly w?: string | null;
  /** Other ids of the tag, and the barcode written on it. */
  readonly k: readonly string[];
  readonly b: string | null;
  /** With its position, since ties go to the earlier slot. */
  readonly s: readonly (readonly [position: number, slot: SlotMemory])[];
}

export const TAG_CONDITIONS = ['unseen', 'present', 'departed'] as const;

/** Reads a row that the engine wrote. */
export function tagEvidenceOf(tag: string, body: string): TagEvidence {
  const memory = JSON.parse(body) as TagMemory;
  const [sinceMs, lastMs] = memory.t;
  const readPoints = memory.s.map(([, slot]): TagEvidenceAt => {
    const [readPoint, live, seen, reads, sumDbm, suspicion, firstMs, slotLastMs, event, lost, weight = 0] = slot;
    return {
      readPoint,
      weight,
      cyclesLive: live,
      cyclesSeen: Math.min(seen, live),
      meanDbm: reads > 0 ? sumDbm / reads : null,
      firstMs,
      lastMs: slotLastMs,
      isLost: lost === 1,
      suspicion,
      event,
    };
  });
  return {
    tag,
    condition: TAG_CONDITIONS[memory.c] ?? 'unseen',
    readPoint: memory.h,
    sinceMs,
    lastMs,
    confidence: memory.p,
    rule: memory.w ?? null,
    readPoints: readPoints.sort((a, b) => b.weight - a.weight),
  };
}
