/**
 * What the bench tool needs of every wire and tag format: bytes to plain JSON and back, one frame or tag at a time.
 *
 * The laws, held by tests for every format: no input throws; what decodes is encoded to the same bytes again, from the
 * decoded fields alone (no copy of the input travels along); a damaged input is an error, never a guess.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Result } from '#contract/result.ts';

/** JSON as it is printed. Bytes are upper-case hex texts, whole numbers above 2^53 are decimal texts. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = Readonly<Record<string, Json>>;

/** Why a JSON value cannot be written: `path` names the field, `detail` says what would fit. */
export interface EncodeError {
  readonly code: 'bad-value' | 'unsupported';
  readonly path: string;
  readonly detail: string;
}

/** A piece of a byte stream. `offsetBytes` counts from the stream's first byte. */
export type StreamPiece =
  | { readonly kind: 'frame'; readonly offsetBytes: number; readonly bytes: Uint8Array }
  /** Bytes that belong to no frame: noise, a torn frame, a wrong checksum. Neighbours of one reason are one piece. */
  | { readonly kind: 'fault'; readonly error: CodecError };

/** Cuts one byte stream into frames, whatever pieces it comes in. Keeps at most one unfinished frame. */
export interface StreamSplitter {
  feed(chunk: Uint8Array): readonly StreamPiece[];
  /** The stream is over: what is left can only be a fault. */
  end(): readonly StreamPiece[];
}

export interface Format {
  /** As typed on the command line. */
  readonly name: string;
  /** One line for `--list`. */
  readonly summary: string;
  /**
   * `text`: frames are JSON or lines of ASCII, which may also be given as they are instead of in hex. `line`: a line of
   * the file is the frame, byte for byte, and never hex: its text may well look like it.
   */
  readonly notation: 'hex' | 'text' | 'line';
  /** Exactly one frame (checksum included) or one tag. Errors: see {@link CodecError}; the offset is in `bytes`. */
  decode(bytes: Uint8Array): Result<JsonObject, CodecError>;
  /** Inverse of `decode`; takes what it gave, as parsed from JSON by a person or a program. */
  encode(value: unknown): Result<Uint8Array, EncodeError>;
  /** Absent for tags: a stream of them has no boundaries. */
  split?(): StreamSplitter;
}
