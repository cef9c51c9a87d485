/**
 * Reads SIP2 messages, strictly or as liberally as terminals and library systems in the field need it.
 *
 * Lenient reading also takes: spaces, CR and LF around the message; no checksum; lower-case hex; a bar behind the
 * checksum; no bar before `AY`; empty fields (`||`); dates with one blank or none for the zone; bytes that the
 * character set does not have. A wrong checksum is not an error in either: it is said, and the caller asks again.
 *
 * Source: 3M Standard Interchange Protocol 2.00; Koha C4/SIP (Sip.pm, MsgType.pm) for what is met in the field.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { REPLACEMENT, textOf, type Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { sip2Checksum } from '#contract/codec/sip2/checksum.ts';
import { FIELDS_MAX, MESSAGE_BYTES_MAX, type Sip2Field, type Sip2Message } from '#contract/codec/sip2/message.ts';
import { SIP2_LAYOUTS, type FixedField } from '#contract/codec/sip2/messages.table.ts';
import { err, ok, type Result } from '#contract/result.ts';

export interface ReadOptions {
  readonly charset: Sip2Charset;
  readonly isStrict?: boolean;
}

/** A message and what had to be overlooked in it. */
export interface ReadMessage extends Sip2Message {
  /** Where a byte stands that the character set does not have (the text has a replacement there) or that is a control. */
  readonly unreadableAt?: number;
}

/**
 * Reads one message without its end mark (lenient: also with it).
 *
 * Errors: `truncated` (ends within the fixed part), `unknown-type` (no such code), `bad-length` (longer than
 * {@link MESSAGE_BYTES_MAX} or more than {@link FIELDS_MAX} fields), `bad-value` (a field without a name; strict: also
 * what lenient reading takes); the offset counts bytes of what was given.
 */
export function readSip2(given: Uint8Array, options: ReadOptions): Result<ReadMessage, CodecError> {
  return new Reader(given, options).read();
}

const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;

class Reader {
  readonly #bytes: Uint8Array;
  /** The message, one character for each byte: positions are byte offsets. */
  readonly #text: string;
  readonly #start: number;
  readonly #charset: Sip2Charset;
  readonly #isStrict: boolean;
  #unreadableAt: number | undefined;

  constructor(given: Uint8Array, { charset, isStrict = false }: ReadOptions) {
    let start = 0;
    let end = given.length;
    if (!isStrict) {
      // Files of some editors begin with this mark.
      if (given[0] === 0xef && given[1] === 0xbb && given[2] === 0xbf) start = 3;
      while (start < end && isBlank(given[start])) start += 1;
      while (end > start && isEndMark(given[end - 1])) end -= 1;
    }
    this.#bytes = given.subarray(0, end);
    this.#start = start;
    this.#charset = charset;
    this.#isStrict = isStrict;
    this.#text = end > MESSAGE_BYTES_MAX ? '' : textOf(this.#bytes, 'iso-8859-1');
  }

  read(): Result<ReadMessage, CodecError> {
    if (this.#bytes.length > MESSAGE_BYTES_MAX) {
      return fault('bad-length', MESSAGE_BYTES_MAX, `a message has at most ${MESSAGE_BYTES_MAX} bytes`);
    }
    const code = this.#text.slice(this.#start, this.#start + 2);
    if (code.length < 2) return fault('truncated', this.#bytes.length, 'a message begins with two digits');
    const layout = SIP2_LAYOUTS.get(code);
    if (layout === undefined) return fault('unknown-type', this.#start, `there is no message ${JSON.stringify(code)}`);
    const strange = this.#isStrict ? controlIn(this.#text) : -1;
    if (strange !== -1) return fault('bad-value', strange, 'a control character within a message');

    const fixed = this.#readFixed(layout.fixed);
    if (!fixed.ok) return fixed;
    const tail = this.#readTail(fixed.value.end);
    if (this.#isStrict && tail.problem !== undefined) return fault('bad-value', tail.at, tail.problem);
    const fields = this.#readFields(fixed.value.end, tail.at);
    if (!fields.ok) return fields;
    return ok({
      code,
      name: layout.name,
      fixed: fixed.value.values,
      fields: fields.value,
      sequence: tail.sequence,
      checksumValid: tail.checksumValid,
      ...(this.#unreadableAt !== undefined && { unreadableAt: this.#unreadableAt }),
    });
  }

  #readFixed(
    layout: readonly FixedField[],
  ): Result<{ readonly values: Readonly<Record<string, string>>; readonly end: number }, CodecError> {
    const values: Record<string, string> = {};
    let at = this.#start + 2;
    for (const field of layout) {
      const width = this.#widthAt(at, field);
      const value = this.#text.slice(at, at + width);
      if (value.length < width) return fault('truncated', this.#text.length, `${field.name} has ${width} characters`);
      const odd = value.search(field.mayHoldBar === true ? /[^\x20-\x7e]/ : /[^\x20-\x7b\x7d\x7e]/);
      if (odd !== -1) return fault('bad-value', at + odd, `${field.name}: ${width} printable ASCII characters`);
      values[field.name] = value;
      at += width;
    }
    return ok({ values, end: at });
  }

  /** Eighteen for a date, fewer where the zone was squeezed to one blank or left out. */
  #widthAt(at: number, { width, isDate }: FixedField): number {
    if (isDate !== true || this.#isStrict) return width;
    const ahead = this.#text.slice(at, at + width);
    if (/^\d{8} \d{6}/.test(ahead)) return 15;
    return /^\d{14}(?!\d{4})/.test(ahead) ? 14 : width;
  }

  /** `AYn` and `AZhhhh` at the end, where the variable part ends. */
  #readTail(from: number): Tail {
    const rest = this.#text.slice(from);
    const found = /(?:AY(?<sequence>\d))?AZ(?<sum>[0-9A-Fa-f]{4})(?<bar>\|?)$/.exec(rest);
    if (found?.groups !== undefined) {
      const { sequence, sum = '', bar } = found.groups;
      const at = from + found.index;
      const sumAt = at + (sequence === undefined ? 2 : 5);
      const isFitting = sip2Checksum(this.#bytes.subarray(this.#start, sumAt)) === sum.toUpperCase();
      const isBehindBar = found.index === 0 || rest[found.index - 1] === '|';
      // Letters at the end of a value may look like a checksum: without a bar before them they must fit to be one.
      if (isBehindBar || sequence !== undefined || isFitting) {
        const problem = !isBehindBar
          ? 'a bar ends the last field'
          : bar === '|' || sum !== sum.toUpperCase()
            ? 'the checksum is four upper-case digits at the end'
            : undefined;
        return { at, sequence: digit(sequence), checksumValid: isFitting, problem };
      }
    }
    return this.#readBrokenTail(from, rest);
  }

  /** A sequence without a checksum, or a checksum that is damaged beyond its digits. */
  #readBrokenTail(from: number, rest: string): Tail {
    const broken = /(?<=^|\|)(?:AY(?<sequence>\d)\|?)?(?:AZ(?<sum>[^|]{0,8}))?\|?$/.exec(rest);
    const { sequence, sum } = broken?.groups ?? {};
    if (broken === null || (sequence === undefined && sum === undefined)) {
      return { at: from + rest.length, sequence: null, checksumValid: null, problem: undefined };
    }
    return {
      at: from + broken.index,
      sequence: digit(sequence),
      checksumValid: sum === undefined ? null : false,
      problem: sum === undefined ? 'a sequence number without a checksum' : 'a checksum has four hexadecimal digits',
    };
  }

  #readFields(from: number, to: number): Result<readonly Sip2Field[], CodecError> {
    const fields: Sip2Field[] = [];
    let at = from;
    while (at < to) {
      const bar = this.#text.indexOf('|', at);
      const end = bar === -1 || bar > to ? to : bar;
      if (this.#isStrict && end === to) return fault('bad-value', to, 'a bar ends every field');
      if (end > at || this.#isStrict) {
        if (end - at < 2) return fault('bad-value', at, 'a field begins with two characters that name it');
        const id = this.#text.slice(at, at + 2);
        if (!FIELD_ID.test(id)) return fault('bad-value', at, `a field's name is two letters or digits`);
        if (id === 'AY' || id === 'AZ') return fault('bad-value', at, `${id} stands at the end: two messages in one?`);
        if (fields.length >= FIELDS_MAX) return fault('bad-length', at, `a message has at most ${FIELDS_MAX} fields`);
        const value = this.#valueOf(at + 2, end);
        if (this.#isStrict && this.#unreadableAt !== undefined) {
          return fault(
            'bad-value',
            this.#unreadableAt,
            `a control character, or a byte that ${this.#charset} does not have`,
          );
        }
        fields.push([id, value]);
      }
      at = end + 1;
    }
    return ok(fields);
  }

  #valueOf(from: number, to: number): string {
    const bytes = this.#bytes.subarray(from, to);
    const value = textOf(bytes, this.#charset);
    if (this.#unreadableAt === undefined) {
      const control = controlIn(this.#text.slice(from, to));
      const at =
        control !== -1 ? control : value.includes(REPLACEMENT) ? unreadableAt(bytes, this.#charset) : undefined;
      if (at !== undefined) this.#unreadableAt = from + at;
    }
    return value;
  }
}

/** Two letters or digits: extensions of some vendors use digits. */
export const FIELD_ID = /^[A-Za-z0-9]{2}$/;

interface Tail {
  readonly at: number;
  readonly sequence: number | null;
  readonly checksumValid: boolean | null;
  readonly problem: string | undefined;
}

function digit(text: string | undefined): number | null {
  return text === undefined ? null : Number(text);
}

function controlIn(text: string): number {
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  return text.search(/[\u0000-\u001f\u007f]/);
}

function isBlank(byte: number | undefined): boolean {
  return byte === SPACE || isEndMark(byte);
}

function isEndMark(byte: number | undefined): boolean {
  return byte === CR || byte === LF || byte === 0;
}

/** The first byte that the set does not have. A replacement character that was really sent is none. */
function unreadableAt(bytes: Uint8Array, charset: Sip2Charset): number | undefined {
  if (charset !== 'utf-8') {
    const at = bytes.findIndex((byte) => byte >= 0x80);
    return at === -1 ? undefined : at;
  }
  let at = 0;
  for (const character of textOf(bytes, 'utf-8')) {
    const written = new TextEncoder().encode(character);
    if (written.some((byte, index) => bytes[at + index] !== byte)) return at;
    at += written.length;
  }
  return undefined;
}

function fault(code: CodecError['code'], offsetBytes: number, detail: string): Result<never, CodecError> {
  return err({ code, offsetBytes, detail });
}
