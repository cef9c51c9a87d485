/**
 * Cuts frames out of a serial line that may carry noise: the one mechanism of all serial families. A family says how its
 * frame begins, how long it is and whether it is whole ({@link FrameShape}); the search, the waiting and the counting of
 * noise are here.
 *
 * A frame is given only if the family confirms it. When it does not, the start was none: that one byte becomes noise and
 * the search goes on at the byte behind it, so that a good frame inside the damage is still found. Noise is an event,
 * not an error, because a serial line is expected to have some.
 *
 * A false start makes the framer wait for bytes that never come: call `flush` after a silence on the line.
 *
 * Memory: one unfinished frame, at most `bytesMax` of the family.
 */
import { assert } from '#contract/assert.ts';
import { concatBytes } from '#contract/bytes.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { StreamPiece, StreamSplitter } from '#contract/codec/format.ts';

export type NoiseReason = 'no-start' | 'bad-length' | 'bad-checksum' | 'cut-off';

/** What a family knows about its frames. */
export interface FrameShape {
  /** No frame is longer; a greater announcement is noise. */
  readonly bytesMax: number;
  /**
   * Length of the frame that begins at `bytes[0]`, everything counted: start, length, checksum, end mark. `more` while
   * too few bytes are there to tell; a reason when no frame begins here.
   */
  measure(bytes: Uint8Array): number | 'more' | 'no-start' | 'bad-length';
  /** Whether `bytes`, exactly as long as `measure` said, is undamaged: checksum and end mark. */
  isWhole(bytes: Uint8Array): boolean;
}

export type SerialEvent =
  /** A whole frame, from its start byte to its last. */
  | { readonly kind: 'frame'; readonly bytes: Uint8Array }
  | { readonly kind: 'noise'; readonly bytes: number; readonly reason: NoiseReason };

/** One framer belongs to one line. */
export class SerialFramer {
  readonly #shape: FrameShape;
  /** Pieces that wait, not joined before a frame can be whole: a long false start must not cost a copy for each byte. */
  #pieces: Uint8Array[] = [];
  #pendingBytes = 0;
  /** So many pending bytes are needed before looking again makes sense. */
  #wantedBytes = 1;

  constructor(shape: FrameShape) {
    this.#shape = shape;
  }

  /** Takes the next piece of the line; gives the frames it completes and the noise between them, in order. */
  feed(chunk: Uint8Array): readonly SerialEvent[] {
    // A plain copy: of Node's buffers a slice would share the memory, and so would every frame cut from it.
    this.#pieces.push(new Uint8Array(chunk));
    this.#pendingBytes += chunk.length;
    if (this.#pendingBytes < this.#wantedBytes) return [];
    const events: SerialEvent[] = [];
    this.#keep(this.#scan(this.#join(), events));
    return events;
  }

  /** The line has been silent for so long that an unfinished frame will not be finished. */
  flush(): readonly SerialEvent[] {
    const events: SerialEvent[] = [];
    let pending = this.#join();
    while (pending.length > 0) {
      addNoise(events, 'cut-off');
      pending = this.#scan(pending.subarray(1), events);
    }
    this.#keep(pending);
    return events;
  }

  #join(): Uint8Array {
    const [first] = this.#pieces;
    if (first !== undefined && this.#pieces.length === 1) return first;
    return concatBytes(this.#pieces);
  }

  #keep(pending: Uint8Array): void {
    this.#pieces = pending.length === 0 ? [] : [pending];
    this.#pendingBytes = pending.length;
    const measured = pending.length === 0 ? 'more' : this.#shape.measure(pending);
    this.#wantedBytes = typeof measured === 'number' ? measured : pending.length + 1;
  }

  /** Finds frames and noise in `bytes`; gives back what may be the start of a frame. */
  #scan(bytes: Uint8Array, events: SerialEvent[]): Uint8Array {
    let at = 0;
    while (at < bytes.length) {
      const rest = bytes.subarray(at);
      const measured = this.#shape.measure(rest);
      if (measured === 'more') break;
      const reason = typeof measured === 'string' ? measured : this.#doubt(measured, rest);
      if (reason === 'more') break;
      if (reason !== undefined) {
        addNoise(events, reason);
        at += 1;
        continue;
      }
      const length = Number(measured);
      events.push({ kind: 'frame', bytes: rest.slice(0, length) });
      at += length;
    }
    return bytes.slice(at);
  }

  #doubt(length: number, rest: Uint8Array): NoiseReason | 'more' | undefined {
    assert(length > 0, 'a frame has at least one byte');
    if (length > this.#shape.bytesMax) return 'bad-length';
    if (rest.length < length) return 'more';
    return this.#shape.isWhole(rest.subarray(0, length)) ? undefined : 'bad-checksum';
  }
}

/** Noise of one reason in a row is one event. */
function addNoise(events: SerialEvent[], reason: NoiseReason): void {
  const last = events.at(-1);
  if (last?.kind === 'noise' && last.reason === reason) {
    events[events.length - 1] = { kind: 'noise', bytes: last.bytes + 1, reason };
  } else events.push({ kind: 'noise', bytes: 1, reason });
}

const FAULT: Readonly<Record<NoiseReason, Pick<CodecError, 'code' | 'detail'>>> = {
  'no-start': { code: 'bad-value', detail: 'no frame starts here' },
  'bad-length': { code: 'bad-length', detail: 'the announced length is impossible' },
  'bad-checksum': { code: 'bad-checksum', detail: 'the checksum does not fit' },
  'cut-off': { code: 'truncated', detail: 'the stream ends within a frame' },
};

/** The framer as the bench tool's splitter. */
export function serialSplitter(shape: FrameShape): StreamSplitter {
  const framer = new SerialFramer(shape);
  let offsetBytes = 0;
  const pieces = (events: readonly SerialEvent[]): readonly StreamPiece[] =>
    events.map((event) => {
      const startBytes = offsetBytes;
      if (event.kind === 'frame') {
        offsetBytes += event.bytes.length;
        return { kind: 'frame', offsetBytes: startBytes, bytes: event.bytes };
      }
      offsetBytes += event.bytes;
      const { code, detail } = FAULT[event.reason];
      return { kind: 'fault', error: { code, offsetBytes: startBytes, detail: `${event.bytes} bytes: ${detail}` } };
    });
  return { feed: (chunk) => pieces(framer.feed(chunk)), end: () => pieces(framer.flush()) };
}

/** Exactly one frame, as one line of the bench tool holds it; undefined when all is well. */
export function frameProblem(shape: FrameShape, bytes: Uint8Array): CodecError | undefined {
  const measured = shape.measure(bytes);
  if (measured === 'more') {
    return { code: 'truncated', offsetBytes: bytes.length, detail: `${bytes.length} bytes are no whole frame` };
  }
  if (typeof measured === 'string') return { offsetBytes: 0, ...FAULT[measured] };
  if (measured > shape.bytesMax) return { offsetBytes: 0, ...FAULT['bad-length'] };
  if (measured > bytes.length) {
    const detail = `${measured} bytes announced, ${bytes.length} given`;
    return { code: 'truncated', offsetBytes: bytes.length, detail };
  }
  if (measured < bytes.length) {
    const detail = `${bytes.length - measured} bytes behind the frame`;
    return { code: 'bad-length', offsetBytes: measured, detail };
  }
  return shape.isWhole(bytes) ? undefined : { offsetBytes: 0, ...FAULT['bad-checksum'] };
}
