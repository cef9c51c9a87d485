/**
 * Messages of the Impinj R700 (IoT device interface) for the bench tool: the HTTP stream, the webhook and MQTT say the
 * same, one event or an array of them. A bare line end (stream) or an empty array (webhook) is a keepalive.
 *
 * Source: Impinj IoT device interface, OpenAPI 1.7 (ReaderEvent, StreamConfiguration, EventWebhookConfiguration).
 */
import { decodeEvents, encodeEvents, frameToJson, type EventCodec } from '#contract/codec/event-frame.ts';
import type { Format } from '#contract/codec/format.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { decodeR700Event, encodeR700Event } from '#contract/codec/r700/event.ts';
import { ok } from '#contract/result.ts';

/** What one event of this family is. */
export const R700_EVENT: EventCodec = { decode: decodeR700Event, encode: encodeR700Event };

export const r700Format: Format = {
  name: 'r700',
  summary: 'events of the Impinj R700 (IoT device interface), JSON',
  notation: 'text',
  decode(bytes) {
    const frame = decodeEvents(R700_EVENT, bytes);
    return frame.ok ? ok(frameToJson(frame.value)) : frame;
  },
  encode: (value) => encodeEvents(R700_EVENT, value),
  split: () => new JsonSplitter(),
};
