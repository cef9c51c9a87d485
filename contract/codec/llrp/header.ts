/**
 * LLRP message header: the first 10 bytes of every message, in both directions, big-endian.
 *
 *     bit  0      3         6            16                 48                80
 *          | 000  | version | type (10)  | lengthBytes (32) | messageId (32)  |
 *
 * `lengthBytes` counts the whole message, header included.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, section 17.1, binary encoding of messages.
 */
import { assert } from '#contract/assert.ts';
import type { CodecError } from '#contract/codec/codec-error.ts';
import { err, ok, type Result } from '#contract/result.ts';

export const HEADER_BYTES = 10;

/** The protocol allows 4 GiB. A reader that announces more than this is broken or hostile. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** 1 = LLRP 1.0.1, 2 = LLRP 1.1. */
export type LlrpVersion = 1 | 2;

export interface LlrpHeader {
  readonly version: LlrpVersion;
  /** 10-bit message type, e.g. 61 = RO_ACCESS_REPORT. */
  readonly type: number;
  /** Whole message, header included; HEADER_BYTES..MESSAGE_BYTES_MAX. */
  readonly lengthBytes: number;
  /** Chosen by the sender, echoed in the response; u32. */
  readonly messageId: number;
}

/** Inverse of {@link decodeHeader}. */
export function encodeHeader(header: LlrpHeader): Uint8Array {
  assert(header.type >= 0 && header.type <= 0x3ff, 'message type fits in 10 bits');
  assert(header.lengthBytes >= HEADER_BYTES && header.lengthBytes <= MESSAGE_BYTES_MAX, 'message length is in range');

  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, (header.version << 10) | header.type);
  view.setUint32(2, header.lengthBytes);
  view.setUint32(6, header.messageId);
  return bytes;
}

/**
 * Reads the header at the start of `bytes`; trailing bytes are ignored.
 *
 * Errors: `truncated` (fewer than 10 bytes: wait for more), `bad-value` (version is neither 1 nor 2) and `bad-length`
 * (outside HEADER_BYTES..MESSAGE_BYTES_MAX): close the link, the stream cannot be resynchronised.
 */
export function decodeHeader(bytes: Uint8Array): Result<LlrpHeader, CodecError> {
  if (bytes.length < HEADER_BYTES) {
    return err({ code: 'truncated', offsetBytes: bytes.length, detail: `header needs ${HEADER_BYTES} bytes` });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const versionAndType = view.getUint16(0);
  const version = (versionAndType >> 10) & 0b111;
  const lengthBytes = view.getUint32(2);

  if (version !== 1 && version !== 2) {
    return err({ code: 'bad-value', offsetBytes: 0, detail: `LLRP version ${version}` });
  }
  if (lengthBytes < HEADER_BYTES || lengthBytes > MESSAGE_BYTES_MAX) {
    return err({ code: 'bad-length', offsetBytes: 2, detail: `message of ${lengthBytes} bytes` });
  }
  return ok({ version, type: versionAndType & 0x3ff, lengthBytes, messageId: view.getUint32(6) });
}
