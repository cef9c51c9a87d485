/**
 * One message of a Zebra reader, to plain words and back.
 *
 *     fixed     {"type": "SIMPLE", "timestamp": …, "data": {"idHex": …, "antenna": 1, "eventNum": 7, …}}   -> event "tag"
 *     the same without its envelope (flat)                                                              -> event "tag"
 *     handheld  {"type": "BALANCED_PERFORMANCE", "timestamp": …, "data": {"tagData": […], "barcodeData": […]}} -> "tags"
 *     management {"component": "RG", "type": "heartbeat", "eventNum": 3, "timestamp": …, "data": {…}}   -> its own name
 *
 * `mode` is the reader's operating mode. `other` holds fields of a record without a plain name, `envelope` those beside it.
 *
 * Source: Zebra IoT Connector, RAW MQTT payload schemas (tag data events, management events); Zebra RFD40 and RFD90 MQTT
 * API reference (dataEVT, heartBeatEVT).
 */
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject, omitFields } from '#contract/codec/json-values.ts';
import { joinFields, numberField, splitFields, textField, type PlainTable } from '#contract/codec/plain-fields.ts';
import { BARCODE, FIXED_TAG, HANDHELD_TAG, HANDHELD_TAG_WITHOUT_ID, PIN } from '#contract/codec/zebra/fields.table.ts';
import { readZebraTime, writeZebraTime } from '#contract/codec/zebra/time.ts';

const FIXED_ENVELOPE: PlainTable = [textField('type', 'mode')];
const MANAGEMENT: PlainTable = [
  textField('type', 'event'),
  textField('component', 'component'),
  numberField('eventNum', 'eventNum'),
];
const HANDHELD_EVENT: PlainTable = [
  textField('eventName', 'event'),
  textField('upTime', 'uptime'),
  numberField('eventNumber', 'eventNum'),
];
const OWN_NAMES: ReadonlySet<string> = new Set(['tag', 'tags', 'unknown', '']);

type Written = { readonly written: Json } | { readonly path: string; readonly detail: string };

/** Whatever stands there; what is no message of these readers is kept as `raw`. */
export function decodeZebraEvent(value: Json): JsonObject {
  const raw = { event: 'unknown', raw: value };
  if (!isJsonObject(value)) return raw;
  const { data } = value;
  if (typeof value['idHex'] === 'string') return decodeFlat(value);
  if (isJsonObject(data)) {
    if (typeof data['idHex'] === 'string') return decodeTag(value, data);
    if (isRecords(data['tagData']) || isRecords(data['barcodeData'])) return decodeTags(value, data);
  }
  return decodeManagement(value) ?? raw;
}

function isRecords(value: Json | undefined): value is readonly JsonObject[] {
  return Array.isArray(value) && value.every((one) => isJsonObject(one));
}

/** A field in its own place, absent when there is nothing in it. */
function unlessEmpty(name: string, value: JsonObject): JsonObject {
  return Object.keys(value).length === 0 ? {} : { [name]: value };
}

/** The time under our name; one that cannot be read stays in the rest. */
function takeTime(value: JsonObject): { readonly time: JsonObject; readonly others: JsonObject } {
  const time = readZebraTime(value['timestamp']);
  if (time === undefined) return { time: {}, others: value };
  return { time: { ...time }, others: omitFields(value, 'timestamp') };
}

function decodeTag(value: JsonObject, data: JsonObject): JsonObject {
  const { time, others } = takeTime(omitFields(value, 'data'));
  const envelope = splitFields(FIXED_ENVELOPE, others);
  const tag = splitFields(FIXED_TAG, data);
  return {
    event: 'tag',
    ...envelope.known,
    ...time,
    ...tag.known,
    ...unlessEmpty('other', tag.rest),
    ...unlessEmpty('envelope', envelope.rest),
  };
}

function decodeFlat(value: JsonObject): JsonObject {
  const { time, others } = takeTime(value);
  const { known, rest } = splitFields([...FIXED_ENVELOPE, ...FIXED_TAG], others);
  return { event: 'tag', flat: true, ...time, ...known, ...unlessEmpty('other', rest) };
}

function decodeTags(value: JsonObject, data: JsonObject): JsonObject {
  const { time, others } = takeTime(omitFields(value, 'data'));
  const envelope = splitFields(FIXED_ENVELOPE, others);
  const { tagData, barcodeData, ...rest } = data;
  const tags = isRecords(tagData) ? { tags: tagData.map(decodeHandheldTag) } : {};
  const barcodes = isRecords(barcodeData) ? { barcodes: barcodeData.map((one) => decodeRecord(BARCODE, one)) } : {};
  const strays = {
    ...(tagData !== undefined && !isRecords(tagData) && { tagData }),
    ...(barcodeData !== undefined && !isRecords(barcodeData) && { barcodeData }),
  };
  return {
    event: 'tags',
    ...envelope.known,
    ...time,
    ...tags,
    ...barcodes,
    ...unlessEmpty('other', { ...rest, ...strays }),
    ...unlessEmpty('envelope', envelope.rest),
  };
}

function decodeHandheldTag(tag: JsonObject): JsonObject {
  if (tag['EPCid'] !== undefined || tag['EPC'] === undefined) return decodeRecord(HANDHELD_TAG, tag);
  return { epcWritten: 'EPC', ...decodeRecord(HANDHELD_TAG_WITHOUT_ID, tag) };
}

function decodeRecord(table: PlainTable, record: JsonObject): JsonObject {
  const { known, rest } = splitFields(table, record);
  return { ...known, ...unlessEmpty('other', rest) };
}

function decodeManagement(value: JsonObject): JsonObject | undefined {
  const isHandheld = typeof value['eventName'] === 'string';
  const { time, others } = takeTime(value);
  const { known, rest } = splitFields(isHandheld ? HANDHELD_EVENT : MANAGEMENT, others);
  const { event } = known;
  if (typeof event !== 'string' || OWN_NAMES.has(event)) return undefined;
  const { data, ...envelope } = rest;
  const pin = isPin(event) && isJsonObject(data) ? splitFields(PIN, data) : undefined;
  const isPinAlone = pin !== undefined && Object.keys(pin.rest).length === 0 && Object.keys(pin.known).length === 2;
  return {
    ...known,
    ...time,
    ...(isHandheld && { handheld: true }),
    ...(isPinAlone ? pin.known : data !== undefined && { data }),
    ...unlessEmpty('envelope', envelope),
  };
}

function isPin(event: string): boolean {
  return event === 'gpi' || event === 'gpo';
}

/** Inverse of {@link decodeZebraEvent}; the path of what does not fit, and what would. */
export function encodeZebraEvent(value: unknown): Written {
  if (!isJsonObject(value)) return { path: '', detail: 'an event is an object' };
  if (value['raw'] !== undefined) return { written: value['raw'] };
  const { event, at, atWritten, other = {}, envelope = {}, ...fields } = value;
  if (typeof event !== 'string') return { path: 'event', detail: 'tag, tags, or the name of a management event' };
  if (!isJsonObject(other)) return { path: 'other', detail: 'an object' };
  if (!isJsonObject(envelope)) return { path: 'envelope', detail: 'an object' };
  const timestamp = at === undefined ? undefined : writeZebraTime(at, atWritten);
  if (at !== undefined && timestamp === undefined)
    return { path: 'at', detail: 'for example 2026-03-02T09:00:00.000Z' };
  const parts = { event, time: timestamp === undefined ? {} : { timestamp }, fields, other, envelope };
  if (event === 'tag') return encodeTag(parts);
  return event === 'tags' ? encodeTags(parts) : encodeManagement(parts);
}

interface Parts {
  readonly event: string;
  readonly time: JsonObject;
  readonly fields: JsonObject;
  readonly other: JsonObject;
  readonly envelope: JsonObject;
}

const noSuchField = (name: string): Written => ({ path: name, detail: 'no field of this event, or not of its kind' });

function encodeTag({ time, fields, other, envelope }: Parts): Written {
  const { flat, mode, ...record } = fields;
  if (flat !== undefined && flat !== true) return noSuchField('flat');
  const outer = joinFields(FIXED_ENVELOPE, mode === undefined ? {} : { mode }, {});
  if ('bad' in outer) return noSuchField(outer.bad);
  // Without an identifier it would be read as something else.
  if (typeof record['epc'] !== 'string' && typeof other['idHex'] !== 'string') {
    return { path: 'epc', detail: 'hexadecimal digits, two for each byte' };
  }
  const tag = joinFields(FIXED_TAG, record, other);
  if ('bad' in tag) return noSuchField(tag.bad);
  if (flat === true && Object.keys(envelope).length > 0) return { path: 'envelope', detail: 'none where flat is true' };
  if (flat === true) return { written: { ...tag.vendor, ...outer.vendor, ...time } };
  return { written: { ...envelope, ...outer.vendor, ...time, data: tag.vendor } };
}

function encodeTags({ time, fields, other, envelope }: Parts): Written {
  const { mode, tags, barcodes, ...strays } = fields;
  const [stray] = Object.keys(strays);
  if (stray !== undefined) return noSuchField(stray);
  const outer = joinFields(FIXED_ENVELOPE, mode === undefined ? {} : { mode }, {});
  if ('bad' in outer) return noSuchField(outer.bad);
  const data: Record<string, Json> = { ...other };
  for (const [name, vendor, records] of [
    ['tags', 'tagData', tags],
    ['barcodes', 'barcodeData', barcodes],
  ] as const) {
    if (records === undefined) continue;
    if (!isRecords(records)) return { path: name, detail: 'an array of objects' };
    const written = encodeRecords(name === 'tags' ? undefined : BARCODE, records);
    if ('path' in written) return { path: `${name}.${written.path}`, detail: written.detail };
    data[vendor] = written.records;
  }
  if (!isRecords(data['tagData']) && !isRecords(data['barcodeData']))
    return { path: 'tags', detail: 'tags or barcodes' };
  return { written: { ...envelope, ...outer.vendor, ...time, data } };
}

function encodeRecords(
  table: PlainTable | undefined,
  records: readonly JsonObject[],
): { readonly records: readonly Json[] } | { readonly path: string; readonly detail: string } {
  const written: Json[] = [];
  for (const [index, record] of records.entries()) {
    const { other = {}, epcWritten, ...known } = record;
    if (!isJsonObject(other)) return { path: `${index}.other`, detail: 'an object' };
    const handheld = epcWritten === 'EPC' ? HANDHELD_TAG_WITHOUT_ID : HANDHELD_TAG;
    const fields = joinFields(table ?? handheld, known, other);
    if ('bad' in fields)
      return { path: `${index}.${fields.bad}`, detail: 'no field of this record, or not of its kind' };
    written.push(fields.vendor);
  }
  return { records: written };
}

function encodeManagement({ event, time, fields, envelope }: Parts): Written {
  const { handheld, data, pin, state, ...known } = fields;
  if (OWN_NAMES.has(event)) return { path: 'event', detail: 'tag, tags, or the name of a management event' };
  const outer = joinFields(handheld === true ? HANDHELD_EVENT : MANAGEMENT, { event, ...known }, envelope);
  if ('bad' in outer) return noSuchField(outer.bad);
  const pins = joinFields(PIN, { ...(pin !== undefined && { pin }), ...(state !== undefined && { state }) }, {});
  if ('bad' in pins) return noSuchField(pins.bad);
  const written = Object.keys(pins.vendor).length > 0 ? pins.vendor : data;
  return { written: { ...outer.vendor, ...time, ...(written !== undefined && { data: written }) } };
}
