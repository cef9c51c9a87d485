/** Shelf order at the bench: sort call numbers, check a swept shelf. */
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import { callNumberScheme, type CallNumberScheme } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, shelvingSettings, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import { AppError } from '#contract/errors.ts';
import { guessPlaces, readGap, type BookRead } from '#engine/shelf-order/merge-reads.ts';
import { checkSweep, type SweptBook } from '#engine/shelf-order/real-sweep.ts';
import { LineWriter, readLines } from './bench-lines.ts';
import { type Arguments, type Command, text, wholeNumber } from './command.ts';
import { complain, say } from './terminal.ts';

const SCHEME_HELP = `  --scheme SCHEME  lcc (Library of Congress), ddc (Dewey), clc (Chinese Library Classification), udc or local
  --clc-order X    ascii (the default), manual, or the signs -("=:+<>a and 0 for the digits in an order of your own
  --udc-order X    + / . : = (0 (1 (= " * A -0 -1 .0 ' in your order, parted by blanks; "." is the number alone
  --prefixes X     words in front of a call number that do not count, parted by commas, instead of the usual ones
  --prefix-order X interfiled (the default) or apart: each prefix as a sequence of its own behind the rest
  --sections X     Dewey sections without a number (FIC,B,92), in their order behind the numbers`;

const SHELVING_OPTIONS = {
  'clc-order': { type: 'string' },
  'udc-order': { type: 'string' },
  prefixes: { type: 'string' },
  'prefix-order': { type: 'string' },
  sections: { type: 'string' },
} as const;

/** Errors: `API_BAD_INPUT`. */
function shelvingOf(typed: Arguments): ShelvingSettings {
  const words = (name: string): readonly string[] | undefined => {
    const list = text(typed, name);
    return list === '' ? [] : list?.split(',');
  };
  const given = {
    clcOrder: text(typed, 'clc-order'),
    udcOrder: text(typed, 'udc-order')?.trim().split(/\s+/),
    prefixes: words('prefixes'),
    prefixOrder: text(typed, 'prefix-order'),
    ddcSections: words('sections'),
  };
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return DEFAULT_SHELVING;
  const parsed = shelvingSettings.safeParse(Object.fromEntries(entries));
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new AppError('API_BAD_INPUT', faults.join('; '));
}

/** Errors: `API_BAD_INPUT`. */
function schemeOf(typed: Arguments): CallNumberScheme {
  const scheme = callNumberScheme.safeParse(text(typed, 'scheme'));
  if (scheme.success) return scheme.data;
  throw new AppError('API_BAD_INPUT', `--scheme is one of ${callNumberScheme.options.join(', ')}`);
}

const SORT_HELP = `Usage: shelfwise callnumbers sort --scheme SCHEME [FILE]

Prints the lines of FILE (or of standard input) in shelf order. Lines that are no call number of the scheme come last, as
they stood, and are named on standard error with what is missing. All lines are held in
memory, about 600 bytes each: a million of them want 600 MB. Equal call numbers stay in the order of the input.

Options:
${SCHEME_HELP}`;

export const callNumbersCommand: Command = {
  name: 'callnumbers',
  summary: 'sort call numbers in shelf order',
  help: SORT_HELP,
  wordsMax: 2,
  options: { scheme: { type: 'string' }, ...SHELVING_OPTIONS },
  run: async (typed) => {
    const [action, file] = typed.words;
    if (action !== 'sort') throw new AppError('API_BAD_INPUT', `"sort" is what it does\n\n${SORT_HELP}`);
    const scheme = schemeOf(typed);
    const shelving = shelvingOf(typed);
    const sorted: { readonly key: string; readonly line: string }[] = [];
    const unparsable: string[] = [];
    for await (const { number, text: line = '' } of readLines(file)) {
      const key = shelfKey(scheme, line, shelving);
      if (key.ok) sorted.push({ key: key.value, line });
      else {
        unparsable.push(line);
        complain(`line ${number}: ${line}: ${key.error.detail}`);
      }
    }
    sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
    const out = new LineWriter();
    for (const { line } of sorted) await out.put(line);
    for (const line of unparsable) await out.put(line);
    await out.flush();
    return 0;
  },
};

const CHECK_HELP = `Usage: shelfwise shelfcheck --scheme SCHEME [--position-error BOOKS] [FILE]

Reads a swept shelf, one "barcode<TAB>call number" a line in the order of the sweep, and prints the fewest moves that put it
in order, as one JSON object:

  {"kept":98,"moves":[{"barcode":"30007","after":"30012"}],"unparsable":["30044"]}

"after" is the barcode of the book to put it behind, null at the front. Do the moves in their order: the first are those
that stand farthest off. Copies with equal call numbers stand right in any order. What cannot be read as a call number is
left out of the order and named on standard error.

A wand reads at random within its beam and hears the shelves beside. Where many books stand a little out of order, that is
taken for noise of the reading: only books farther off than the position error are moves, and what shone over from other
shelves is left out. The same barcode may come several times. A shelf that was swept from its other end gives one more field,
"reversed":true, and only the moves that remain.

Options:
${SCHEME_HELP}
  --position-error BOOKS  by how many books the order of reading may be wrong; 0: it is exact. Found out if not given`;

const POSITION_ERROR_MAX = 10_000;

interface SweptLines {
  readonly barcodes: readonly string[];
  readonly books: readonly SweptBook[];
  readonly unparsable: readonly string[];
}

/** Errors: `API_BAD_INPUT` (a line without a tab). */
async function readSweep(typed: Arguments): Promise<SweptLines> {
  const scheme = schemeOf(typed);
  const shelving = shelvingOf(typed);
  const found = new Map<string, { readonly key: string; readonly reads: BookRead[] }>();
  const unparsable = new Set<string>();
  let reads = 0;
  for await (const { number, text: line = '' } of readLines(typed.words[0])) {
    const [barcode = '', callNumber] = line.split('\t');
    if (callNumber === undefined) {
      throw new AppError('API_BAD_INPUT', `line ${number}: a barcode, a tab and a call number are wanted: "${line}"`);
    }
    const read: BookRead = { at: number, weight: 1 };
    const known = found.get(barcode);
    if (known !== undefined) known.reads.push(read);
    else {
      const key = shelfKey(scheme, callNumber, shelving);
      if (key.ok) found.set(barcode, { key: key.value, reads: [read] });
      else if (!unparsable.has(barcode)) {
        unparsable.add(barcode);
        complain(`line ${number}: ${barcode}: ${callNumber}: ${key.error.detail}`);
      }
    }
    reads += 1;
  }
  const gap = readGap(reads, found.size);
  const books = [...found.values()].map(({ key, reads: own }) => ({ key, at: guessPlaces(own, gap) }));
  return { barcodes: [...found.keys()], books, unparsable: [...unparsable] };
}

export const shelfCheckCommand: Command = {
  name: 'shelfcheck',
  summary: 'print the fewest moves that put a swept shelf in order',
  help: CHECK_HELP,
  wordsMax: 1,
  options: { scheme: { type: 'string' }, 'position-error': { type: 'string' }, ...SHELVING_OPTIONS },
  run: async (typed) => {
    const positionError = wholeNumber(typed, 'position-error', POSITION_ERROR_MAX);
    const { barcodes, books, unparsable } = await readSweep(typed);
    const { kept, moves, isReversed } = checkSweep(books, { positionError });
    const barcodeOf = (index: number): string => barcodes[index] ?? '';
    say(
      JSON.stringify({
        kept,
        moves: moves.map(({ index, after }) => ({
          barcode: barcodeOf(index),
          after: after === undefined ? null : barcodeOf(after),
        })),
        unparsable,
        ...(isReversed && { reversed: true }),
      }),
    );
    return 0;
  },
};
