/**
 * Vendor extensions: the Custom parameter (1023) that any container may end with, and CUSTOM_MESSAGE (1023).
 *
 *     parameter  | vendor PEN u32 | subtype u32 | payload |
 *     message    | vendor PEN u32 | subtype u8  | payload |
 *
 * Payloads stay raw here: what they mean is the vendor's business, and a driver's that knows the vendor.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 8.2 (CUSTOM_MESSAGE) and 8.3 (Custom Parameter); vendor
 * numbers are IANA private enterprise numbers.
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';
import type { MessageBase, MessageCodec } from '#contract/codec/llrp/message-codec.ts';

export const CUSTOM_PARAMETER = 1023;

/** IANA private enterprise numbers of the reader makers we meet. */
export const VENDOR = { impinj: 25_882, zebra: 10_642, alien: 17_996 } as const;

export interface CustomParameter {
  readonly vendorId: number;
  readonly subtype: number;
  readonly payload: Uint8Array;
}

/** Reads the value of a Custom parameter. */
export function readCustom(body: FieldReader): CustomParameter {
  return { vendorId: body.u32(), subtype: body.u32(), payload: body.rest() };
}

/** Writes one Custom parameter for each of `custom`. */
export function writeCustom(out: FieldWriter, custom: readonly CustomParameter[]): void {
  for (const { vendorId, subtype, payload } of custom) {
    out.tlv(CUSTOM_PARAMETER, () => {
      out.u32(vendorId);
      out.u32(subtype);
      out.put(payload);
    });
  }
}

/** Both directions; the answer of a vendor is a CUSTOM_MESSAGE too. */
export interface CustomMessage extends MessageBase {
  readonly kind: 'custom-message';
  readonly vendorId: number;
  readonly subtype: number;
  readonly payload: Uint8Array;
}

export const CUSTOM_MESSAGE: MessageCodec<CustomMessage> = {
  type: 1023,
  kind: 'custom-message',
  decode: (fields, base) => ({
    kind: 'custom-message',
    ...base,
    vendorId: fields.u32(),
    subtype: fields.u8(),
    payload: fields.rest(),
  }),
  encode(message, out) {
    out.u32(message.vendorId);
    out.u8(message.subtype);
    out.put(message.payload);
  },
};
