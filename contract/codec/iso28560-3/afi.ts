/**
 * The application family identifier as a security mark: a gate that asks only for AFI 07 hears only items that were
 * not lent, and no goods of other trades. The AFI must not be locked when it is used so.
 *
 * Other values are in use (02, 21, DA for "out" in some products), so a library's profile may name its own; one that
 * the profile does not name is reported, never alarmed.
 *
 * Source: DS/INF 163-1 (Danish data model), section on theft protection; ISO 28560-1; C2 is registered for libraries
 * under ISO/IEC 15961-2.
 */
export const AFI = {
  /** Not lent: a gate calls. */
  inStock: 0x07,
  /** Lent: a gate is silent. */
  onLoan: 0xc2,
} as const;
