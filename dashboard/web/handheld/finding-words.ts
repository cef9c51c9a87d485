/** A finding in words: what to do with the book, and what a sign beside it means. */
import type { SweepFindingView } from '#contract/wire/rest-sweeps.ts';

/** Where the arrow leads: `behind` another book, to the `front` of the shelf, to `another` shelf, or `turn` it round. */
export type Arrow = 'behind' | 'front' | 'another' | 'turn';

export interface FindingWords {
  readonly meaning: 'fine' | 'look' | 'act' | 'unknown';
  readonly arrow: Arrow | null;
  /** Key of the sentence that says what to do. */
  readonly errand: string;
}

const PLAIN: Record<Exclude<SweepFindingView['kind'], 'move' | 'wrong-shelf'>, FindingWords> = {
  reversed: { meaning: 'look', arrow: 'turn', errand: 'findingDo.reversed' },
  foreign: { meaning: 'act', arrow: null, errand: 'findingDo.foreign' },
  unparsable: { meaning: 'look', arrow: null, errand: 'findingDo.unparsable' },
  unknown: { meaning: 'unknown', arrow: null, errand: 'findingDo.unknown' },
  blank: { meaning: 'unknown', arrow: null, errand: 'findingDo.blank' },
  'shelf-end': { meaning: 'fine', arrow: null, errand: 'findingDo.shelf-end' },
};
/** A kind that a newer server knows is still shown. */
const STRANGE: FindingWords = { meaning: 'unknown', arrow: null, errand: 'findingDo.look' };

export function wordsOf({ kind, after, home }: Pick<SweepFindingView, 'kind' | 'after' | 'home'>): FindingWords {
  switch (kind) {
    case 'move':
      return after === null
        ? { meaning: 'act', arrow: 'front', errand: 'findingDo.front' }
        : { meaning: 'act', arrow: 'behind', errand: 'findingDo.behind' };
    case 'wrong-shelf':
      return home.length === 0
        ? { meaning: 'act', arrow: null, errand: 'findingDo.homeless' }
        : { meaning: 'act', arrow: 'another', errand: 'findingDo.another' };
    default:
      return (PLAIN as Partial<Record<string, FindingWords>>)[kind] ?? STRANGE;
  }
}
