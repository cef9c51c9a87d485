/** How many leading words all lists share: "Floor 1 · Range 2" is said once for a reader, not for each antenna. */
export function commonParts(lists: readonly (readonly string[])[]): number {
  const [first, ...others] = lists;
  if (first === undefined || others.length === 0) return 0;
  const differs = first.findIndex((part, index) => others.some((list) => list[index] !== part));
  // The last word of a list stays with it, so that no antenna is left without a name.
  return Math.min(differs === -1 ? first.length : differs, ...lists.map((list) => list.length - 1));
}
