/** A MARC record as we hand it round, and the questions asked of it. */

/** `[tag, value]` below 010, else `[tag, indicators, code, value, code, value …]`: the shape of the `marcjs` package. */
export type MarcField = readonly string[];

export interface MarcRecord {
  readonly leader: string;
  readonly fields: readonly MarcField[];
}

/** A record, or why it is none; both with where it stands. */
export type FoundRecord = {
  /** From 1, in the order of the file. */
  readonly number: number;
} & ({ readonly record: MarcRecord } | { readonly fault: string });

export function fieldsOf(record: MarcRecord, tag: string): readonly MarcField[] {
  return record.fields.filter((field) => field[0] === tag);
}

export function controlValue(record: MarcRecord, tag: string): string {
  return fieldsOf(record, tag)[0]?.[1] ?? '';
}

/** All values of one code, trimmed, without empty ones. */
export function subfields(field: MarcField | undefined, code: string): string[] {
  const values: string[] = [];
  for (let i = 2; field !== undefined && i + 1 < field.length; i += 2) {
    const value = field[i] === code ? (field[i + 1] ?? '').trim() : '';
    if (value !== '') values.push(value);
  }
  return values;
}

/** The values of several codes in the order of the field, as a title is read. */
export function joined(field: MarcField | undefined, codes: string): string {
  const values: string[] = [];
  for (let i = 2; field !== undefined && i + 1 < field.length; i += 2) {
    if (codes.includes(field[i] ?? ' ')) values.push((field[i + 1] ?? '').trim());
  }
  return values.join(' ').trim();
}

/** The same field in the writing of the work: 880 whose $6 names it. */
export function inOwnScript(record: MarcRecord, field: MarcField | undefined): MarcField | undefined {
  const [link] = subfields(field, '6');
  const number = /^880-(\d\d)/.exec(link ?? '')?.[1];
  if (field === undefined || number === undefined || number === '00') return undefined;
  return fieldsOf(record, '880').find((other) => subfields(other, '6')[0]?.startsWith(`${field[0] ?? ''}-${number}`));
}
