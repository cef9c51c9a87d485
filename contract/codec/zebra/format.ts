/**
 * Messages of Zebra readers for the bench tool: the IoT Connector of the fixed readers (MQTT, TCP, WebSocket, HTTP POST;
 * over TCP without anything between the messages) and the MQTT interface of the handhelds RFD40 and RFD90.
 *
 * Tag messages are numbered by the reader (`eventNum`): where numbers are missing, `lost` says how many and behind which.
 *
 * Source: Zebra IoT Connector, RAW MQTT payload schemas; Zebra RFD40 and RFD90 MQTT API reference.
 */
import { decodeEvents, encodeEvents, frameToJson, type EventCodec } from '#contract/codec/event-frame.ts';
import type { Format, JsonObject } from '#contract/codec/format.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { decodeZebraEvent, encodeZebraEvent } from '#contract/codec/zebra/event.ts';
import { EventNumbers, type LostEvents } from '#contract/codec/zebra/event-numbers.ts';
import { ok } from '#contract/result.ts';

/** What one message of this family is. */
export const ZEBRA_EVENT: EventCodec = { decode: decodeZebraEvent, encode: encodeZebraEvent };

export const zebraFormat: Format = {
  name: 'zebra',
  summary: 'events of Zebra readers (IoT Connector, RFD40 and RFD90 MQTT), JSON',
  notation: 'text',
  decode(bytes) {
    const frame = decodeEvents(ZEBRA_EVENT, bytes);
    if (!frame.ok) return frame;
    const lost = findLost(frame.value.events);
    const toldLost = lost.map(({ behind, count }): JsonObject => ({ behind, count }));
    return ok({ ...frameToJson(frame.value), ...(toldLost.length > 0 && { lost: toldLost }) });
  },
  encode: (value) => encodeEvents(ZEBRA_EVENT, value),
  split: () => new JsonSplitter(),
};

function findLost(events: readonly JsonObject[]): readonly LostEvents[] {
  const numbers = new EventNumbers();
  return events.flatMap((event) => numbers.take(event));
}
