/** The copies a record names, by the mapping of the library. */
import type { Item } from '#contract/domain/item.ts';
import type { CopyField, MarcMapping } from '#contract/domain/marc-mapping.ts';
import type { CallNumberScheme } from '#contract/domain/plan.ts';
import { fieldsOf, subfields, type MarcField, type MarcRecord } from './record.ts';

export type Copy = Pick<Item, 'barcode' | 'scheme' | 'callNumber' | 'branch' | 'collection' | 'size'>;

const SIZE_CHARACTERS_MAX = 40;

/** Of the first arrangement that finds a barcode. */
export function findCopies(record: MarcRecord, mapping: MarcMapping): readonly Copy[] {
  for (const { item, holding } of mapping.copies) {
    const copies = fieldsOf(record, item.tag).flatMap((field) => {
      const owner = holding === undefined ? undefined : holdingOf(record, field, holding.tag);
      return copiesIn({ item, field, holding, owner }, mapping);
    });
    if (copies.length > 0) return copies;
  }
  return [];
}

interface Source {
  readonly item: CopyField;
  readonly field: MarcField;
  readonly holding: CopyField | undefined;
  readonly owner: MarcField | undefined;
}

/** Linked by the number in $8 (`1.1`, `1.2` both belong to `1`), else the last holding before it, else the first. */
function holdingOf(record: MarcRecord, field: MarcField, tag: string): MarcField | undefined {
  const holdings = fieldsOf(record, tag);
  const link = linkOf(field);
  const linked = link === undefined ? undefined : holdings.find((holding) => linkOf(holding) === link);
  if (linked !== undefined) return linked;
  const before = record.fields.slice(0, record.fields.indexOf(field)).findLast(([other]) => other === tag);
  return before ?? holdings[0];
}

function linkOf(field: MarcField): string | undefined {
  return /^\d+/.exec(subfields(field, '8')[0] ?? '')?.[0];
}

function copiesIn(source: Source, mapping: MarcMapping): Copy[] {
  const { item, field } = source;
  const barcodes = item.barcode === undefined ? [] : subfields(field, item.barcode);
  const first = (name: 'branch' | 'collection' | 'size' | 'volume'): string => valueOf(source, name);
  const size = first('size');
  const callNumber = withVolume(callNumberOf(source), first('volume'), source.item.separator);
  return barcodes.map((barcode) => ({
    barcode,
    scheme: schemeOf(source) ?? mapping.scheme,
    callNumber,
    branch: first('branch'),
    collection: first('collection'),
    // What is longer is a note about the place, not the name of a size.
    ...(size === '' || size.length > SIZE_CHARACTERS_MAX ? {} : { size }),
  }));
}

function valueOf({ item, field, holding, owner }: Source, name: 'branch' | 'collection' | 'size' | 'volume'): string {
  const own = item[name] === undefined ? undefined : subfields(field, item[name])[0];
  const held = holding?.[name] === undefined ? undefined : subfields(owner, holding[name])[0];
  return own ?? held ?? '';
}

function callNumberOf({ item, field, holding, owner }: Source): string {
  const join = (from: CopyField, values: MarcField | undefined): string =>
    from.callNumber.flatMap((code) => subfields(values, code)).join(from.separator);
  const own = join(item, field);
  return own !== '' || holding === undefined ? own : join(holding, owner);
}

/** Many systems write the volume into the call number as well. */
function withVolume(callNumber: string, volume: string, separator: string): string {
  const isThere = volume === '' || callNumber.toLowerCase().endsWith(volume.toLowerCase());
  if (isThere || callNumber === '') return callNumber;
  return separator === '/' && /^\d+$/.test(volume) ? `${callNumber}:${volume}` : `${callNumber} ${volume}`;
}

const BY_INDICATOR: Readonly<Record<string, CallNumberScheme>> = { '0': 'lcc', '1': 'ddc' };

/** Codes of classification sources, and what Koha calls them. */
const BY_CODE: Readonly<Record<string, CallNumberScheme>> = {
  lcc: 'lcc',
  lc: 'lcc',
  ddc: 'ddc',
  dewey: 'ddc',
  udc: 'udc',
  cdu: 'udc',
  dk: 'udc',
  clc: 'clc',
  zgc: 'clc',
  cclc: 'clc',
  中图法: 'clc',
};

function schemeOf({ item, field, holding, owner }: Source): CallNumberScheme | undefined {
  const named = (from: CopyField | undefined, values: MarcField | undefined): CallNumberScheme | undefined => {
    if (from?.scheme === undefined || values === undefined) return undefined;
    const isIndicator = from.scheme === 'indicator';
    const code = subfields(values, isIndicator ? '2' : from.scheme)[0]?.toLowerCase() ?? '';
    // Editions stand behind the code: `ddc23`.
    const byCode = BY_CODE[code] ?? BY_CODE[code.replace(/\d+$/, '')];
    return (isIndicator ? BY_INDICATOR[values[1]?.[0] ?? ''] : undefined) ?? byCode;
  };
  return named(item, field) ?? named(holding, owner);
}
