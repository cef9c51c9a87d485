/**
 * One line of the TSL ASCII protocol (handhelds 1128, 1153, 1166, 2128, 3166 and their kin), either way.
 *
 *     .iv -al on<CR><LF>        a command
 *     EP: 3034…<CR><LF>         a field of a response: two letters, a colon, the value
 *     <CR><LF>                  the end of a response
 *
 * A response runs from `CS` (the command that began) over its fields to `OK` or `ER` and a blank line. In barcodes ESC
 * stands before each CR, LF and ESC, so that none of them ends the line.
 *
 * Source: TSL ASCII protocol 2.5, response field headers (asciiprotocol.com).
 */
import type { FrameShape } from '#contract/codec/serial-framer.ts';

/** The longest lines are memory read backs. */
export const LINE_BYTES_MAX = 2048;

const ESC = 0x1b;
const CR = 0x0d;
const LF = 0x0a;

/** Lines end with CR LF; a lone LF is taken too. */
export const TSL_SHAPE: FrameShape = {
  bytesMax: LINE_BYTES_MAX,
  measure(bytes) {
    const [first = 0] = bytes;
    if (!isPrintable(first) && first !== CR && first !== LF) return 'no-start';
    for (let at = 0; at < bytes.length; at += 1) {
      if (bytes[at] === LF) return at + 1;
      if (bytes[at] === ESC) at += 1;
    }
    return bytes.length > LINE_BYTES_MAX ? 'bad-length' : 'more';
  },
  isWhole: () => true,
};

export type TslValue =
  { readonly epc: string } | { readonly rssiDbm: number } | { readonly barcode: string } | { readonly text: string };

export type TslLine = { readonly end: 'crlf' | 'lf' } & (
  | { readonly kind: 'blank' }
  | { readonly kind: 'command'; readonly command: string; readonly rest: string }
  /** `gap`: blanks behind the colon. */
  | { readonly kind: 'field'; readonly header: string; readonly gap: number; readonly value: TslValue }
  /** Without its line end. */
  | { readonly kind: 'raw'; readonly data: Uint8Array }
);

/** A whole line, its end included; never fails, since what is no protocol line is raw. */
export function decodeTslLine(bytes: Uint8Array): TslLine {
  const end = bytes.at(-2) === CR && bytes.at(-3) !== ESC ? 'crlf' : 'lf';
  const content = bytes.subarray(0, bytes.length - (end === 'crlf' ? 2 : 1));
  if (content.length === 0) return { kind: 'blank', end };
  const text = content.every((byte) => byte < 0x80) ? String.fromCharCode(...content) : '';
  const line = readLine(text);
  return line === undefined || contentOf(line) !== text
    ? { kind: 'raw', data: content.slice(), end }
    : { ...line, end };
}

type Content =
  Extract<TslLine, { kind: 'command' | 'field' }> extends infer Line
    ? Line extends unknown
      ? Omit<Line, 'end'>
      : never
    : never;

const COMMAND = /^\.([a-z]{2})((?: |-)[\x20-\x7e]*)?$/;
const FIELD = /^([A-Z]{2}):( {0,8})(.*)$/s;

function readLine(text: string): Content | undefined {
  const command = COMMAND.exec(text);
  if (command !== null) return { kind: 'command', command: command[1] ?? '', rest: command[2] ?? '' };
  const field = FIELD.exec(text);
  if (field === null) return undefined;
  const [, header = '', gap = '', value = ''] = field;
  return { kind: 'field', header, gap: gap.length, value: readValue(header, value) };
}

function readValue(header: string, value: string): TslValue {
  if (header === 'EP' && /^(?:[0-9A-F]{2})+$/.test(value)) return { epc: value };
  if (header === 'RI' && /^(?:0|-?[1-9]\d{0,2})$/.test(value)) return { rssiDbm: Number(value) };
  // eslint-disable-next-line no-control-regex -- the escape is one
  if (header === 'BC') return { barcode: value.replaceAll(/\u001b([^])/g, '$1') };
  return { text: value };
}

function contentOf(line: Content): string {
  if (line.kind === 'command') return `.${line.command}${line.rest}`;
  return `${line.header}:${' '.repeat(line.gap)}${valueOf(line.value)}`;
}

function valueOf(value: TslValue): string {
  if ('epc' in value) return value.epc;
  if ('rssiDbm' in value) return String(value.rssiDbm);
  // eslint-disable-next-line no-control-regex -- these are what is escaped
  if ('barcode' in value) return value.barcode.replaceAll(/[\u001b\r\n]/g, '\u001b$&');
  return value.text;
}

/** Inverse of {@link decodeTslLine}. */
export function encodeTslLine(line: TslLine): Uint8Array {
  const end = line.end === 'crlf' ? [CR, LF] : [LF];
  if (line.kind === 'blank') return Uint8Array.from(end);
  if (line.kind === 'raw') return Uint8Array.from([...line.data, ...end]);
  return Uint8Array.from([...Array.from(contentOf(line), (letter) => letter.charCodeAt(0)), ...end]);
}

function isPrintable(byte: number): boolean {
  return byte >= 0x20 && byte <= 0x7e;
}
