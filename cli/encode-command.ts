/** The bench tool, writing: the inverse of `decode`. */
import type { Format } from '#contract/codec/format.ts';
import { toHex } from '#contract/hex.ts';
import { errorLine, LINE_CHARS_MAX, LineWriter, readLines } from './bench-lines.ts';
import { text, type Command } from './command.ts';
import { findFormat, formatTable } from './formats.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise encode FORMAT [FILE] [--charset NAME]
       shelfwise encode --list

Reads one JSON object a line, as "shelfwise decode FORMAT" prints it, from FILE or from standard input, and prints the
bytes as one line of hex each (of sip2: the message's text, in the character set of --charset). The bytes come from the fields alone: change a field and the frame changes, its lengths
and checksums with it.

What cannot be written is printed in its place as {"error":{"code","message","offset"}}; the message names the field, the
offset is the line's number, and the exit status is 1 at the end.

Options:
  --charset NAME  of sip2: ascii, iso-8859-1, ibm850 or utf-8 (the default); the checksum is over these bytes
  --list          print the names of the formats`;

export const encodeCommand: Command = {
  name: 'encode',
  summary: 'write frames or tag memories from the JSON that decode prints',
  help: HELP,
  wordsMax: 2,
  options: { charset: { type: 'string' }, list: { type: 'boolean' } },
  run: async (typed) => {
    const { values, words } = typed;
    if (values['list'] === true) {
      say(formatTable());
      return 0;
    }
    const [name, file] = words;
    const format = findFormat(name, text(typed, 'charset'));
    const out = new LineWriter();
    let status = 0;
    for await (const { number, text: json } of readLines(file)) {
      const line = encoded(format, json);
      if ('bytes' in line) await (format.notation === 'line' ? out.putBytes(line.bytes) : out.put(toHex(line.bytes)));
      else {
        status = 1;
        await out.put(errorLine(line.code, line.message, number));
      }
      if (out.isGone) break;
    }
    await out.flush();
    return status;
  },
};

type Encoded = { readonly bytes: Uint8Array } | { readonly code: string; readonly message: string };

function encoded(format: Format, json: string | undefined): Encoded {
  if (json === undefined) return { code: 'too-long', message: `the line has more than ${LINE_CHARS_MAX} characters` };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error: unknown) {
    return { code: 'bad-json', message: error instanceof Error ? error.message : String(error) };
  }
  if (isObject(value) && 'error' in value) {
    return { code: 'bad-value', message: 'error: this is what decode could not read; it has no bytes' };
  }
  const result = format.encode(value);
  if (result.ok) return { bytes: result.value };
  const { code, path, detail } = result.error;
  return { code, message: path === '' ? detail : `${path}: ${detail}` };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
