/** Long reads and writes of a Gen2 tag's memory in pieces that a reader takes at once. */
import { err, ok, type Result } from '#contract/result.ts';
import type { AccessFault, Gen2Place } from '#gateway/drivers/tag-access.ts';

/** Reads piece by piece; the first fault ends it. */
export async function readInPieces(
  place: Gen2Place,
  { wordCount, wordsMax }: { readonly wordCount: number; readonly wordsMax: number },
  read: (piece: Gen2Place, words: number) => Promise<Result<Uint8Array, AccessFault>>,
): Promise<Result<Uint8Array, AccessFault>> {
  const data = new Uint8Array(wordCount * 2);
  for (let at = 0; at < wordCount; at += wordsMax) {
    const words = Math.min(wordsMax, wordCount - at);
    const piece = await read({ ...place, firstWord: place.firstWord + at }, words);
    if (!piece.ok) return piece;
    if (piece.value.length !== words * 2) {
      return err({ code: 'read-failed', detail: `${piece.value.length} bytes came instead of ${words * 2}` });
    }
    data.set(piece.value, at * 2);
  }
  return ok(data);
}

/** Writes piece by piece; the first fault ends it, with what was written before it left written. */
export async function writeInPieces(
  place: Gen2Place,
  { data, wordsMax }: { readonly data: Uint8Array; readonly wordsMax: number },
  write: (piece: Gen2Place, data: Uint8Array) => Promise<Result<void, AccessFault>>,
): Promise<Result<void, AccessFault>> {
  for (let at = 0; at < data.length; at += wordsMax * 2) {
    const piece = data.subarray(at, at + wordsMax * 2);
    const written = await write({ ...place, firstWord: place.firstWord + at / 2 }, piece);
    if (!written.ok) return written;
  }
  return ok(undefined);
}

/**
 * A tag tells that a place is locked, not whether a password would open it: without one it may be that, with the right
 * one it is for good.
 */
export function lockedFault({ password }: Gen2Place, detail: string): AccessFault {
  const hadPassword = password?.some((byte) => byte !== 0) === true;
  return hadPassword
    ? { code: 'locked', detail }
    : { code: 'wrong-password', detail: `${detail}: locked, and no password was given` };
}
