/** What a laboratory run is judged by. Counts only; who prints them divides. */
export interface Share {
  right: number;
  of: number;
}

/** Places right and near at the end of a run, of still and moved tags alike. */
export interface Measures {
  /** At every read after the warm-up: does the stated place hold? */
  readonly atReads: Share;
  readonly atEnd: Share;
  readonly nearAtEnd: Share;
  /** Moves that were reported of tags that nobody touched, after the warm-up. */
  falseMoves: number;
  /** Moved tags that are shown on the exact shelf when two cycles and half a minute are over. */
  readonly noticed: Share;
  /** Time from each move until the exact shelf was shown, in order of the moves; Infinity for never. */
  readonly noticeMs: number[];
  /** Lines that were raised, and those of them that were right at that moment. */
  readonly lines: Share;
  /** Tags that stood wrong for two minutes, and those of them that had a line. */
  readonly found: Share;
  /** Ten bins of stated confidence. */
  readonly confidence: readonly { sum: number; readonly share: Share }[];
  /** False lines of tags that nobody had touched. */
  falseLinesOfStill: number;
}

export const CONFIDENCE_BINS = 10;

export function noMeasures(): Measures {
  const share = (): Share => ({ right: 0, of: 0 });
  return {
    atReads: share(),
    atEnd: share(),
    nearAtEnd: share(),
    falseMoves: 0,
    noticed: share(),
    noticeMs: [],
    lines: share(),
    found: share(),
    confidence: Array.from({ length: CONFIDENCE_BINS }, () => ({ sum: 0, share: share() })),
    falseLinesOfStill: 0,
  };
}

export function note(share: Share, isRight: boolean): void {
  share.of += 1;
  if (isRight) share.right += 1;
}

export function shareOf({ right, of }: Share): number {
  return of === 0 ? 0 : right / of;
}

/** Adds the figures of a second room of the same kind. */
export function addMeasures(to: Measures, from: Measures): void {
  for (const key of ['atReads', 'atEnd', 'nearAtEnd', 'noticed', 'lines', 'found'] as const) {
    to[key].right += from[key].right;
    to[key].of += from[key].of;
  }
  to.falseMoves += from.falseMoves;
  to.falseLinesOfStill += from.falseLinesOfStill;
  to.noticeMs.push(...from.noticeMs);
  to.confidence.forEach((bin, i) => {
    const other = from.confidence[i];
    bin.sum += other?.sum ?? 0;
    bin.share.right += other?.share.right ?? 0;
    bin.share.of += other?.share.of ?? 0;
  });
}
