/**
 * Texts inside EPC URIs: which characters a field may hold, and which of them a URI writes as `%` and two digits.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, appendix A (character set for alphanumeric serial numbers, 82 characters),
 * appendix G (6-bit alphanumeric character set) and section 6.3.12 and following; the character sets of the TDT 1.11
 * scheme files `GIAI-202.xml`, `CPI-var.xml`, `ADI-var.xml`.
 */

/** Letters, digits and `! " % & ' ( ) * + , - . / : ; < = > ? _`: what barcodes of alphanumeric keys may hold. */
const ALPHANUMERIC = /^[!"%-?A-Z_a-z]*$/;

/** Upper-case letters, digits, `#`, `-` and `/`: what fits in six bits of a component or aerospace number. */
const SIX_BIT = /^[#\-/0-9A-Z]*$/;

/** These would end or change a URI. */
const ESCAPED = '"%&/<>?#';

/** Whether barcodes of alphanumeric keys may hold the text. */
export function isAlphanumeric(text: string): boolean {
  return ALPHANUMERIC.test(text);
}

/** Whether a component number may hold the text. */
export function isSixBit(text: string): boolean {
  return SIX_BIT.test(text);
}

/** The text as it stands in a URI. */
export function escapeText(text: string): string {
  return Array.from(text, (character) =>
    ESCAPED.includes(character) ? `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}` : character,
  ).join('');
}

/** Inverse of {@link escapeText}; undefined for a bare character that must be escaped, or an escape of another one. */
export function unescapeText(uriText: string): string | undefined {
  if (!/^(?:[^"%&/<>?#]|%[0-9A-Fa-f]{2})*$/.test(uriText)) return undefined;
  const text = uriText.replaceAll(/%(..)/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
  const isCanonical = escapeText(text) === uriText.replaceAll(/%../g, (escape) => escape.toUpperCase());
  return isCanonical ? text : undefined;
}
