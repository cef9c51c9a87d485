/**
 * The data elements of a library tag, by relative object identifier, and the types of usage.
 *
 * Source: ISO 28560-1 and -2, tables of data elements; the sub-classes of usage as listed in ISO 28560-1.
 */

/** Names by relative OID, in the words of the standard. */
export const ELEMENT_NAMES: Readonly<Record<number, string>> = {
  1: 'Primary item identifier',
  2: 'Content parameter',
  3: 'Owner institution (ISIL)',
  4: 'Set information',
  5: 'Type of usage',
  6: 'Shelf location',
  7: 'ONIX media format',
  8: 'MARC media format',
  9: 'Supplier identifier',
  10: 'Order number',
  11: 'ILL borrowing institution (ISIL)',
  12: 'ILL borrowing transaction number',
  13: 'GS1 product identifier',
  14: 'Alternative unique item identifier',
  15: 'Local data A',
  16: 'Local data B',
  17: 'Title',
  18: 'Product identifier local',
  19: 'Media format (other)',
  20: 'Supply chain stage',
  21: 'Supplier invoice number',
  22: 'Alternative item identifier',
  23: 'Alternative owner institution',
  24: 'Subsidiary of an owner institution',
  25: 'Alternative ILL borrowing institution',
  26: 'Local data C',
};

/** The elements that have rules of their own. */
export const OID = {
  primaryItemId: 1,
  contentParameter: 2,
  ownerIsil: 3,
  setInformation: 4,
  typeOfUsage: 5,
  illBorrowerIsil: 11,
} as const;

/** Relative OIDs reach so far; 27 to 31 are kept free by ISO 28560-2. */
export const OID_MAX = 127;
export const KNOWN_OID_MAX = 26;

/** Types of usage by their class, the first hexadecimal digit. */
const USAGE_NAMES: readonly string[] = [
  'Acquisition item',
  'Item for circulation',
  'Item not for circulation',
  'For local use',
  'For local use',
  'For future use',
  'No information about usage on the tag',
  'Discarded item',
  'Patron card',
  'Library equipment',
];

/** What a class of usage is called; classes above 9 are for future use. */
export function usageName(usage: number): string {
  return USAGE_NAMES[usage] ?? 'For future use';
}
