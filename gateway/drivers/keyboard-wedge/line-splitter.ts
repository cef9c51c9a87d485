/** Cuts a stream at its line ends: CR, LF, or both; what is longer than any code is given up. */
import type { StreamPiece, StreamSplitter } from '#contract/codec/format.ts';

const CR = 0x0d;
const LF = 0x0a;
/** The longest barcode a library prints is a tenth of this. */
const LINE_BYTES_MAX = 512;

export class LineSplitter implements StreamSplitter {
  #held: number[] = [];
  #isTooLong = false;
  #offsetBytes = 0;

  feed(chunk: Uint8Array): readonly StreamPiece[] {
    const pieces: StreamPiece[] = [];
    for (const byte of chunk) {
      this.#offsetBytes += 1;
      if (byte === CR || byte === LF) this.#finish(pieces);
      else if (this.#held.length < LINE_BYTES_MAX) this.#held.push(byte);
      else this.#isTooLong = true;
    }
    return pieces;
  }

  end(): readonly StreamPiece[] {
    if (this.#held.length === 0) return [];
    const offsetBytes = this.#offsetBytes - this.#held.length;
    this.#held = [];
    return [{ kind: 'fault', error: { code: 'truncated', offsetBytes, detail: 'the stream ends within a line' } }];
  }

  #finish(pieces: StreamPiece[]): void {
    const bytes = Uint8Array.from(this.#held);
    const offsetBytes = Math.max(0, this.#offsetBytes - 1 - bytes.length);
    this.#held = [];
    if (this.#isTooLong) {
      const detail = `a line of more than ${LINE_BYTES_MAX} bytes; check the baud rate`;
      pieces.push({ kind: 'fault', error: { code: 'bad-length', offsetBytes, detail } });
    } else if (bytes.length > 0) pieces.push({ kind: 'frame', offsetBytes, bytes });
    this.#isTooLong = false;
  }
}
