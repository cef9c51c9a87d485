/**
 * For links that differ in their query only: the router marks a link as current when the address holds everything the
 * link says, and a link without a query says nothing. Which one is current is then the screen's own word.
 */
export const EXACT = { exact: true, includeSearch: true, explicitUndefined: true } as const;
