/** Cuts an ISO 2709 file into records, in pieces as they arrive; memory stays bounded whatever comes. */
import { concatBytes } from '#contract/bytes.ts';

const RECORD_END = 0x1d;
/** The format ends at 99,999 bytes; exports with many copies write more and leave the length at its end. */
export const RECORD_BYTES_MAX = 2 * 1024 * 1024;

/** The bytes of one record without its terminator; `undefined` for one that is too long. */
export interface RawRecord {
  /** From 1. */
  readonly number: number;
  readonly bytes: Uint8Array | undefined;
}

/** Line ends between records are left out: some programs write one record a line. */
export async function* splitRecords(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let number = 0;
  const take = (): RawRecord | undefined => {
    const isTooLong = bytes > RECORD_BYTES_MAX;
    const whole = isTooLong ? undefined : withoutLineEnds(concatBytes(pieces));
    pieces = [];
    bytes = 0;
    if (whole?.length === 0) return undefined;
    number += 1;
    return { number, bytes: whole };
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(RECORD_END); at >= 0; at = chunk.indexOf(RECORD_END, from)) {
      pieces.push(chunk.subarray(from, at));
      bytes += at - from;
      from = at + 1;
      const record = take();
      if (record !== undefined) yield record;
    }
    bytes += chunk.length - from;
    // What is too long already is only counted.
    if (bytes <= RECORD_BYTES_MAX) pieces.push(chunk.slice(from));
    else pieces = [];
  }
  const last = take();
  if (last !== undefined) yield last;
}

function withoutLineEnds(bytes: Uint8Array): Uint8Array {
  let from = 0;
  while (bytes[from] === 0x0a || bytes[from] === 0x0d || bytes[from] === 0x1a) from += 1;
  return bytes.subarray(from);
}
