/** Tables made by hand from the filing rules: each row is a shelf from left to right. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isInRange } from '#contract/domain/call-number/key-range.ts';
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import { callNumberScheme, type CallNumberScheme } from '#contract/domain/plan.ts';

const SHELVES: readonly (readonly [CallNumberScheme, string, readonly string[]])[] = [
  ['lcc', 'class letters', ['P1', 'PN2 .A6', 'PN12 .A6', 'PQ1', 'PQ10', 'Q1', 'QA1', 'QB1']],
  [
    'lcc',
    'class numbers and decimals',
    ['QA76', 'QA76 .A5', 'QA76.5', 'QA76.73', 'QA76.9 .D3', 'QA77', 'QA101.1 .A101m', 'QA760'],
  ],
  ['lcc', 'nothing before something', ['QA76.9', 'QA76.9 1990', 'QA76.9 .A1', 'QA76.9 .A1 1990', 'QA76.9 .A1 B2']],
  ['lcc', 'cutters are decimals', ['QA76 .J125', 'QA76 .J2', 'QA76 .J38', 'QA76 .J4']],
  [
    'lcc',
    'second cutter and year',
    ['HD38.25.F8 R8', 'HD38.25.F8 R87 1979', 'HD38.25.F8 R87 1989', 'HD38.25.F8 R9 1950'],
  ],
  ['lcc', 'ordinals and a date between cutters', ['KF4558 2nd .A21', 'KF 4558 15th .A21', 'KF4558 .A1']],
  ['lcc', 'a year between cutters', ['JX 33 .A5', 'JX 33 .A5 1966 .I31', 'JX 33 .A5 1968 .I31', 'JX 33 .A5 B1']],
  [
    'lcc',
    'volumes, numbers and copies',
    ['QA1 .A2', 'QA1 .A2 v.3 no.2', 'QA1 .A2 v.3 no.10', 'QA1 .A2 v.3 no.10 c.2', 'QA1 .A2 v.12', 'QA1 .A2 1990'],
  ],
  ['lcc', 'work letters', ['QA101 .A101', 'QA101 .A101a', 'QA101 .A101m', 'QA101 .A101 A1', 'QA101 .A1011']],
  ['ddc', 'decimals digit by digit', ['005', '005.1', '005.13', '005.133', '005.2', '005.74', '006']],
  [
    'ddc',
    'mark, then volumes as whole numbers',
    [
      '005.133 J36',
      '005.133 J36 v.1-2',
      '005.133 J36 v.2',
      '005.133 J36 v.3',
      '005.133 J36 v.12',
      '005.133 J4',
      '005.133 K1',
    ],
  ],
  ['ddc', 'Cutter-Sanborn marks are decimals', ['823.8 D548', '823.8 D55', '823.8 D55g', '823.8 D6', '823.8 Dic']],
  ['ddc', 'letters and glued volumes', ['823.912 JOY', '823.912 JOY V2', '823.912 JOY V10', '823.912 WOO']],
  ['ddc', 'segmentation marks do not count', ["025.4'2", '025.43', '025.4/31', '025.44']],
  ['clc', 'class by character, book number by value', ['A11/45', 'A2/13', 'B43/6', 'B43/11', 'C23/5']],
  ['clc', 'the point is a visual break', ['TP3/1', 'TP31/2', 'TP311.1/9', 'TP311.13/3', 'TP312/1', 'TP391.41/45']],
  [
    'clc',
    'volumes and editions',
    ['I247.5/45', 'I247.5/45:2', 'I247.5/45:10', 'I247.5/45=2', 'I247.5/46', 'I247.5/123'],
  ],
  ['clc', 'author numbers', ['I247.5/L215', 'I247.5/L215:2', 'I247.5/L216', 'I247.5/L3', 'I247.5/M1']],
  ['udc', 'general before special', ['004', '004.4', '004.42', '004.421', '004.43', '005', '51']],
  [
    'udc',
    'signs',
    [
      '51+53',
      '51/53',
      '51',
      '51:33',
      '51=111',
      '51(038)',
      '51(410)',
      '51(=411)',
      '51"19"',
      '51*1',
      '51A',
      '51-7',
      '510',
    ],
  ],
  ['udc', 'marks', ['004 ABC', '004 BCD', '004.4 ABC']],
  ['local', 'plain text, case and width folded', ['BIO 12', 'bio 3', 'ＢＩＯ 4', 'FIC']],
];

const keyOf = (scheme: CallNumberScheme, text: string): string => {
  const key = shelfKey(scheme, text);
  if (!key.ok) throw new Error(`${text}: ${key.error.detail}`);
  return key.value;
};

describe('shelf keys', () => {
  test.each(SHELVES)('%s: %s', (scheme, _name, shelf) => {
    const keys = shelf.map((text) => keyOf(scheme, text));
    for (let i = 1; i < keys.length; i += 1) {
      expect(`${shelf[i - 1] ?? ''} < ${shelf[i] ?? ''}: ${String((keys[i - 1] ?? '') < (keys[i] ?? ''))}`).toMatch(
        /: true$/,
      );
    }
  });

  test.each([
    ['lcc', 'qa 76.73 .j38', 'QA76.73.J38'],
    ['lcc', 'QA0076 .A5', 'QA76 A5'],
    ['ddc', '823/.914 SMI', '823.914 smi'],
    ['clc', 'ＴＰ391.41／45', 'tp39141/45'],
    ['local', ' bio  12 ', 'BIO 12'],
  ] as const)('%s: %s is the same as %s', (scheme, a, b) => {
    expect(keyOf(scheme, a)).toBe(keyOf(scheme, b));
  });

  test.each([
    ['lcc', '12 .A5'],
    ['lcc', 'QA .A5'],
    ['lcc', 'QAXY12'],
    ['ddc', '05.1'],
    ['ddc', 'FIC SMI'],
    ['clc', '391/45'],
    ['clc', 'TP391//?'],
    ['udc', 'abc'],
    ['local', '   '],
  ] as const)('%s refuses %s with a sentence', (scheme, text) => {
    const key = shelfKey(scheme, text);
    expect(key.ok ? key.value : key.error.detail).toMatch(/[a-z]+ [a-z]+/);
    expect(key.ok).toBe(false);
  });

  test('law: no text of any kind makes a key throw', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...callNumberScheme.options),
        fc.string({ maxLength: 80, unit: 'binary' }),
        (scheme, text) => {
          const key = shelfKey(scheme, text);
          expect(typeof (key.ok ? key.value : key.error.detail)).toBe('string');
        },
      ),
    );
  });

  test('law: cutters order as decimals whatever their length', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]{1,6}$/), fc.stringMatching(/^[1-9]{1,6}$/), (a, b) => {
        const expected = Math.sign(Number(`0.${a}`) - Number(`0.${b}`));
        const [left, right] = [keyOf('lcc', `QA76 .J${a}`), keyOf('lcc', `QA76 .J${b}`)];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(expected);
      }),
    );
  });

  test('law: book numbers order by value', () => {
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(999_999), (a, b) => {
        const [left, right] = [keyOf('clc', `B43/${String(a)}`), keyOf('clc', `B43/${String(b)}`)];
        expect(Math.sign(a - b)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });
});

describe('ranges on shelf ends', () => {
  test.each([
    ['lcc', 'QA76', 'QA99', 'QA76', true],
    ['lcc', 'QA76', 'QA99', 'QA99.5 .B3 2001', true],
    ['lcc', 'QA76', 'QA99', 'QA100', false],
    ['lcc', 'QA76', 'QA99', 'QA75.9', false],
    ['lcc', 'QA9', 'QA9', 'QA99', false],
    ['lcc', 'QA76 .A1', 'QA76 .F', 'QA76 .C5', true],
    ['ddc', '005', '005.7', '005.74 X', true],
    ['ddc', '005', '005.7', '005.8', false],
    ['clc', 'A1', 'B43', 'B43/11', true],
    ['clc', 'A1/1', 'B43/11', 'B43/11:2', true],
    ['clc', 'A1/1', 'B43/11', 'B43/111', false],
    ['udc', '004', '004', '004.42', true],
    ['udc', '004', '004', '004+5', true],
    ['udc', '004', '004', '005', false],
    ['local', 'BIO', 'BIO', 'bio smith', true],
  ] as const)('%s %s to %s and %s: %s', (scheme, from, to, text, expected) => {
    expect(isInRange({ scheme, from, to }, scheme, keyOf(scheme, text))).toBe(expected);
  });

  test('keys of another scheme are never compared', () => {
    expect(isInRange({ scheme: 'local', from: '0', to: 'Z' }, 'ddc', keyOf('ddc', '005'))).toBe(false);
  });
});
