/**
 * Frames of the 3M readers, cut out of a serial line that may carry noise.
 *
 *     | start D6 (D5 for the probe) | length u16: bytes after it | body | CRC u16 |
 *
 * A frame is given only if its checksum holds. When it does not, the start byte was not one: it becomes noise and the
 * search goes on at the byte behind it, so that a good frame inside the damage is still found. Noise is an event, not
 * an error, because a serial line is expected to have some.
 *
 * A false start byte makes the framer wait for bytes that never come. Call `flush` after a silence on the line.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0, message format.
 */
import { assert } from '#contract/assert.ts';
import { frameCrc } from '#contract/codec/threem/crc.ts';

/** Starts every frame but the probe. */
export const START = 0xd6;
/** Starts the probe that looks for a reader, and its answer. */
export const START_PROBE = 0xd5;

const HEAD_BYTES = 3;
const CRC_BYTES = 2;
const LENGTH_MIN = 1 + CRC_BYTES;

/** The longest answer we know is a read of 256 blocks of 6 bytes; a longer announcement is noise. */
export const LENGTH_MAX = 2048;

export interface ThreemFrame {
  readonly start: typeof START | typeof START_PROBE;
  /** Command and data, without length and checksum; at least one byte. */
  readonly body: Uint8Array;
}

export type ThreemEvent =
  | ({ readonly kind: 'frame' } & ThreemFrame)
  | {
      readonly kind: 'noise';
      readonly bytes: number;
      readonly reason: 'no-start' | 'bad-length' | 'bad-checksum' | 'cut-off';
    };

/** Bytes of one frame, ready for the line. */
export function encodeFrame({ start, body }: ThreemFrame): Uint8Array {
  const length = body.length + CRC_BYTES;
  assert(length >= LENGTH_MIN && length <= LENGTH_MAX, 'frame length is in range');
  const bytes = new Uint8Array(HEAD_BYTES + length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, start);
  view.setUint16(1, length);
  bytes.set(body, HEAD_BYTES);
  view.setUint16(HEAD_BYTES + body.length, frameCrc(bytes.subarray(1, HEAD_BYTES + body.length)));
  return bytes;
}

/** One framer belongs to one serial line. It keeps at most one unfinished frame. */
export class ThreemFramer {
  #pending = new Uint8Array(0);

  /** Takes the next piece of the line; gives the frames it completes and the noise between them, in order. */
  feed(chunk: Uint8Array): readonly ThreemEvent[] {
    const joined = new Uint8Array(this.#pending.length + chunk.length);
    joined.set(this.#pending);
    joined.set(chunk, this.#pending.length);
    const events: ThreemEvent[] = [];
    this.#pending = scan(joined, events);
    return events;
  }

  /** The line has been silent for so long that an unfinished frame will not be finished. */
  flush(): readonly ThreemEvent[] {
    const events: ThreemEvent[] = [];
    while (this.#pending.length > 0) {
      addNoise(events, 'cut-off', 1);
      this.#pending = scan(this.#pending.subarray(1), events);
    }
    return events;
  }
}

/** Finds frames and noise in `bytes`; gives back what may be the start of a frame. */
function scan(bytes: Uint8Array, events: ThreemEvent[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;
  while (at < bytes.length) {
    const start = view.getUint8(at);
    const left = bytes.length - at;
    if (start !== START && start !== START_PROBE) {
      addNoise(events, 'no-start', 1);
      at += 1;
      continue;
    }
    if (left < HEAD_BYTES) break;
    const length = view.getUint16(at + 1);
    if (length < LENGTH_MIN || length > LENGTH_MAX) {
      addNoise(events, 'bad-length', 1);
      at += 1;
      continue;
    }
    if (left < HEAD_BYTES + length) break;
    const crcAt = at + HEAD_BYTES + length - CRC_BYTES;
    if (view.getUint16(crcAt) !== frameCrc(bytes.subarray(at + 1, crcAt))) {
      addNoise(events, 'bad-checksum', 1);
      at += 1;
      continue;
    }
    events.push({ kind: 'frame', start, body: bytes.slice(at + HEAD_BYTES, crcAt) });
    at += HEAD_BYTES + length;
  }
  return bytes.slice(at);
}

/** Noise of one reason in a row is one event. */
function addNoise(events: ThreemEvent[], reason: (ThreemEvent & { kind: 'noise' })['reason'], bytes: number): void {
  const last = events.at(-1);
  if (last?.kind === 'noise' && last.reason === reason) {
    events[events.length - 1] = { kind: 'noise', bytes: last.bytes + bytes, reason };
  } else events.push({ kind: 'noise', bytes, reason });
}
