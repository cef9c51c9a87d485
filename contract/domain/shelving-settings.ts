/**
 * How a library shelves: what stands in front of its call numbers, and where the signs of CLC and UDC stand in its order.
 * It is data of the library, journalled like its plan, because every judgement about a shelf depends on it.
 */
import { z } from 'zod';

const CLC_SIGNS = '-("=:+<>a';
/**
 * `ascii` is what library systems do that sort call numbers as text: quotation mark, bracket, plus and hyphen before the
 * digits, the others after them. `manual` puts every sign before the digits, so that a class comes before its
 * subdivisions as the national manual wants it; check the sequence of the signs against your own edition.
 */
export const CLC_ORDERS = { ascii: '"(+-0:<=>a', manual: 'a-("=:+<>0' } as const;

/** What UDC filing distinguishes, in the order of filing; `.` is the number alone, `0` any digit. */
const UDC_SIGNS = ['+', '/', '.', ':', '=', '(0', '(1', '(=', '"', '*', 'A', '-0', '-1', '.0', "'"] as const;
export type UdcSign = (typeof UDC_SIGNS)[number];

/** A name of {@link CLC_ORDERS}, or every sign once with `0` where the digits stand. */
const clcOrder = z.union([
  z.enum(['ascii', 'manual']),
  z
    .string()
    .refine((text) => isPermutation(Array.from(text), Array.from(`${CLC_SIGNS}0`)), `each of ${CLC_SIGNS} and 0 once`),
]);

const udcOrder = z
  .array(z.enum(UDC_SIGNS))
  .refine((signs) => isPermutation(signs, UDC_SIGNS), `each of ${UDC_SIGNS.join(' ')} once`);

const word = z.string().trim().min(1).max(20);

export const shelvingSettings = z.strictObject({
  /** Words in front of a call number that name a place or a size, not a subject. */
  prefixes: z
    .array(word)
    .max(100)
    .default([
      ...['REF', 'REFERENCE', 'R', 'FOLIO', 'FOL', 'F', 'QUARTO', 'Q', 'OVERSIZE', 'OVER', 'OVS', 'LARGE', 'MINI', 'X'],
      ...[
        'J',
        'JUV',
        'JUVENILE',
        'E',
        'EASY',
        'YA',
        'STACKS',
        'RESERVE',
        'SPEC',
        'RARE',
        'PER',
        'LP',
        'AV',
        'CD',
        'DVD',
        'MAP',
      ],
      ...[
        '少儿',
        '少',
        '儿',
        '参考',
        '参',
        '工具书',
        '工具',
        '外文',
        '外',
        '特藏',
        '特',
        '地方',
        '基藏',
        '样本',
        '港台',
      ],
    ]),
  /** `interfiled`: a prefix does not count in the order. `apart`: each prefix is a sequence of its own behind the rest. */
  prefixOrder: z.enum(['interfiled', 'apart']).default('interfiled'),
  clcOrder: clcOrder.default('ascii'),
  /** Numbers after the slash: running numbers by value, four-corner numbers and the like digit by digit. */
  clcBookNumbers: z.enum(['integer', 'decimal']).default('integer'),
  /** The digits of an author's number (`L215`). */
  clcAuthorNumbers: z.enum(['decimal', 'integer']).default('decimal'),
  udcOrder: udcOrder.default([...UDC_SIGNS]),
  /** Sections of a Dewey library that have no number (`FIC`, `B`, `92`), in their order behind the numbers. */
  ddcSections: z.array(word).max(50).default([]),
});
export type ShelvingSettings = z.infer<typeof shelvingSettings>;

export const DEFAULT_SHELVING: ShelvingSettings = shelvingSettings.parse({});

function isPermutation(some: readonly string[], all: readonly string[]): boolean {
  return some.length === all.length && all.every((sign) => some.includes(sign));
}
