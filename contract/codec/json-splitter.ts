/**
 * Cuts a stream into JSON objects and arrays, whatever stands between them: nothing, blanks or line ends. Braces within
 * texts are no braces. Blanks between values belong to nobody and are no fault: readers send them as a sign of life.
 *
 * A value that breaks the grammar is a fault of one byte, its first, and the search goes on behind it: a good value inside
 * the damage is still found. One that grows beyond `bytesMax` is given up as a whole.
 *
 * Memory: one unfinished value, at most `bytesMax` bytes.
 *
 * Source: RFC 8259 (JSON); RFC 7464 says why a torn value must not swallow the next.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { StreamPiece, StreamSplitter } from '#contract/codec/format.ts';
import { isJsonSpace, isJsonStart, JsonScanner } from '#contract/codec/json-scanner.ts';

/** A batch of a thousand events of 250 bytes. */
export const JSON_VALUE_BYTES_MAX = 262_144;

const FIRST_BUFFER_BYTES = 1024;

const DAMAGE: Readonly<Record<'no-start' | 'damaged' | 'too-long' | 'cut-off', Pick<CodecError, 'code' | 'detail'>>> = {
  'no-start': { code: 'bad-value', detail: 'no JSON object or array starts here' },
  damaged: { code: 'bad-value', detail: 'this is not JSON' },
  'too-long': { code: 'bad-length', detail: 'longer than any message of a reader' },
  'cut-off': { code: 'truncated', detail: 'the stream ends within a message' },
};
type Damage = keyof typeof DAMAGE;

/** One splitter belongs to one stream. */
export class JsonSplitter implements StreamSplitter {
  readonly #bytesMax: number;
  #buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  #length = 0;
  /** Of the buffer's first byte, from the stream's first. */
  #offsetBytes = 0;
  #scanner: JsonScanner | undefined;
  #out: StreamPiece[] = [];
  #fault: { readonly damage: Damage; readonly fromBytes: number; bytes: number } | undefined;

  constructor(bytesMax = JSON_VALUE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  feed(chunk: Uint8Array): readonly StreamPiece[] {
    for (const byte of chunk) this.#push(byte);
    return this.#drain();
  }

  end(): readonly StreamPiece[] {
    // What is unfinished may still hold whole values.
    while (this.#scanner !== undefined) this.#giveUpFirst('cut-off');
    return this.#drain();
  }

  #drain(): readonly StreamPiece[] {
    this.#tellFault();
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #push(byte: number): void {
    if (this.#scanner === undefined && !isJsonStart(byte)) {
      if (!isJsonSpace(byte)) this.#addFault('no-start', 1);
      else this.#tellFault();
      this.#offsetBytes += 1;
      return;
    }
    this.#scanner ??= new JsonScanner();
    this.#keep(byte);
    const outcome = this.#scanner.push(byte);
    if (outcome === 'done') this.#giveFrame();
    else if (outcome === 'bad') this.#giveUpFirst('damaged');
    else if (this.#length >= this.#bytesMax) this.#giveUpAll();
  }

  #keep(byte: number): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(Math.min(this.#bytesMax, 2 * this.#length));
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length] = byte;
    this.#length += 1;
  }

  #giveFrame(): void {
    this.#tellFault();
    this.#out.push({ kind: 'frame', offsetBytes: this.#offsetBytes, bytes: this.#buffer.slice(0, this.#length) });
    this.#forget(this.#length);
  }

  /** The value's first byte starts nothing; what came behind it is looked at again. */
  #giveUpFirst(damage: Damage): void {
    const again = this.#buffer.slice(1, this.#length);
    this.#addFault(damage, 1);
    this.#forget(1);
    for (const byte of again) this.#push(byte);
  }

  #giveUpAll(): void {
    this.#addFault('too-long', this.#length);
    this.#forget(this.#length);
  }

  #forget(bytes: number): void {
    this.#offsetBytes += bytes;
    this.#length = 0;
    this.#scanner = undefined;
    if (this.#buffer.length > FIRST_BUFFER_BYTES) this.#buffer = new Uint8Array(FIRST_BUFFER_BYTES);
  }

  /** Neighbours of one reason are one fault; what is skipped inside a damaged value belongs to it. */
  #addFault(damage: Damage, bytes: number): void {
    const fault = this.#fault;
    const isNext = fault !== undefined && fault.fromBytes + fault.bytes === this.#offsetBytes;
    if (isNext && (fault.damage === damage || damage === 'no-start')) {
      fault.bytes += bytes;
      return;
    }
    this.#tellFault();
    this.#fault = { damage, fromBytes: this.#offsetBytes, bytes };
  }

  #tellFault(): void {
    if (this.#fault === undefined) return;
    const { damage, fromBytes, bytes } = this.#fault;
    this.#fault = undefined;
    const { code, detail } = DAMAGE[damage];
    this.#out.push({ kind: 'fault', error: { code, offsetBytes: fromBytes, detail: `${bytes} bytes: ${detail}` } });
  }
}
