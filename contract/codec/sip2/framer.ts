/**
 * Cuts the byte stream of a SIP2 line into messages. A message ends with CR; terminals and systems in the field also end
 * it with LF or CR LF, so either ends it here, and empty messages are passed over.
 *
 * Memory: one unfinished message. What grows longer than {@link MESSAGE_BYTES_MAX} is a fault once, and is skipped up
 * to its end.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Message format"; Koha C4/SIP/Sip.pm for the ends in the field.
 */
import { concatBytes } from '#contract/bytes.ts';
import type { StreamPiece, StreamSplitter } from '#contract/codec/format.ts';
import { MESSAGE_BYTES_MAX } from '#contract/codec/sip2/message.ts';

export class Sip2Framer implements StreamSplitter {
  readonly #bytesMax: number;
  #pieces: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Of the stream's first byte that is not yet part of a finished message. */
  #startBytes = 0;
  #isSkipping = false;

  constructor(bytesMax = MESSAGE_BYTES_MAX) {
    this.#bytesMax = bytesMax;
  }

  /** True while a message has begun and not ended: its silence is a time-out, not idleness. */
  get isWithinMessage(): boolean {
    return this.#pendingBytes > 0 || this.#isSkipping;
  }

  feed(chunk: Uint8Array): readonly StreamPiece[] {
    const found: StreamPiece[] = [];
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte !== 0x0d && byte !== 0x0a) continue;
      this.#keep(chunk.subarray(from, at), found);
      this.#finish(found);
      this.#startBytes += 1;
      from = at + 1;
    }
    this.#keep(chunk.subarray(from), found);
    return found;
  }

  /** What is left without an end mark is a message of its own: the end of the line ends it. */
  end(): readonly StreamPiece[] {
    const found: StreamPiece[] = [];
    this.#finish(found);
    return found;
  }

  #keep(piece: Uint8Array, found: StreamPiece[]): void {
    if (piece.length === 0) return;
    this.#pendingBytes += piece.length;
    if (this.#isSkipping) return;
    if (this.#pendingBytes <= this.#bytesMax) {
      // A plain copy: the socket's buffer is used again.
      this.#pieces.push(new Uint8Array(piece));
      return;
    }
    const detail = `a message has at most ${this.#bytesMax} bytes`;
    found.push({ kind: 'fault', error: { code: 'bad-length', offsetBytes: this.#startBytes, detail } });
    this.#pieces = [];
    this.#isSkipping = true;
  }

  #finish(found: StreamPiece[]): void {
    if (this.#pieces.length > 0) {
      found.push({ kind: 'frame', offsetBytes: this.#startBytes, bytes: concatBytes(this.#pieces) });
    }
    this.#startBytes += this.#pendingBytes;
    this.#pieces = [];
    this.#pendingBytes = 0;
    this.#isSkipping = false;
  }
}
