/**
 * Where the records of a library say which copies there are. MARC has a field for nearly everything about a title, and
 * every system keeps its copies elsewhere; so this is data, with the usual arrangements by name.
 */
import { z } from 'zod';
import { callNumberScheme } from './plan.ts';

const tag = z.string().regex(/^[0-9A-Z]{3}$/, 'a tag of three digits or capitals');
const code = z.string().regex(/^[0-9a-z]$/, 'a subfield code: one digit or small letter');

/** What one field says about a copy; what it does not say comes from the holding it belongs to. */
const copyField = z.strictObject({
  tag,
  /** Repeated in one field, each is a copy. */
  barcode: code.optional(),
  /** Joined in this order, e.g. prefix, class, item part, suffix. */
  callNumber: z.array(code).max(8).default([]),
  /** Between the parts: a blank, or the slash of CLC. */
  separator: z.string().max(2).default(' '),
  branch: code.optional(),
  collection: code.optional(),
  size: code.optional(),
  /** Put behind the call number where it is not there already. */
  volume: code.optional(),
  /** `indicator`: the first indicator of 852, and $2 where it says so. A code: the subfield that names the scheme. */
  scheme: z.union([z.literal('indicator'), code]).optional(),
});
export type CopyField = z.infer<typeof copyField>;

export const marcMapping = z.strictObject({
  /** Where title, author and year stand. CNMARC is of the UNIMARC family. */
  family: z.enum(['marc21', 'unimarc']).default('marc21'),
  /** The first arrangement that finds a barcode counts. */
  copies: z
    .array(z.strictObject({ item: copyField, holding: copyField.optional() }))
    .min(1)
    .max(4),
  /** Where the record names no scheme. */
  scheme: callNumberScheme.default('local'),
  /** ISO 2709 without a word about its characters: most Chinese systems of before Unicode wrote GBK. */
  characters: z.enum(['declared', 'utf-8', 'gb18030', 'big5']).default('declared'),
});
export type MarcMapping = z.infer<typeof marcMapping>;

const HOLDING_852 = {
  tag: '852',
  barcode: 'p',
  callNumber: ['k', 'h', 'i', 'm'],
  branch: 'b',
  collection: 'c',
  /** What stands apart from the rest of its location. */
  size: 'g',
  scheme: 'indicator',
};
const ITEM_876 = { tag: '876', barcode: 'p', volume: '3' };

/**
 * The usual arrangements. What Alma and FOLIO write is chosen in the export profile of each library: these two expect
 * holdings in 852 and the copies in ITM ($b barcode, $v volume) or 876 ($p barcode, $3 volume).
 */
export const MARC_MAPPINGS = {
  koha: marcMapping.parse({
    copies: [
      {
        item: {
          tag: '952',
          barcode: 'p',
          callNumber: ['o'],
          branch: 'a',
          collection: 'c',
          volume: 'h',
          scheme: '2',
        },
      },
      // Our own export, and holdings as the standard has them.
      { item: HOLDING_852 },
    ],
  }),
  'koha-unimarc': marcMapping.parse({
    family: 'unimarc',
    copies: [{ item: { tag: '995', barcode: 'f', callNumber: ['k'], branch: 'b', collection: 'e', volume: 'v' } }],
  }),
  holdings: marcMapping.parse({ copies: [{ item: ITEM_876, holding: HOLDING_852 }, { item: HOLDING_852 }] }),
  alma: marcMapping.parse({
    copies: [{ item: { tag: 'ITM', barcode: 'b', volume: 'v' }, holding: HOLDING_852 }, { item: HOLDING_852 }],
  }),
  folio: marcMapping.parse({ copies: [{ item: ITEM_876, holding: HOLDING_852 }, { item: HOLDING_852 }] }),
  cnmarc: marcMapping.parse({
    family: 'unimarc',
    scheme: 'clc',
    copies: [
      {
        item: {
          tag: '905',
          barcode: 'b',
          callNumber: ['d', 'e'],
          separator: '/',
          branch: 'a',
          collection: 'c',
          volume: 'v',
        },
      },
    ],
  }),
} as const satisfies Record<string, MarcMapping>;

export const marcMappingName = z.enum(['koha', 'koha-unimarc', 'holdings', 'alma', 'folio', 'cnmarc']);
export type MarcMappingName = z.infer<typeof marcMappingName>;
