/**
 * Cuts the byte stream of a reader into whole LLRP messages, whatever pieces the network delivers.
 *
 * LLRP has no start mark and no checksum: once a length is wrong, nothing tells where the next message begins.
 * A bad header is therefore final; the link must be closed, and the framer takes nothing more.
 *
 * Memory is bounded: at most one unfinished message of MESSAGE_BYTES_MAX is kept.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.1 (message length) and 20 (TCP transport).
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { decodeHeader, HEADER_BYTES } from '#contract/codec/llrp/header.ts';

const PENDING_BYTES_MIN = 256;

/** What one chunk completed. Messages before a fault are still good, which is why this is not a Result. */
export interface LlrpFrames {
  /** Whole messages, header included, in order. They may share memory with the chunk. */
  readonly messages: readonly Uint8Array[];
  /** Set once the stream cannot be followed any more: close the link. */
  readonly fatal?: CodecError;
}

/** One framer belongs to one connection. */
export class LlrpFramer {
  #pending = new Uint8Array(PENDING_BYTES_MIN);
  #pendingBytes = 0;
  #fatal: CodecError | undefined;

  /** Bytes of an unfinished message that wait for the rest. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  /** Takes the next piece of the stream and gives back every message it completes. */
  feed(chunk: Uint8Array): LlrpFrames {
    const messages: Uint8Array[] = [];
    let at = 0;
    while (this.#fatal === undefined && at < chunk.length) {
      if (this.#pendingBytes === 0) {
        const taken = this.#takeWhole(chunk.subarray(at), messages);
        at += taken;
        if (taken > 0) continue;
      }
      at += this.#takePart(chunk.subarray(at), messages);
    }
    return this.#fatal === undefined ? { messages } : { messages, fatal: this.#fatal };
  }

  /** The common case: a whole message lies in the chunk and needs no copy. Returns the bytes used. */
  #takeWhole(rest: Uint8Array, messages: Uint8Array[]): number {
    const header = decodeHeader(rest);
    if (!header.ok) {
      if (header.error.code !== 'truncated') this.#fatal = header.error;
      return 0;
    }
    const { lengthBytes } = header.value;
    if (lengthBytes > rest.length) return 0;
    messages.push(rest.subarray(0, lengthBytes));
    return lengthBytes;
  }

  /** Adds to the unfinished message: first its header, then exactly as much as the header announces. */
  #takePart(rest: Uint8Array, messages: Uint8Array[]): number {
    if (this.#fatal !== undefined) return rest.length;
    const wanted = this.#pendingBytes < HEADER_BYTES ? HEADER_BYTES : this.#announcedBytes();
    const part = rest.subarray(0, wanted - this.#pendingBytes);
    this.#append(part);
    if (this.#pendingBytes < HEADER_BYTES) return part.length;

    const header = decodeHeader(this.#pending.subarray(0, this.#pendingBytes));
    if (!header.ok) {
      this.#fatal = header.error;
    } else if (this.#pendingBytes === header.value.lengthBytes) {
      messages.push(this.#pending.slice(0, this.#pendingBytes));
      this.#pendingBytes = 0;
      if (this.#pending.length > PENDING_BYTES_MIN) this.#pending = new Uint8Array(PENDING_BYTES_MIN);
    }
    return part.length;
  }

  #announcedBytes(): number {
    return new DataView(this.#pending.buffer).getUint32(2);
  }

  #append(part: Uint8Array): void {
    const total = this.#pendingBytes + part.length;
    if (total > this.#pending.length) {
      const grown = new Uint8Array(Math.max(total, 2 * this.#pending.length));
      grown.set(this.#pending.subarray(0, this.#pendingBytes));
      this.#pending = grown;
    }
    this.#pending.set(part, this.#pendingBytes);
    this.#pendingBytes = total;
  }
}
