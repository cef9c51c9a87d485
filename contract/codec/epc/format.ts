/**
 * Electronic product codes for the bench tool.
 *
 * JSON: `scheme` (`SGTIN-96`, `SGTIN+`, `raw`), `tagUri`, `pureIdentityUri`, `filter`, the fields of the scheme as
 * texts, and the same identity as barcodes carry it (`gtin`, `sscc`, `gln`, `elementString`). A raw one has `header`,
 * `headerScheme` and `reason`.
 *
 * Back: `tagUri` alone is enough. Fields that are given beside it must agree with it; without it, `scheme`, `filter`
 * and the fields make it.
 *
 * Source: GS1 EPC Tag Data Standard 1.13, sections 6, 11 and 12 (URIs); see `epc.ts`.
 */
import { composeTagUri, decodeEpc, encodeEpc, type Epc } from '#contract/codec/epc/epc.ts';
import type { EncodeError, Format, Json, JsonObject } from '#contract/codec/format.ts';
import { err, ok, type Result } from '#contract/result.ts';

export const epcFormat: Format = {
  name: 'epc',
  summary: 'EPC part of a UHF tag (GS1 Tag Data Standard): bytes to tag URI and pure identity URI, and back',
  notation: 'hex',
  decode: (bytes) => {
    const epc = decodeEpc(bytes);
    return epc.ok ? ok(epcToJson(epc.value)) : epc;
  },
  encode: encodeJson,
};

/** Flat JSON of an EPC, as other formats embed it. */
export function epcToJson(epc: Epc): JsonObject {
  switch (epc.kind) {
    case 'scheme':
      return {
        scheme: epc.scheme,
        pureIdentityUri: epc.pureIdentityUri,
        tagUri: epc.tagUri,
        ...(epc.filter !== undefined && { filter: epc.filter }),
        ...epc.fields,
        ...epc.barcode,
      };
    case 'plus':
      return {
        scheme: epc.scheme,
        tagUri: epc.tagUri,
        ...(epc.content && {
          dataToggle: epc.content.dataToggle,
          filter: epc.content.filter,
          ...epc.content.fields,
          elementString: epc.content.elementString,
        }),
      };
    case 'raw':
      return {
        scheme: 'raw',
        tagUri: epc.tagUri,
        header: epc.header.toString(16).toUpperCase().padStart(2, '0'),
        ...(epc.headerScheme !== undefined && { headerScheme: epc.headerScheme }),
        reason: epc.reason,
      };
  }
}

function encodeJson(value: unknown): Result<Uint8Array, EncodeError> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refuse('', 'an object with tagUri, or with scheme, filter and the fields of the scheme');
  }
  const given = value as Readonly<Record<string, unknown>>;
  const tagUri = given['tagUri'] ?? uriOfFields(given);
  if (typeof tagUri !== 'string') return refuse('tagUri', 'a text such as urn:epc:tag:sgtin-96:3.0614141.812345.6789');
  const epc = encodeEpc(tagUri);
  if (!epc.ok) return epc;
  const contradiction = firstContradiction(given, epc.value);
  return contradiction ?? epc;
}

function uriOfFields(given: Readonly<Record<string, unknown>>): string | undefined {
  const scheme = given['scheme'];
  if (typeof scheme !== 'string') return undefined;
  const texts = Object.entries(given).flatMap(([name, field]) =>
    typeof field === 'string' || typeof field === 'number' ? [[name, String(field)] as const] : [],
  );
  return composeTagUri(scheme, Object.fromEntries(texts));
}

/** A person may have changed a field and not the URI: neither of the two may be dropped in silence. */
function firstContradiction(
  given: Readonly<Record<string, unknown>>,
  epc: Uint8Array,
): Result<never, EncodeError> | undefined {
  const decoded = decodeEpc(epc);
  if (!decoded.ok) return undefined;
  const written: Readonly<Record<string, Json>> = epcToJson(decoded.value);
  for (const [name, field] of Object.entries(given)) {
    const own = written[name];
    if (own === undefined || name === 'tagUri' || isSame(own, field)) continue;
    if (name === 'scheme' && field === 'raw') continue;
    return refuse(name, `the tag URI says ${JSON.stringify(own)}; change both or leave this out`);
  }
  return undefined;
}

/** A person may write digits as a number. */
function isSame(own: Json, field: unknown): boolean {
  return own === field || (typeof field === 'number' && own === String(field));
}

function refuse(path: string, detail: string): Result<never, EncodeError> {
  return err({ code: 'bad-value', path, detail });
}
