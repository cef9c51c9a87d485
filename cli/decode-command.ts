/** The bench tool, reading: hex or text of a wire or tag format becomes one JSON object a line. */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Format, StreamPiece } from '#contract/codec/format.ts';
import { fromHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import { errorLine, LINE_CHARS_MAX, LineWriter, readLines } from './bench-lines.ts';
import { text, type Command } from './command.ts';
import { findFormat, formatTable } from './formats.ts';
import { findSensorFormat, type SensorFormat } from './sensor-formats.ts';
import { say } from './terminal.ts';

const HELP = `Usage: shelfwise decode FORMAT [FILE] [--stream] [--charset NAME]
       shelfwise decode SENSOR [FILE] [--device NAME] [--port N]
       shelfwise decode --list

Reads hex, one frame or tag a line, from FILE or from standard input, and prints one JSON object a line. Spaces between
digits, empty lines and lines that begin with # are passed over. Of the formats that are text themselves (r700, zebra, …)
a line may also be the text. Of sip2 a line is always the message's text, in the character set of --charset.

What cannot be read is printed in its place as {"error":{"code","message","offset"}}, where the offset counts bytes from
the start of the frame (with --stream: of the stream), and the exit status is 1 at the end. Codes: truncated,
bad-length, bad-value, bad-checksum, unknown-type, unsupported, bad-hex, too-long.

"shelfwise encode FORMAT" is the inverse.

SENSOR is one of milesight, browan-tbms, browan-tbhv, elsys, terabee, xovis and butlr. A line is the payload in hex, the
sensor's own JSON (xovis, butlr), or the message of The Things Stack or ChirpStack around it. Printed is

  {"values":{...},"observations":[...]}

with the values under the maker's field names and codes as numbers, and the observations as they would reach the engine;
lines and places are the device's own channels, and a time that only the receipt would tell is null. From the first byte
that nobody documented stands "unknown":{"offset","hex"}; a payload that is cut off gives what came before and "error".

Options:
  --stream        take all input as one byte stream, whatever the lines, and find the frames in it
  --charset NAME  of sip2: ascii, iso-8859-1, ibm850 or utf-8 (the default); the checksum is over these bytes
  --device NAME   of milesight: vs121, vs133, ...; --list names all
  --port N        the LoRaWAN port, where a sensor says different things on several
  --list          print the names of the formats`;

export const decodeCommand: Command = {
  name: 'decode',
  summary: 'print frames of a reader or the memory of a tag as JSON',
  help: HELP,
  wordsMax: 2,
  options: {
    stream: { type: 'boolean' },
    charset: { type: 'string' },
    device: { type: 'string' },
    port: { type: 'string' },
    list: { type: 'boolean' },
  },
  run: async (typed) => {
    const { values, words } = typed;
    if (values['list'] === true) {
      say(formatTable());
      return 0;
    }
    const [name, file] = words;
    const sensor = findSensorFormat(name, { device: text(typed, 'device'), port: text(typed, 'port') });
    if (sensor !== undefined) return decodeMessages(sensor, file);
    const format = findFormat(name, text(typed, 'charset'));
    return values['stream'] === true ? decodeStream(format, file) : decodeLines(format, file);
  },
};

async function decodeLines(format: Format, file: string | undefined): Promise<number> {
  const out = new LineWriter();
  let status = 0;
  for await (const { text: line } of readLines(file, format.notation)) {
    const bytes = toBytes(format, line);
    const shown = bytes.ok
      ? decoded(format, bytes.value)
      : errorLine(bytes.error.code, bytes.error.detail, bytes.error.offsetBytes);
    if (shown.startsWith(ERROR_START)) status = 1;
    await out.put(shown);
    if (out.isGone) break;
  }
  await out.flush();
  return status;
}

async function decodeMessages(format: SensorFormat, file: string | undefined): Promise<number> {
  const out = new LineWriter();
  let status = 0;
  for await (const { text: line } of readLines(file)) {
    const isJson = line?.startsWith('{') === true || line?.startsWith('[') === true;
    const bytes = toBytes({ notation: isJson ? 'text' : 'hex' }, line);
    const shown = bytes.ok ? format.show(bytes.value) : bytes;
    if (!shown.ok || !shown.value.isWhole) status = 1;
    await out.put(
      shown.ok ? shown.value.text : errorLine(shown.error.code, shown.error.detail, shown.error.offsetBytes),
    );
    if (out.isGone) break;
  }
  await out.flush();
  return status;
}

async function decodeStream(format: Format, file: string | undefined): Promise<number> {
  const splitter = format.split?.();
  if (splitter === undefined) {
    say(errorLine('unsupported', `${format.name} has no stream: a tag's memory has no marks`, 0));
    return 1;
  }
  const out = new LineWriter();
  let status = 0;
  const put = async (pieces: readonly StreamPiece[]): Promise<void> => {
    for (const piece of pieces) {
      const line = pieceLine(format, piece);
      if (line.startsWith(ERROR_START)) status = 1;
      await out.put(line);
    }
  };
  for await (const { text: line } of readLines(file, format.notation)) {
    const bytes = toBytes(format, line, '\n');
    if (bytes.ok) await put(splitter.feed(bytes.value));
    else {
      status = 1;
      await out.put(errorLine(bytes.error.code, bytes.error.detail, bytes.error.offsetBytes));
    }
    if (out.isGone) break;
  }
  await put(splitter.end());
  await out.flush();
  return status;
}

const ERROR_START = '{"error":{';

function decoded(format: Format, bytes: Uint8Array): string {
  const result = format.decode(bytes);
  if (result.ok) return JSON.stringify(result.value);
  return errorLine(result.error.code, result.error.detail, result.error.offsetBytes);
}

/** A fault's offset within a frame is turned into one within the stream. */
function pieceLine(format: Format, piece: StreamPiece): string {
  if (piece.kind === 'fault') return errorLine(piece.error.code, piece.error.detail, piece.error.offsetBytes);
  const result = format.decode(piece.bytes);
  if (result.ok) return JSON.stringify(result.value);
  return errorLine(result.error.code, result.error.detail, piece.offsetBytes + result.error.offsetBytes);
}

type LineError = Pick<CodecError, 'offsetBytes' | 'detail'> & { readonly code: 'bad-hex' | 'too-long' };

/** `lineEnd` stands behind a line of text again, where it belongs to the stream. Of `line` formats a character is a byte. */
function toBytes(
  format: Pick<Format, 'notation'>,
  line: string | undefined,
  lineEnd = '',
): Result<Uint8Array, LineError> {
  if (line === undefined) {
    return err({ code: 'too-long', offsetBytes: 0, detail: `the line has more than ${LINE_CHARS_MAX} characters` });
  }
  if (format.notation === 'line') return ok(Uint8Array.from(line + lineEnd, (byte) => byte.charCodeAt(0)));
  const bytes = fromHex(line);
  if (bytes !== undefined) return ok(bytes);
  if (format.notation === 'text') return ok(new TextEncoder().encode(line + lineEnd));
  const digits = line.replaceAll(/\s/g, '');
  const at = digits.search(/[^0-9a-fA-F]/);
  const detail = at === -1 ? 'a digit is missing: every byte has two' : `"${digits[at] ?? ''}" is no hexadecimal digit`;
  return err({ code: 'bad-hex', offsetBytes: Math.floor((at === -1 ? digits.length : at) / 2), detail });
}
