/**
 * Counts of people for everyone to see, with the small ones withheld so that none comes back by subtraction.
 *
 * The places are a tree in which a count is the sum of those below it. From the top down: a total below the limit is
 * withheld, with everything under it. Below a total that is shown, either all parts are shown or none, and none as soon
 * as one of them is below the limit. Hiding the small parts alone would give a single one away (total minus the rest),
 * and hiding the next larger ones with them still pins two (limit 5, together 8: both must be 4).
 *
 * So, whoever knows the rule, the limit and all that is shown cannot rule out a single number below the limit for a
 * place that is withheld. That holds for one table; what is published beside it must be published through it.
 */
import { assert } from '#contract/assert.ts';

/** What open-data guidance calls a small count: fewer people than this could be somebody in particular. */
export const SMALL_COUNT_MIN = 5;

export type CountNode =
  | { readonly id: string; readonly people: number | null }
  | { readonly id: string; readonly parts: readonly CountNode[] };

export interface ShownCount {
  readonly id: string;
  readonly people: number | null;
  /** `withheld`: known here, but told to nobody; `unknown`: not known to us either, or not for one of its parts. */
  readonly state: 'shown' | 'withheld' | 'unknown';
}

/** Every node of the tree, parents before their parts. Counts are whole people, from 0; `min` is at least 1. */
export function withholdSmallCounts(root: CountNode, min: number = SMALL_COUNT_MIN): readonly ShownCount[] {
  assert(Number.isInteger(min) && min >= 1, 'the limit is a whole number from 1');
  const shown: ShownCount[] = [];
  show(root, { min, isWithheld: false, shown });
  return shown;
}

interface Showing {
  readonly min: number;
  readonly isWithheld: boolean;
  readonly shown: ShownCount[];
}

function show(node: CountNode, { min, isWithheld, shown }: Showing): void {
  const people = totalOf(node);
  const isSmall = people !== null && people < min;
  const isHidden = isWithheld || isSmall;
  if (people === null) shown.push({ id: node.id, people: null, state: 'unknown' });
  else if (isHidden) shown.push({ id: node.id, people: null, state: 'withheld' });
  else shown.push({ id: node.id, people, state: 'shown' });
  if (!('parts' in node)) return;

  // A total that is not known binds its parts to nothing: each of them is judged by itself.
  const totals = node.parts.map(totalOf);
  const isOneSmall = people !== null && totals.some((total) => total !== null && total < min);
  for (const part of node.parts) show(part, { min, isWithheld: isHidden || isOneSmall, shown });
}

function totalOf(node: CountNode): number | null {
  if (!('parts' in node)) {
    assert(node.people === null || (Number.isInteger(node.people) && node.people >= 0), 'people are whole, from 0');
    return node.people;
  }
  return node.parts.map(totalOf).reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}
