/**
 * Follows the grammar of one JSON object or array, byte by byte, so that a torn or damaged one is noticed at the first
 * byte that cannot stand there, and not at the end of the stream.
 *
 * Source: RFC 8259 (JSON).
 */

/** No reader nests deeper; what does is not worth the stack of whoever reads it next. */
export const JSON_DEPTH_MAX = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const CONTROL_MAX = 0x1f;

const LITERAL = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
const LITERAL_CHARS_MAX = 512;
const ESCAPES = new Set(Array.from('"\\/bfnrtu', (letter) => letter.charCodeAt(0)));

/** Space, tab, line feed, carriage return. */
export function isJsonSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}

/** Whether an object or array begins with this byte. */
export function isJsonStart(byte: number): boolean {
  return byte === OPEN_OBJECT || byte === OPEN_ARRAY;
}

type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** One scanner, one value. */
export class JsonScanner {
  /** What closes each open level. */
  readonly #closers: number[] = [];
  #expected: Expected = 'value';
  #isInString = false;
  #isEscaped = false;
  /** Digits still to come of a \u escape. */
  #hexDigits = 0;
  #literal = '';

  /** `done`: the value ends with this byte. `bad`: no JSON goes on like this. */
  push(byte: number): 'more' | 'done' | 'bad' {
    if (this.#isInString) return this.#pushText(byte);
    if (this.#literal !== '' && !isDelimiter(byte)) {
      this.#literal += String.fromCharCode(byte);
      return this.#literal.length > LITERAL_CHARS_MAX ? 'bad' : 'more';
    }
    if (this.#literal !== '') {
      if (!LITERAL.test(this.#literal)) return 'bad';
      this.#literal = '';
      this.#expected = 'comma-or-end';
    }
    return isJsonSpace(byte) ? 'more' : this.#pushToken(byte);
  }

  #pushText(byte: number): 'more' | 'bad' {
    if (byte <= CONTROL_MAX) return 'bad';
    if (this.#hexDigits > 0) {
      this.#hexDigits -= 1;
      return isHexDigit(byte) ? 'more' : 'bad';
    }
    if (this.#isEscaped) {
      this.#isEscaped = false;
      if (byte === 0x75) this.#hexDigits = 4;
      return ESCAPES.has(byte) ? 'more' : 'bad';
    }
    if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isInString = false;
    return 'more';
  }

  #pushToken(byte: number): 'more' | 'done' | 'bad' {
    const expected = this.#expected;
    if (byte === this.#closers.at(-1)) return this.#close(expected);
    switch (expected) {
      case 'colon':
        this.#expected = 'value';
        return byte === COLON ? 'more' : 'bad';
      case 'comma-or-end':
        this.#expected = this.#closers.at(-1) === CLOSE_OBJECT ? 'key' : 'value';
        return byte === COMMA ? 'more' : 'bad';
      case 'key':
      case 'key-or-end':
        this.#expected = 'colon';
        this.#isInString = true;
        return byte === QUOTE ? 'more' : 'bad';
      case 'value':
      case 'value-or-end':
        return this.#beginValue(byte);
    }
  }

  #beginValue(byte: number): 'more' | 'bad' {
    if (isJsonStart(byte)) {
      this.#closers.push(byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY);
      this.#expected = byte === OPEN_OBJECT ? 'key-or-end' : 'value-or-end';
      return this.#closers.length > JSON_DEPTH_MAX ? 'bad' : 'more';
    }
    // A bare word is no frame of any reader.
    if (this.#closers.length === 0) return 'bad';
    this.#expected = 'comma-or-end';
    if (byte === QUOTE) this.#isInString = true;
    else if (isDelimiter(byte)) return 'bad';
    else this.#literal = String.fromCharCode(byte);
    return 'more';
  }

  #close(expected: Expected): 'more' | 'done' | 'bad' {
    if (expected !== 'comma-or-end' && expected !== 'key-or-end' && expected !== 'value-or-end') return 'bad';
    this.#closers.pop();
    this.#expected = 'comma-or-end';
    return this.#closers.length === 0 ? 'done' : 'more';
  }
}

function isDelimiter(byte: number): boolean {
  return (
    isJsonSpace(byte) ||
    byte === COMMA ||
    byte === COLON ||
    byte === CLOSE_ARRAY ||
    byte === CLOSE_OBJECT ||
    byte === QUOTE ||
    isJsonStart(byte)
  );
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
