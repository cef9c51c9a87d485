/**
 * Data push of the Xovis people counters, firmware 5, in JSON: one envelope, or an array of them.
 *
 *     {"logics_data": {"package_info": {"version", "id", "agent_id"}, "sensor_info": {"serial_number", "type", "name", "time"},
 *       "logics": [{"id", "name", "info", "records": [{"from", "to", "counts": [{"id", "name", "type"?, "value"}]}]}]}}
 *
 * Counters that add up (`fw`, `bw`) tell what happened between `from` and `to`; they are no totals. Counters of a state
 * (`balance`, `occupancy`) tell how it was at `to`. Times are RFC 3339 or Unix numbers, as the agent is set. The id of the
 * package rises by one: a gap is a lost push. A balance below zero means that somebody was missed, so it is unknown, not zero.
 *
 * `values` holds what the envelopes hold: `package_info`, `sensor_info`, `logics`.
 *
 * Source: Xovis data push (firmware 5) JSON format; xovis-sdk data push models.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject } from '#contract/codec/json-values.ts';
import { isoTime, numberIn, objectIn, objectsIn, readOneJson, textIn } from '#contract/codec/space-sensor/json.ts';
import { healthOf, type SensorMessage, type SpaceReading } from '#contract/codec/space-sensor/reading.ts';
import { err, ok, type Result } from '#contract/result.ts';

/** A push that was retried for a day carries one envelope a minute. */
const ENVELOPES_MAX = 2000;

const IN = new Set(['fw', 'forward', 'in', 'enter', 'entry']);
const OUT = new Set(['bw', 'backward', 'reverse', 'out', 'exit', 'leave']);
const PRESENT = new Set(['balance', 'occupancy', 'fill_level', 'fill-level', 'count']);

/** A counter without totals; the width is that of the wire contract's largest. */
const NO_TOTAL_BITS = 53;

/** Errors: no JSON, or nothing in it that firmware 5 pushes. */
export function decodeXovis(bytes: Uint8Array): Result<SensorMessage, CodecError> {
  const json = readOneJson(bytes);
  if (!json.ok) return json;
  const envelopes = (Array.isArray(json.value) ? (json.value as readonly Json[]) : [json.value]).slice(
    0,
    ENVELOPES_MAX,
  );
  const messages: SensorMessage[] = [];
  let strange: string | undefined;
  for (const envelope of envelopes) {
    const message = isJsonObject(envelope) ? readEnvelope(envelope) : undefined;
    if (message === undefined) strange ??= isJsonObject(envelope) ? Object.keys(envelope).join(', ') : 'no object';
    else messages.push(message);
  }
  const wrong = {
    code: 'unsupported',
    offsetBytes: 0,
    detail: `no logics_data of firmware 5: ${strange ?? 'empty'}`,
  } as const;
  if (messages.length === 0) return err(wrong);
  return ok({ ...joined(messages), ...(strange !== undefined && { error: wrong }) });
}

function readEnvelope(envelope: JsonObject): SensorMessage | undefined {
  for (const kind of ['logics_data', 'status_data', 'live_data', 'connection_test'] as const) {
    const data = envelope[kind];
    if (data === undefined) continue;
    if (!isJsonObject(data)) return kind === 'connection_test' ? { values: { [kind]: data }, readings: [] } : undefined;
    // Frames of live data are tracks of single people: nothing that is kept.
    if (kind !== 'logics_data') return { values: { ...data, frames: null }, readings: [] };
    return { values: data, readings: objectsIn(data, 'logics').flatMap(readLogic) };
  }
  return undefined;
}

function readLogic(logic: JsonObject): readonly SpaceReading[] {
  const channel = textIn(logic, 'name') ?? textIn(logic, 'id');
  if (channel === undefined) return [];
  return objectsIn(logic, 'records').flatMap((record) => readRecord(record, channel.slice(0, 64)));
}

function readRecord(record: JsonObject, channel: string): readonly SpaceReading[] {
  const from = isoTime(record['from']);
  const at = isoTime(record['to']);
  const time = at === undefined ? {} : { at };
  const sums: { in?: number; out?: number } = {};
  let present: number | undefined;
  for (const count of objectsIn(record, 'counts')) {
    const name = (textIn(count, 'name') ?? '').toLowerCase();
    const value = numberIn(count, 'value');
    if (value === undefined) continue;
    const isState = (textIn(count, 'type') ?? '').toLowerCase() === 'state';
    if (PRESENT.has(name) || isState) present = value;
    else if (IN.has(name) && value >= 0) sums.in = (sums.in ?? 0) + value;
    else if (OUT.has(name) && value >= 0) sums.out = (sums.out ?? 0) + value;
  }
  if (Object.keys(sums).length > 0) {
    const period = from === undefined ? {} : { from };
    return [{ kind: 'flow', channel, ...period, ...sums, totalBits: NO_TOTAL_BITS, ...time }];
  }
  if (present === undefined) return [];
  const level = { kind: 'level', channel, people: present < 0 ? null : present, occupied: null, ...time } as const;
  return present < 0 ? [level, { ...healthOf(['negative-balance']), ...time }] : [level];
}

function joined(messages: readonly SensorMessage[]): SensorMessage {
  const [first] = messages;
  if (first !== undefined && messages.length === 1) return first;
  const ids = messages.flatMap(({ values }) => numberIn(objectIn(values, 'package_info'), 'id') ?? []);
  const logics = messages.flatMap(({ values }) => objectsIn(values, 'logics'));
  const values = { ...messages.at(-1)?.values, logics, package_ids: ids };
  return { values, readings: messages.flatMap(({ readings }) => readings) };
}
