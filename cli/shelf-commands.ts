/** Shelf order at the bench: sort call numbers, check a swept shelf. */
import { shelfKey } from '#contract/domain/call-number/shelf-key.ts';
import { callNumberScheme, type CallNumberScheme } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, shelvingSettings, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import { AppError } from '#contract/errors.ts';
import { checkShelf } from '#engine/shelf-order/check-shelf.ts';
import { LineWriter, readLines } from './bench-lines.ts';
import { type Arguments, type Command, text } from './command.ts';
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

const CHECK_HELP = `Usage: shelfwise shelfcheck --scheme SCHEME [FILE]

Reads a swept shelf, one "barcode<TAB>call number" a line in the order of the sweep, and prints the fewest moves that put it
in order, as one JSON object:

  {"kept":98,"moves":[{"barcode":"30007","after":"30012"}],"unparsable":["30044"]}

"after" is the barcode of the book to put it behind, null at the front. Do the moves in their order: the first are those
that stand farthest off. Copies with equal call numbers stand right in any order. What cannot be read as a call number is
left out of the order and named on standard error.

Options:
${SCHEME_HELP}`;

export const shelfCheckCommand: Command = {
  name: 'shelfcheck',
  summary: 'print the fewest moves that put a swept shelf in order',
  help: CHECK_HELP,
  wordsMax: 1,
  options: { scheme: { type: 'string' }, ...SHELVING_OPTIONS },
  run: async (typed) => {
    const scheme = schemeOf(typed);
    const shelving = shelvingOf(typed);
    const books: { readonly barcode: string; readonly key: string }[] = [];
    const unparsable: string[] = [];
    for await (const { number, text: line = '' } of readLines(typed.words[0])) {
      const [barcode = '', callNumber] = line.split('\t');
      if (callNumber === undefined) {
        throw new AppError('API_BAD_INPUT', `line ${number}: a barcode, a tab and a call number are wanted: "${line}"`);
      }
      const key = shelfKey(scheme, callNumber, shelving);
      if (key.ok) books.push({ barcode, key: key.value });
      else {
        unparsable.push(barcode);
        complain(`line ${number}: ${barcode}: ${callNumber}: ${key.error.detail}`);
      }
    }
    const { kept, moves } = checkShelf(books.map(({ key }) => key));
    const barcodeOf = (index: number): string => books[index]?.barcode ?? '';
    say(
      JSON.stringify({
        kept,
        moves: moves.map(({ index, after }) => ({
          barcode: barcodeOf(index),
          after: after === undefined ? null : barcodeOf(after),
        })),
        unparsable,
      }),
    );
    return 0;
  },
};
