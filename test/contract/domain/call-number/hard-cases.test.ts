/**
 * Shelves that sorters of other systems get wrong, each from left to right, made by hand from the filing rules. Every one
 * is shuffled and must come back.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import type { CallNumberScheme } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, shelvingSettings, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';

type Shelf = readonly [scheme: CallNumberScheme, name: string, texts: readonly string[]];

const SHELVES: readonly Shelf[] = [
  ['lcc', 'numbers of the class', ['HB7', 'HB50', 'HB99.3', 'HB99.31', 'HB99.7', 'HB100 .A1', 'HB1000 .A1', 'HC1 .A1']],
  [
    'lcc',
    'class decimals of any length',
    ['T11.23 .F2', 'T11.230001 .A1', 'T11.231 .A1', 'T11.244444 .A1', 'T11.244445 .A1', 'T11.3 .A1'],
  ],
  [
    'lcc',
    'a date in place of a cutter, by value, before the cutters',
    ['KF27 1901', 'KF27 1901 .B9', 'KF27 1930', 'KF27 2014', 'KF27 .A1', 'KF27.5 1901'],
  ],
  [
    'lcc',
    'ordinals by value',
    ['KF4558', 'KF4558 1st .A9', 'KF4558 1st .B1', 'KF4558 2d', 'KF4558 3rd', 'KF 4558 15th .A21', 'KF4558 101st'],
  ],
  [
    'lcc',
    'words before cutters',
    ['R24', 'R24 extra copy', 'R24 .A24', 'R24 .A24 extra copy', 'R24 .A24 .A1', 'R24 .A3'],
  ],
  [
    'lcc',
    'work letters before everything but dates and words',
    [
      'QA9 .A101',
      'QA9 .A101 1990',
      'QA 9 .A101m',
      'QA9 .A101mb',
      'QA9 .A101 A2',
      'QA9 .A101 A2z',
      'QA9 .A102',
      'QA9 .A11',
    ],
  ],
  [
    'lcc',
    'letters of a year',
    ['PS3 .G7 1973', 'PS3 .G7 1973 v.2', 'PS3 .G7 1973b', 'PS3 .G7 1974', 'PS3 .G7 1974/75'],
  ],
  [
    'lcc',
    'cutters without a blank',
    ['DR18.5.M37', 'DR18.5.M37M37 1988', 'DR18.5.M37M38', 'DR18.5.M37 M4', 'DR18.5 .M4'],
  ],
  [
    'lcc',
    'music: works by number, behind the dates',
    [
      'M5 .L3 K2',
      'M5 .L3 K2 1880',
      'M5 .L3 K2 1880 M',
      'M5 .L3 K2 1880 .Q2 1777',
      'M5 .L3 K2 D MAJ 1880',
      'M5 .L3 K2 K.24',
      'M5 .L3 K2 K.240',
      'M5 .L3 K2 NO.1 1880',
      'M5 .L3 K2 OP.7:NO.6 1880',
      'M5 .L3 K2 OP.7:NO.51 1880',
      'M5 .L3 K2 OP.8',
      'M5 .L3 K2 OP.79',
      'M5 .L3 K24',
    ],
  ],
  [
    'lcc',
    'parts of sets, glued or not',
    [
      'HQ11 .D5',
      'HQ11 .D5 c.2',
      'HQ11 .D5 v.1',
      'HQ11 .D5 v.1 c.2',
      'HQ11 .D5 v.1-2',
      'HQ11 .D5 v.3 no.3',
      'HQ11 .D5 v.3 no.10',
      'HQ11 .D5 v.3 suppl.',
      'HQ11 .D5 vol.1',
      'HQ11 .D5 1990 V2',
      'HQ11 .D5 1990 v. 11',
      'HQ11 .D5 1991 Bd.2 rest',
      'HQ11 .D5 1991 Bd.10 other',
    ],
  ],
  ['lcc', 'a part of a city behind the city', ['G3824 .S8 1942', 'G3824.S8 Z9', 'G3824.S8:2A7 2011', 'G3824.S81']],
  ['lcc', 'prefixes do not count', ['REF QA76 .A1', 'QA76 .A2', 'Folio QA 76 .A3', '[Ref.] f QA76 .A4', 'Q QA76 .A5']],
  ['lcc', 'class Q is no prefix', ['Q180 .A1', 'Q 180 .A2', 'QA1 .A1', 'R1 .A1', 'R 5 .A1']],
  ['ddc', 'prefixes', ['REF 030 ENC', 'J 598.2 A', 'R598.2 B', 'YA 598.2 C', 'f. 598.2 D', '598.21 A']],
  [
    'ddc',
    'numbers digit by digit, years, volumes',
    [
      '823',
      '823 1990',
      '823 DIC',
      '823 DIC 1990',
      '823 DIC 1990 c.2',
      '823 DIC 1990 v.2',
      '823 DIC 1990 v.11',
      '823.09 A',
      '823.8 D54',
      '823.8 D54a',
      '823.8 D545',
      '823.912 A',
      '823.92 A',
    ],
  ],
  ['ddc', 'ranges of volumes', ['005 J v.1', '005 J v.1-2', '005 J v.2', '005 J v.3', '005 J v.12']],
  [
    'clc',
    'width, brackets and prefixes',
    ['{B22}/1', 'Ｂ２２／２', '[B22]/3', '参B22/4', '少儿 B22/5', 'J B22/6', 'B222/1'],
  ],
  [
    'clc',
    'volumes in words',
    ['I24/5', 'I24/5 上册', 'I24/5 中册', 'I24/5 下册', 'I24/5 第十卷', 'I24/5 第十二卷', 'I24/6'],
  ],
  ['clc', 'letters behind digits', ['TP312/9', 'TP312BA/1', 'TP312C/1', 'TP312JA/1', 'TP313/1']],
  [
    'clc',
    'signs before digits in plain ASCII',
    [
      'TP312/9',
      'TP312"5"/1',
      'TP312(2)/1',
      'TP312+TP31/1',
      'TP312-43/1',
      'TP3121/1',
      'TP312:G4/1',
      'TP312=5/1',
      'TP313/1',
    ],
  ],
  ['udc', 'shortened ranges', ['523.41/523.42', '523.41/.43', '523.41', '523.42']],
  ['udc', 'blanks beside signs', ['51 + 53', '51', '51 : 33', '51=111', '51 (038)', '51 "19"']],
  [
    'udc',
    'auxiliaries',
    [
      '37+5',
      '37',
      '37:5',
      '37=111',
      '37(07)',
      '37(4)',
      '37(=1)',
      '37"19"',
      '37*1',
      '37A',
      '37-05',
      '37-5',
      '37.01',
      "37'5",
      '371',
    ],
  ],
  ['udc', 'marks', ['37', '37 ABC', '37 ABC v.2', '37 ABC v.11', '37(4) ABC', '371 ABC']],
];

const MANUAL = shelvingSettings.parse({ clcOrder: 'manual' });
const UNDER_SETTINGS: readonly (readonly [ShelvingSettings, ...Shelf])[] = [
  [
    MANUAL,
    'clc',
    'every sign before the digits',
    ['G40/1', 'G40a/1', 'G40-0/1', 'G40(711)/1', 'G40"5"/1', 'G40=5/1', 'G40:B8/1', 'G40+B8/1', 'G40<3>/1', 'G401/1'],
  ],
  [
    shelvingSettings.parse({ clcOrder: ':-("=+<>a0' }),
    'clc',
    'an order of its own',
    ['G40/1', 'G40:B8/1', 'G40-0/1', 'G401/1'],
  ],
  [shelvingSettings.parse({ clcBookNumbers: 'decimal' }), 'clc', 'four corners', ['G4/10', 'G4/1010', 'G4/44', 'G4/5']],
  [shelvingSettings.parse({ clcAuthorNumbers: 'integer' }), 'clc', 'authors by value', ['G4/L3', 'G4/L21', 'G4/L215']],
  [
    shelvingSettings.parse({ prefixOrder: 'apart' }),
    'lcc',
    'prefixes apart',
    ['QA1 .A1', 'Z9 .A1', 'FOLIO QA1 .A1', 'REF QA1 .A1', 'REF Z9 .A1'],
  ],
  [
    shelvingSettings.parse({ ddcSections: ['B', '92', 'FIC'] }),
    'ddc',
    'sections without a number',
    ['000 A', '920 A', '999 Z', 'B LIN', '92 LIN', '[Fic] AUS', 'FIC SMI', 'J FIC TWA'],
  ],
  [
    { ...DEFAULT_SHELVING, udcOrder: ['.', '+', '/', ...DEFAULT_SHELVING.udcOrder.slice(3)] },
    'udc',
    'the simple number first',
    ['51', '51+53', '51/53', '51:33', '511'],
  ],
];

const keyOf = (scheme: CallNumberScheme, text: string, settings?: ShelvingSettings): string => {
  const key = shelfKey(scheme, text, settings);
  if (!key.ok) throw new Error(`${text}: ${key.error.detail}`);
  return key.value;
};

function expectShelf(scheme: CallNumberScheme, texts: readonly string[], settings?: ShelvingSettings): void {
  const keys = new Map(texts.map((text) => [text, keyOf(scheme, text, settings)]));
  expect(new Set(keys.values()).size).toBe(texts.length);
  fc.assert(
    fc.property(fc.shuffledSubarray([...texts], { minLength: texts.length }), (shuffled) => {
      expect(shuffled.toSorted((a, b) => ((keys.get(a) ?? '') < (keys.get(b) ?? '') ? -1 : 1))).toEqual(texts);
    }),
    { numRuns: 5 },
  );
}

describe('hard shelves', () => {
  test.each(SHELVES)('%s: %s', (scheme, _name, texts) => {
    expectShelf(scheme, texts);
  });

  test.each(UNDER_SETTINGS.map(([settings, scheme, name, texts]) => [scheme, name, texts, settings] as const))(
    '%s, by setting: %s',
    (scheme, _name, texts, settings) => {
      expectShelf(scheme, texts, settings);
    },
  );

  test.each([
    ['lcc', 'HQ11 .D5 1990 V2', 'HQ11 .D5 1990 v. 2'],
    ['lcc', 'KF1 2d', 'KF1 2nd'],
    ['clc', 'G4/5(2)', 'G4/5 2'],
    ['clc', 'I24/5 第2册', 'I24/5 二卷'],
    ['udc', '523.41/.43', '523.41/523.43'],
    ['udc', '51“19”', '51"19"'],
    ['ddc', '[REF] 030 ENC', '030 ENC'],
  ] as const)('%s: %s is the same as %s', (scheme, a, b) => {
    expect(keyOf(scheme, a)).toBe(keyOf(scheme, b));
  });

  test.each([
    ['ddc', 'FIC SMI'],
    ['ddc', 'B LIN'],
    ['ddc', '92 LIN'],
    ['lcc', 'DVD twelve'],
    ['clc', '少儿'],
    ['udc', 'REF'],
    ['lcc', `QA76 ${'.A1 '.repeat(200)}`],
  ] as const)('%s lists %s apart', (scheme, text) => {
    expect(shelfKey(scheme, text).ok).toBe(false);
  });
});

describe('settings', () => {
  test('an order names every sign once', () => {
    expect(shelvingSettings.safeParse({ clcOrder: '-(0' }).success).toBe(false);
    expect(shelvingSettings.safeParse({ udcOrder: ['+', '+'] }).success).toBe(false);
    expect(shelvingSettings.safeParse({ colour: 'red' }).success).toBe(false);
  });

  test('law: whatever the order of the signs, no text makes a key throw, and a key is never empty', () => {
    const signs = fc.shuffledSubarray(Array.from('-("=:+<>a0'), { minLength: 10 });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.stringMatching(/^[A-Z]{1,3}[0-9.()"=:+<>a/ '-]{0,40}$/),
    );
    fc.assert(
      fc.property(fc.constantFrom('lcc', 'ddc', 'clc', 'udc'), texts, signs, (scheme, text, order) => {
        const key = shelfKey(scheme, text, shelvingSettings.parse({ clcOrder: order.join('') }));
        expect((key.ok ? key.value : key.error.detail).length).toBeGreaterThan(0);
      }),
    );
  });
});
