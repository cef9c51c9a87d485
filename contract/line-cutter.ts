/** Cuts a stream of bytes into lines, whatever pieces it comes in. The caller bounds what is left: see `restBytes`. */
import { concatBytes } from './bytes.ts';

const LF = 0x0a;

export class LineCutter {
  #rest: Uint8Array = new Uint8Array(0);

  /** Bytes of the line that has not ended yet. */
  get restBytes(): number {
    return this.#rest.length;
  }

  /** The lines that end with this piece, without their ends. */
  feed(chunk: Uint8Array): readonly Uint8Array[] {
    const lines: Uint8Array[] = [];
    let bytes = this.#rest.length === 0 ? chunk : concatBytes([this.#rest, chunk]);
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF)) {
      lines.push(bytes.subarray(0, end));
      bytes = bytes.subarray(end + 1);
    }
    this.#rest = new Uint8Array(bytes);
    return lines;
  }
}
