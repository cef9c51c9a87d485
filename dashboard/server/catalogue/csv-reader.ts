/**
 * CSV as it arrives (RFC 4180; a lone LF ends a row too): feed text in any pieces, get rows with the line they began on.
 * Bounded: a row longer than the limit is a file without line ends or with a quote left open.
 */
export interface CsvRecord {
  /** From 1, as an editor counts them. */
  readonly line: number;
  readonly cells: readonly string[];
}

export interface CsvReader {
  /** Rows that are complete with this piece; `undefined` when a row is too long. */
  feed(text: string): readonly CsvRecord[] | undefined;
  /** The last row, if the file does not end with a line end. */
  end(): readonly CsvRecord[];
}

const ROW_CHARACTERS_MAX = 65_536;

type Mode = 'plain' | 'quoted' | 'after-quote';

export function createCsvReader(): CsvReader {
  let cells: string[] = [];
  let cell = '';
  let mode: Mode = 'plain';
  let rowCharacters = 0;
  let line = 1;
  let rowLine = 1;
  let isAfterReturn = false;

  function endRow(out: CsvRecord[]): void {
    cells.push(cell);
    // An empty line is no row.
    if (cells.length > 1 || cell !== '') out.push({ line: rowLine, cells });
    cells = [];
    cell = '';
    mode = 'plain';
    rowCharacters = 0;
  }

  function step(character: string, out: CsvRecord[]): void {
    if (mode === 'quoted') {
      if (character === '"') mode = 'after-quote';
      else cell += character;
    } else if (character === '"' && (mode === 'after-quote' || cell === '')) {
      // A quote after a quote inside the cell is a quote; one at its start opens it.
      if (mode === 'after-quote') cell += '"';
      mode = 'quoted';
    } else if (character === ',') {
      cells.push(cell);
      cell = '';
      mode = 'plain';
    } else if (character === '\n' || character === '\r') {
      endRow(out);
    } else {
      cell += character;
    }
  }

  return {
    feed(text) {
      const out: CsvRecord[] = [];
      for (const character of text) {
        const isSecondHalf = character === '\n' && isAfterReturn;
        isAfterReturn = character === '\r';
        if (rowCharacters === 0) rowLine = line;
        if (!isSecondHalf && (character === '\n' || character === '\r')) line += 1;
        if (isSecondHalf && mode !== 'quoted') continue;
        rowCharacters += 1;
        if (rowCharacters > ROW_CHARACTERS_MAX) return undefined;
        step(character, out);
      }
      return out;
    },
    end() {
      const out: CsvRecord[] = [];
      if (rowCharacters > 0) endRow(out);
      return out;
    },
  };
}
