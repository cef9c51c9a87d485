/** Copies of one title stand together in a list: the title is said once, each copy with its own call number and place. */
import type { ItemSummary } from '#contract/wire/rest.ts';

export interface Copy {
  readonly item: ItemSummary;
  /** Says title and author above it. */
  readonly isFirst: boolean;
  /** Of the same title in a row; `null` while more of them may follow on the next page. */
  readonly copies: number | null;
}

export function groupCopies(items: readonly ItemSummary[], hasMore: boolean): readonly Copy[] {
  const groups: ItemSummary[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    const before = last?.[0];
    if (last !== undefined && before !== undefined && isSameTitle(before, item)) last.push(item);
    else groups.push([item]);
  }
  return groups.flatMap((group, index) => {
    const isOpen = hasMore && index === groups.length - 1;
    return group.map((item, copy) => ({ item, isFirst: copy === 0, copies: isOpen ? null : group.length }));
  });
}

function isSameTitle(a: ItemSummary, b: ItemSummary): boolean {
  return a.title === b.title && a.author === b.author && a.year === b.year && a.language === b.language;
}
