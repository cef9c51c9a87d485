/** What we use of the package: it parses one record, and formats one. It brings no types of its own. */
declare module 'marcjs' {
  interface Record {
    leader: string;
    fields: string[][];
  }
  export const Marc: {
    /** Of the bytes it asks for nothing but `toString(encoding, start, end)`. */
    parse(raw: { toString(encoding: string, start: number, end: number): string }, type: 'iso2709'): Record;
    format(record: { leader: string; fields: readonly (readonly string[])[] }, type: 'iso2709' | 'marcxml'): string;
  };
}
