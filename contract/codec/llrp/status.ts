/**
 * LLRPStatus (287): how a request went, in every response.
 *
 *     | code u16 | description: length u16, UTF-8 | FieldError 288? | ParameterError 289? |
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1, sections 15 (error handling) and 17.2.8.1 (LLRPStatus).
 */
import type { FieldReader } from '#contract/codec/llrp/field-reader.ts';
import type { FieldWriter } from '#contract/codec/llrp/field-writer.ts';

const LLRP_STATUS = 287;
const FIELD_ERROR = 288;
const PARAMETER_ERROR = 289;

/** Status codes by the names of the standard. */
export const STATUS = {
  success: 0,
  messageParameterError: 100,
  messageFieldError: 101,
  messageUnexpectedParameter: 102,
  messageMissingParameter: 103,
  messageDuplicateParameter: 104,
  messageOverflowParameter: 105,
  messageOverflowField: 106,
  messageUnknownParameter: 107,
  messageUnknownField: 108,
  messageUnsupportedMessage: 109,
  messageUnsupportedVersion: 110,
  messageUnsupportedParameter: 111,
  messageUnexpectedMessage: 112,
  parameterParameterError: 200,
  parameterFieldError: 201,
  parameterUnexpectedParameter: 202,
  parameterMissingParameter: 203,
  parameterDuplicateParameter: 204,
  parameterOverflowParameter: 205,
  parameterOverflowField: 206,
  parameterUnknownParameter: 207,
  parameterUnknownField: 208,
  parameterUnsupportedParameter: 209,
  fieldInvalid: 300,
  fieldOutOfRange: 301,
  deviceError: 401,
} as const;

export interface LlrpStatus {
  /** One of {@link STATUS}, or a code of a later standard. */
  readonly code: number;
  readonly description: string;
  /** Which field of the request was wrong, counted from 0, and why. */
  readonly fieldError?: { readonly fieldIndex: number; readonly code: number };
  /** Which parameter of the request was wrong, and why. Errors nested deeper are not kept. */
  readonly parameterError?: { readonly parameterType: number; readonly code: number };
}

/** The status of a request that went well. */
export const STATUS_OK: LlrpStatus = { code: STATUS.success, description: '' };

/** Reads the one LLRPStatus of a message whose rest is nothing else. */
export function readStatusParameter(fields: FieldReader): LlrpStatus {
  for (const { type, body } of fields.parameters()) {
    if (type === LLRP_STATUS) return readStatus(body);
  }
  return missingStatus(fields);
}

/** True for the parameter that {@link readStatus} reads. */
export function isStatus(type: number): boolean {
  return type === LLRP_STATUS;
}

/** What a response without its status is: faulty. */
export function missingStatus(fields: FieldReader): LlrpStatus {
  fields.fail('bad-value', 'LLRPStatus is missing');
  return STATUS_OK;
}

/** Reads the value of an LLRPStatus parameter. */
export function readStatus(body: FieldReader): LlrpStatus {
  const code = body.u16();
  const description = body.text();
  let fieldError: LlrpStatus['fieldError'];
  let parameterError: LlrpStatus['parameterError'];
  for (const { type, body: value } of body.parameters()) {
    if (type === FIELD_ERROR) fieldError = { fieldIndex: value.u16(), code: value.u16() };
    else if (type === PARAMETER_ERROR) parameterError = { parameterType: value.u16(), code: value.u16() };
  }
  return { code, description, ...(fieldError && { fieldError }), ...(parameterError && { parameterError }) };
}

/** Writes an LLRPStatus parameter. */
export function writeStatus(out: FieldWriter, status: LlrpStatus): void {
  const { fieldError, parameterError } = status;
  out.tlv(LLRP_STATUS, () => {
    out.u16(status.code);
    out.text(status.description);
    if (fieldError !== undefined) {
      out.tlv(FIELD_ERROR, () => {
        out.u16(fieldError.fieldIndex);
        out.u16(fieldError.code);
      });
    }
    if (parameterError !== undefined) {
      out.tlv(PARAMETER_ERROR, () => {
        out.u16(parameterError.parameterType);
        out.u16(parameterError.code);
      });
    }
  });
}
