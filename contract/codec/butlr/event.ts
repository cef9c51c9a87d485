/**
 * Events of the Butlr webhooks, in JSON.
 *
 *     {"id", "type": "ZONE_OCCUPANCY", "timestamp": ms, "version", "metadata": {"zone_id", "room_id"?, "floor_id", …}, "data": 4}
 *
 * Occupancy is reckoned anew every minute over the last five, so the same minute comes several times and may change: the
 * time is the whole minute, and one place and minute is one level, the last one said. The order of events is not promised.
 *
 * Source: Butlr developer documentation, "Webhooks Overview" and the page of each event.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import type { Json, JsonObject } from '#contract/codec/format.ts';
import { isJsonObject } from '#contract/codec/json-values.ts';
import { countIn, isoTime, numberIn, objectIn, readOneJson, textIn } from '#contract/codec/space-sensor/json.ts';
import { isoOfMs, WHOLE_DEVICE, type SensorMessage, type SpaceReading } from '#contract/codec/space-sensor/reading.ts';
import { err, ok, type Result } from '#contract/result.ts';

const MINUTE_MS = 60_000;
const NO_TOTAL_BITS = 53;
/** The service sends one event at a time; a relay may collect a minute of a large building. */
const EVENTS_MAX = 5000;

/** Errors: no JSON, or no event that the service documents. */
export function decodeButlr(bytes: Uint8Array): Result<SensorMessage, CodecError> {
  const json = readOneJson(bytes);
  if (!json.ok) return json;
  const list = (Array.isArray(json.value) ? (json.value as readonly Json[]) : [json.value]).slice(0, EVENTS_MAX);
  const events = list.filter(
    (event) => isJsonObject(event) && typeof event['type'] === 'string',
  ) as readonly JsonObject[];
  const [first] = events;
  if (first === undefined) {
    return err({ code: 'unsupported', offsetBytes: 0, detail: 'no event with a type in it' });
  }
  return ok({
    values: events.length === 1 ? first : { events },
    readings: lastOfEachMinute(events.flatMap(readEvent)),
  });
}

function readEvent(event: JsonObject): readonly SpaceReading[] {
  const type = (textIn(event, 'type') ?? '').toUpperCase();
  const metadata = objectIn(event, 'metadata');
  const at = isoTime(event['timestamp']);
  const time = at === undefined ? {} : { at };
  const scope = /^(?<scope>ZONE|ROOM|FLOOR)_OCCUPANCY/.exec(type)?.groups?.['scope']?.toLowerCase();
  if (scope !== undefined) {
    const people = countIn(event, 'data') ?? null;
    return [{ kind: 'level', channel: placeOf(metadata, scope), people, occupied: null, ...wholeMinute(event) }];
  }
  if (type === 'TRAFFIC') {
    const data = objectIn(event, 'data');
    const inward = countIn(data, 'in');
    const out = countIn(data, 'out');
    const counts = { ...(inward !== undefined && { in: inward }), ...(out !== undefined && { out }) };
    if (Object.keys(counts).length === 0) return [];
    const channel = textIn(metadata, 'room_id') ?? textIn(metadata, 'sensor_id') ?? WHOLE_DEVICE;
    return [{ kind: 'flow', channel, ...counts, totalBits: NO_TOTAL_BITS, ...time }];
  }
  const motion = /^(?:PIR_)?(?<no>NO_)?MOTION/.exec(type)?.groups;
  if (motion === undefined) return [];
  const occupied = motion['no'] === undefined ? 1 : 0;
  return [{ kind: 'level', channel: placeOf(metadata, 'room'), people: null, occupied, ...time }];
}

/** Of floors the service's own word is space. */
function placeOf(metadata: JsonObject, scope: string): string {
  return textIn(metadata, `${scope}_id`) ?? WHOLE_DEVICE;
}

function wholeMinute(event: JsonObject): { readonly at?: string } {
  const ms = numberIn(event, 'timestamp');
  const at = ms === undefined ? isoTime(event['timestamp']) : isoOfMs(Math.floor(ms / MINUTE_MS) * MINUTE_MS);
  return at === undefined ? {} : { at };
}

function lastOfEachMinute(readings: readonly SpaceReading[]): readonly SpaceReading[] {
  const last = new Map<string, SpaceReading>();
  readings.forEach((reading, i) => {
    const key = reading.kind === 'level' && reading.at !== undefined ? `${reading.channel} ${reading.at}` : String(i);
    last.delete(key);
    last.set(key, reading);
  });
  return [...last.values()];
}
