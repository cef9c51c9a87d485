/**
 * The bit code of an ISIL (identifier of a library), used under application-defined compaction.
 *
 *     upper case, 5 bits   - A..Z :   11100 latch lower, 11101 shift lower, 11110 latch numeric, 11111 shift numeric
 *     lower case, 5 bits   - a..z /   11100 latch upper, 11101 shift upper, 11110 latch numeric, 11111 shift numeric
 *     numeric, 4 bits      0..9 - :   1100 latch upper, 1101 shift upper, 1110 latch lower, 1111 shift lower
 *
 * It starts in upper case. A latch holds until the next one, a shift for one character. The last byte is filled with
 * ones, which read as a control code with no character behind it.
 *
 * Source: ISO 28560-2, annex C (encoding of ISIL), with its examples `DE-Heu1` and `US-InU-Mu`.
 */
import { BitReader, packBits } from '#contract/codec/iso28560-2/bits.ts';

type SetName = 'upper' | 'lower' | 'numeric';

interface CharacterSet {
  readonly bits: 4 | 5;
  /** Characters by code, from 0. */
  readonly characters: string;
  /** Codes behind the characters: latch and shift to the first other set, then to the second. */
  readonly others: readonly [SetName, SetName];
}

const SETS: Readonly<Record<SetName, CharacterSet>> = {
  upper: { bits: 5, characters: '-ABCDEFGHIJKLMNOPQRSTUVWXYZ:', others: ['lower', 'numeric'] },
  lower: { bits: 5, characters: '-abcdefghijklmnopqrstuvwxyz/', others: ['upper', 'numeric'] },
  numeric: { bits: 4, characters: '0123456789-:', others: ['upper', 'lower'] },
};
/** Where a character is looked for when the set in force does not hold it. */
const SEARCH: readonly SetName[] = ['upper', 'lower', 'numeric'];

/** The ISIL coded in `data`. */
export function readIsil(data: Uint8Array): string {
  const reader = new BitReader(data);
  let latched: SetName = 'upper';
  let current: SetName = 'upper';
  let text = '';
  for (;;) {
    const set: CharacterSet = SETS[current];
    const code = reader.take(set.bits);
    if (code === undefined) return text;
    const character = set.characters[code];
    if (character !== undefined) {
      text += character;
      current = latched;
      continue;
    }
    const control = code - set.characters.length;
    current = set.others[control >> 1] ?? 'upper';
    if ((control & 1) === 0) latched = current;
  }
}

/** The bytes of an ISIL; undefined if it is empty or has a character that no ISIL has. */
export function writeIsil(isil: string): Uint8Array | undefined {
  if (!/^[-A-Za-z0-9:/]+$/.test(isil)) return undefined;
  const groups: [number, number][] = [];
  let latched: SetName = 'upper';
  Array.from(isil).forEach((character, index) => {
    const current = latched;
    const target = holds(current, character) ? current : (SEARCH.find((name) => holds(name, character)) ?? current);
    if (target !== current) {
      const next = isil[index + 1];
      // A single stranger is shifted to; two in a row are worth a latch.
      const isShift = next === undefined || holds(current, next);
      groups.push([controlCode(current, target, isShift), SETS[current].bits]);
      if (!isShift) latched = target;
    }
    groups.push([SETS[target].characters.indexOf(character), SETS[target].bits]);
  });
  return packBits(groups, '1111111');
}

function holds(set: SetName, character: string): boolean {
  return SETS[set].characters.includes(character);
}

function controlCode(from: SetName, to: SetName, isShift: boolean): number {
  const { characters, others } = SETS[from];
  return characters.length + 2 * others.indexOf(to) + (isShift ? 1 : 0);
}
