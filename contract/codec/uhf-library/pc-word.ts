/**
 * The protocol control word before the EPC: how long it is, and whether it is by GS1 or by ISO.
 *
 *     bit 15 .. 11   10             9            8                       7 .. 0
 *     | words of EPC | user memory | more PC words | T: 1 = ISO, not GS1 | AFI, if T is set |
 *
 * Source: ISO/IEC 18000-63, memory bank 01 (bits 10h to 1Fh; T is bit 17h); GS1 EPC Tag Data Standard 1.13, section 9.
 */
const TOGGLE = 0x0100;

/** Length of the EPC that the word announces. */
export function pcEpcBytes(pc: number): number {
  return 2 * ((pc >> 11) & 0x1f);
}

/** The application family, if the tag is numbered by ISO. */
export function pcAfi(pc: number): number | undefined {
  return (pc & TOGGLE) === 0 ? undefined : pc & 0xff;
}

/** The word for a tag numbered by ISO; length and user memory bit stay as in `pc`. */
export function withAfi(pc: number, afi: number): number {
  return (pc & 0xfe00) | TOGGLE | afi;
}

/** The word for an EPC of so many bytes; without `afi`, numbered by GS1 or by nobody. */
export function buildPc(epcBytes: number, afi?: number): number {
  const pc = ((epcBytes / 2) & 0x1f) << 11;
  return afi === undefined ? pc : withAfi(pc, afi);
}
