/**
 * One event of an R700, to plain words and back.
 *
 *     {"timestamp": …, "hostname": …, "eventType": "tagInventory", "tagInventoryEvent": {"epc": …, "antennaPort": 1, …}}
 *     {"at": …, "hostname": …, "event": "tagInventory", "epc": "E280…", "antenna": 1, …}
 *
 * `other` holds fields of the inner object that have no plain name, `envelope` those beside it.
 *
 * Source: Impinj IoT device interface, OpenAPI 1.7, ReaderEvent: "eventType should be the same as the name of the
 * property that contains the event with the string Event stripped off".
 */
import { decodeBase64, encodeBase64 } from '#contract/codec/base64.ts';
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject, omitFields } from '#contract/codec/json-values.ts';
import { joinFields, splitFields } from '#contract/codec/plain-fields.ts';
import { EVENT_FIELDS } from '#contract/codec/r700/fields.table.ts';
import { fromHex, toHex } from '#contract/hex.ts';

const INNER_SUFFIX = 'Event';
const BASE64_URL = /^[A-Za-z0-9_-]+={0,2}$/;
/** An identifier comes as base64url, as hex, or as both. */
const IDENTIFIERS = ['epc', 'tid'] as const;
const WRITTEN = ['hex', 'base64url', 'both'] as const;

/** Whatever stands there; what is no event of the interface is kept as `raw`. */
export function decodeR700Event(value: Json): JsonObject {
  const event = isJsonObject(value) ? nameOf(value) : undefined;
  if (!isJsonObject(value) || event === undefined) return { event: 'unknown', raw: value };
  const { timestamp, hostname, [event + INNER_SUFFIX]: inner } = value;
  const envelope = omitFields(value, 'eventType', 'timestamp', 'hostname', event + INNER_SUFFIX);
  if (inner !== undefined && !isJsonObject(inner)) return { event: 'unknown', raw: value };
  const { ids, others } = takeIdentifiers(inner ?? {});
  const { known, rest } = splitFields(EVENT_FIELDS, others);
  const isTimeKept = timestamp === undefined || typeof timestamp === 'string';
  const isHostKept = hostname === undefined || typeof hostname === 'string';
  const outside = {
    ...envelope,
    ...(!isTimeKept && { timestamp }),
    ...(!isHostKept && { hostname }),
  };
  return {
    event,
    ...(typeof timestamp === 'string' && { at: timestamp }),
    ...(typeof hostname === 'string' && { hostname }),
    ...ids,
    ...known,
    ...(Object.keys(rest).length > 0 && { other: rest }),
    ...(Object.keys(outside).length > 0 && { envelope: outside }),
  };
}

/** The oldest versions send no type: the name of the inner object says it. */
function nameOf(value: JsonObject): string | undefined {
  const { eventType } = value;
  if (typeof eventType === 'string') return eventType;
  if (eventType !== undefined) return undefined;
  const inner = Object.keys(value).find((name) => name.endsWith(INNER_SUFFIX) && isJsonObject(value[name]));
  return inner?.slice(0, -INNER_SUFFIX.length);
}

function takeIdentifiers(inner: JsonObject): { readonly ids: JsonObject; readonly others: JsonObject } {
  const ids: Record<string, Json> = {};
  const taken = new Set<string>();
  for (const name of IDENTIFIERS) {
    const hex = hexOf(inner[`${name}Hex`]);
    const base64 = hexOfBase64(inner[name]);
    const id = hex ?? base64;
    if (id === undefined) continue;
    ids[name] = id;
    if (hex !== undefined) taken.add(`${name}Hex`);
    // Two that differ are both kept: the hex one is believed, the other stays where it was.
    const isBase64Taken = base64 === id;
    if (isBase64Taken) taken.add(name);
    const written = hex === undefined ? 'base64url' : isBase64Taken ? 'both' : 'hex';
    if (written !== 'hex') ids[`${name}Written`] = written;
  }
  return { ids, others: Object.fromEntries(Object.entries(inner).filter(([name]) => !taken.has(name))) };
}

function hexOf(value: Json | undefined): string | undefined {
  const bytes = typeof value === 'string' && value.trim() !== '' ? fromHex(value) : undefined;
  return bytes === undefined ? undefined : toHex(bytes);
}

function hexOfBase64(value: Json | undefined): string | undefined {
  if (typeof value !== 'string' || !BASE64_URL.test(value)) return undefined;
  const bytes = decodeBase64(value.replaceAll('-', '+').replaceAll('_', '/'));
  // Stray bits or a missing character would be lost on the way back.
  return base64Url(bytes).replaceAll('=', '') === value.replaceAll('=', '') ? toHex(bytes) : undefined;
}

function base64Url(bytes: Uint8Array): string {
  return encodeBase64(bytes).replaceAll('+', '-').replaceAll('/', '_');
}

/** Inverse of {@link decodeR700Event}; the path of what does not fit, and what would. */
export function encodeR700Event(
  value: unknown,
): { readonly written: Json } | { readonly path: string; readonly detail: string } {
  if (!isJsonObject(value)) return { path: '', detail: 'an event is an object' };
  if (value['raw'] !== undefined) return { written: value['raw'] };
  const { event, at, hostname, other = {}, envelope = {} } = value;
  if (typeof event !== 'string') return { path: 'event', detail: 'the name of the event, for example tagInventory' };
  if (at !== undefined && typeof at !== 'string') return { path: 'at', detail: 'a time as text' };
  if (hostname !== undefined && typeof hostname !== 'string') return { path: 'hostname', detail: 'a text' };
  if (!isJsonObject(other)) return { path: 'other', detail: 'an object' };
  if (!isJsonObject(envelope)) return { path: 'envelope', detail: 'an object' };
  const fields = omitFields(value, 'event', 'raw', 'at', 'hostname', 'other', 'envelope');
  const ids = writeIdentifiers(fields);
  if ('path' in ids) return ids;
  const inner = joinFields(EVENT_FIELDS, ids.others, { ...ids.written, ...other });
  if ('bad' in inner) return { path: inner.bad, detail: 'no field of this event, or not of its kind' };
  return {
    written: {
      ...(at !== undefined && { timestamp: at }),
      ...(hostname !== undefined && { hostname }),
      eventType: event,
      [event + INNER_SUFFIX]: inner.vendor,
      ...envelope,
    },
  };
}

function writeIdentifiers(
  fields: JsonObject,
): { readonly written: JsonObject; readonly others: JsonObject } | { readonly path: string; readonly detail: string } {
  const written: Record<string, Json> = {};
  const others = omitFields(fields, 'epc', 'tid', 'epcWritten', 'tidWritten');
  for (const name of IDENTIFIERS) {
    const { [name]: id, [`${name}Written`]: as = 'hex' } = fields;
    if (id === undefined) continue;
    const bytes = typeof id === 'string' && id.trim() !== '' ? fromHex(id) : undefined;
    if (bytes === undefined) return { path: name, detail: 'hexadecimal digits, two for each byte' };
    if (!WRITTEN.some((one) => one === as)) return { path: `${name}Written`, detail: `one of ${WRITTEN.join(', ')}` };
    if (as !== 'hex') written[name] = base64Url(bytes);
    if (as !== 'base64url') written[`${name}Hex`] = toHex(bytes);
  }
  return { written, others };
}
