/**
 * Why bytes from outside could not be read. `offsetBytes` counts from the start of what was given to the decoder.
 *
 * - `truncated`: more bytes are needed; wait for them, or give up at the end of the stream
 * - `bad-length`: a length field contradicts the bytes around it
 * - `bad-value`: a field holds a value that the standard does not allow
 * - `bad-checksum`: the bytes were damaged on the way
 * - `unknown-type`: a message or parameter that cannot be skipped because its length is unknown
 * - `unsupported`: well formed, but not something this decoder takes on
 */
export interface CodecError {
  readonly code: 'truncated' | 'bad-length' | 'bad-value' | 'bad-checksum' | 'unknown-type' | 'unsupported';
  readonly offsetBytes: number;
  readonly detail: string;
}
