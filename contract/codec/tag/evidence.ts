/**
 * What speaks for a format, and against it, in the words that `decode tag` prints and a reader's answer carries. A screen
 * finds its own words by the key, so a sentence is changed here and nowhere else.
 *
 * Values stand beside a few: see `evidenceOf`.
 *
 * Source: none; a matter of this project.
 */
export const EVIDENCE = {
  nothingRead: 'nothing was read',
  zeros: 'all zeros',
  fives: '24 bytes 55, then zeros',
  crc: 'crc',
  fixedHolds: 'no crc; version, parts, usage and texts hold',
  fixedBegins: 'no crc; begins like the fixed-length model',
  threeMHolds: 'every field of the 3M layout holds',
  threeMBegins: 'begins like the 3M layout',
  objectsHold: 'every object is known and as the standard writes it',
  objectsOdd: 'reads as objects, but not as the standard writes them',
  listed: 'the content parameter lists the objects',
  zerosBehind: 'zeros behind the objects',
  isil: 'the owner reads like an ISIL',
  usage: 'usage of the standard',
  set: 'the set counts',
  card: 'usage 8',
  mayBeCard: 'may be a card',
  noItemIdYet: 'no item id yet',
  noItemId: 'no item id',
  noBarcode: 'no barcode',
  itemIdTooLong: 'the item id is no barcode',
  noFormat: 'reads in no format',
  noLibraryForm: 'no library form',
  rawEpc: 'raw',
} as const;

export type EvidenceKey = keyof typeof EVIDENCE;

/** Evidence with a value in it: the sentence around `{value}`. */
export const EVIDENCE_WITH_VALUE = {
  dsfid: 'dsfid {value}',
  otherDsfid: 'dsfid {value} names another format',
  afi: 'afi {value}',
  form: 'form {value}',
  scheme: 'scheme {value}',
} as const;

export type ValueEvidenceKey = keyof typeof EVIDENCE_WITH_VALUE;

/** The sentence with its value; a number is a byte. */
export function evidenceOf(key: ValueEvidenceKey, value: string | number): string {
  const text = typeof value === 'number' ? value.toString(16).toUpperCase().padStart(2, '0') : value;
  return EVIDENCE_WITH_VALUE[key].replace('{value}', text);
}

/** Which sentence it is; undefined for what this version does not know. */
export function readEvidence(
  sentence: string,
): { readonly key: EvidenceKey | ValueEvidenceKey; readonly value?: string } | undefined {
  for (const [key, known] of Object.entries(EVIDENCE)) if (known === sentence) return { key: key as EvidenceKey };
  for (const [key, known] of Object.entries(EVIDENCE_WITH_VALUE)) {
    const [before = '', behind = ''] = known.split('{value}');
    const value = sentence.slice(before.length, sentence.length - behind.length);
    if (/^[\w.-]+$/.test(value) && before + value + behind === sentence) return { key: key as ValueEvidenceKey, value };
  }
  return undefined;
}
