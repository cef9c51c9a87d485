/**
 * LLRP for the bench tool: every message with its parameters and fields under the names of the standard.
 *
 *     {"message":"RO_ACCESS_REPORT","version":1,"messageId":7,"parameters":[
 *       {"parameter":"TagReportData","parameters":[
 *         {"parameter":"EPC-96","EPC":"30…"}, {"parameter":"AntennaID","AntennaID":1} ]} ]}
 *
 * Drivers use `message.ts`, which is typed and fast; this one is complete and loses no bit.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.0.1 and 1.1, binary encoding of messages and parameters.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { EncodeError, Format, JsonObject, StreamPiece, StreamSplitter } from '#contract/codec/format.ts';
import { VENDOR } from '#contract/codec/llrp/custom.ts';
import { findElement, findElementByName, UNKNOWN, type Element } from '#contract/codec/llrp/element.ts';
import { readElement, readImpinj } from '#contract/codec/llrp/element-reader.ts';
import {
  checkedHex,
  checkedNumber,
  ElementWriter,
  isObject,
  typeNumber,
  writeElement,
} from '#contract/codec/llrp/element-writer.ts';
import { FieldReader, type Fault } from '#contract/codec/llrp/field-reader.ts';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeHeader, HEADER_BYTES, MESSAGE_BYTES_MAX } from '#contract/codec/llrp/header.ts';
import { toHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';

const CUSTOM_MESSAGE_TYPE = 1023;
const U32_MAX = 0xffff_ffff;
const HEADER_KEYS = ['message', 'version', 'messageId', 'headerReserved'];

export const llrpFormat: Format = {
  name: 'llrp',
  summary: 'LLRP 1.0.1 and 1.1 messages of UHF readers, with Impinj extensions',
  notation: 'hex',
  decode,
  encode,
  split: () => new LlrpSplitter(),
};

function decode(bytes: Uint8Array): Result<JsonObject, CodecError> {
  const header = decodeHeader(bytes);
  if (!header.ok) return header;
  const { type, version, messageId, lengthBytes } = header.value;
  if (lengthBytes > bytes.length) {
    return err({
      code: 'truncated',
      offsetBytes: bytes.length,
      detail: `${lengthBytes} announced, ${bytes.length} given`,
    });
  }
  if (lengthBytes < bytes.length) {
    return err({ code: 'bad-length', offsetBytes: 2, detail: `${lengthBytes} announced, ${bytes.length} given` });
  }
  const reserved = (bytes[0] ?? 0) >> 5;
  const head = { version, messageId, ...(reserved !== 0 && { headerReserved: reserved }) };
  const fault: Fault = { error: undefined };
  const body = new FieldReader(
    new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    HEADER_BYTES,
    bytes.length,
    fault,
  );
  const { name, content } = readBody(type, body);
  return fault.error === undefined ? ok({ message: name, ...head, ...content }) : err(fault.error);
}

function readBody(type: number, body: FieldReader): { name: string; content: JsonObject } {
  const element = findElement('message', type);
  if (element === undefined) return { name: UNKNOWN, content: { type, data: toHex(body.rest()) } };
  const impinj = type === CUSTOM_MESSAGE_TYPE ? readImpinj('impinj-message', body) : undefined;
  return impinj ?? { name: element.name, content: readElement(element, body) };
}

function encode(value: unknown): Result<Uint8Array, EncodeError> {
  const out = new ElementWriter();
  if (isObject(value)) writeMessage(out, value);
  else out.fail('', 'an object with its name in "message", such as {"message":"KEEPALIVE","version":1,"messageId":1}');
  return out.error === undefined ? ok(Uint8Array.from(out.bytes)) : err(out.error);
}

function writeMessage(out: ElementWriter, given: Readonly<Record<string, unknown>>): void {
  const name = given['message'];
  const element = typeof name === 'string' ? findElementByName('message', name) : undefined;
  if (element === undefined && name !== UNKNOWN) {
    out.fail('message', `the name of an LLRP message; for others "${UNKNOWN}" with type and data`);
    return;
  }
  out.put(checkedNumber(out, given['headerReserved'] ?? 0, { path: 'headerReserved', min: 0, max: 7 }), 3);
  out.put(checkedNumber(out, given['version'], { path: 'version', min: 1, max: 2 }), 3);
  out.put(element === undefined ? typeNumber(out, given, '') : messageType(element), 10);
  out.put(0, 32);
  out.put(checkedNumber(out, given['messageId'], { path: 'messageId', min: 0, max: U32_MAX }), 32);
  if (element === undefined) out.append(checkedHex(out, given['data'], 'data'));
  else writeBody(out, element, given);
  const lengthBytes = out.bytes.length;
  if (lengthBytes > MESSAGE_BYTES_MAX) out.fail('', `${lengthBytes} bytes; a message has at most ${MESSAGE_BYTES_MAX}`);
  out.patchU16(2, Math.floor(lengthBytes / 0x1_0000));
  out.patchU16(4, lengthBytes % 0x1_0000);
}

function writeBody(out: ElementWriter, element: Element, given: Readonly<Record<string, unknown>>): void {
  if (element.form === 'impinj-message') {
    out.put(VENDOR.impinj, 32);
    out.put(element.type, 8);
  }
  writeElement(out, element, given, { path: '', nesting: 0, header: HEADER_KEYS });
}

function messageType({ form, type }: Element): number {
  return form === 'impinj-message' ? CUSTOM_MESSAGE_TYPE : type;
}

/** The framer of the driver, with the place of every message. A wrong header ends what can be followed of a stream. */
class LlrpSplitter implements StreamSplitter {
  readonly #framer = new LlrpFramer();
  #offsetBytes = 0;
  #isLost = false;

  feed(chunk: Uint8Array): readonly StreamPiece[] {
    if (this.#isLost) return [];
    const { messages, fatal } = this.#framer.feed(chunk);
    const pieces: StreamPiece[] = messages.map((bytes) => {
      const offsetBytes = this.#offsetBytes;
      this.#offsetBytes += bytes.length;
      return { kind: 'frame', offsetBytes, bytes };
    });
    if (fatal !== undefined) {
      this.#isLost = true;
      pieces.push({ kind: 'fault', error: { ...fatal, offsetBytes: this.#offsetBytes + fatal.offsetBytes } });
    }
    return pieces;
  }

  end(): readonly StreamPiece[] {
    const { pendingBytes } = this.#framer;
    if (this.#isLost || pendingBytes === 0) return [];
    this.#isLost = true;
    const detail = `the stream ends ${pendingBytes} bytes into a message`;
    return [{ kind: 'fault', error: { code: 'truncated', offsetBytes: this.#offsetBytes, detail } }];
  }
}
