/**
 * Zebra handhelds RFD40 and RFD90 over MQTT. The vendor calls their stream "a statistical view of the tag population, not
 * a guaranteed log of every read": it completes no cycles, and what it does not name is not thereby absent.
 */
import { z } from 'zod';
import { decodeEvents } from '#contract/codec/event-frame.ts';
import type { JsonObject } from '#contract/codec/format.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { isJsonObject, textOf } from '#contract/codec/json-values.ts';
import { EventNumbers } from '#contract/codec/zebra/event-numbers.ts';
import { ZEBRA_EVENT } from '#contract/codec/zebra/format.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { MessageStream } from '#gateway/drivers/message-stream.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

const ADVICE = 'check its battery and Wi-Fi, and the heartbeat interval of its event configuration';
const DETAIL_CHARS_MAX = 300;

const rfd40Settings = z.strictObject({
  /**
   * Nothing at all for so long is a dead reader: above its heartbeat interval. A handheld that saves its battery may be
   * given up to ten minutes; it then shows as dead no sooner.
   */
  silenceMs: z.int().min(200).max(600_000).default(9000),
});
type Rfd40Settings = z.infer<typeof rfd40Settings>;

export const rfd40Driver: DriverDefinition<Rfd40Settings> = {
  kind: 'rfd40',
  settings: rfd40Settings,
  // Its messages are read by the format `zebra`.
  formats: [],
  create: ({ silenceMs }, { clock, antennas, openLink }) => ({
    async open(signal) {
      const link = await openLink(signal);
      const numbers = new EventNumbers();
      const stream = new MessageStream({
        link,
        splitter: new JsonSplitter(),
        clock,
        signal,
        silenceMs,
        advice: ADVICE,
        onMessage(bytes): readonly ReaderEvent[] {
          const atMs = clock.nowMs();
          const frame = decodeEvents(ZEBRA_EVENT, bytes);
          if (!frame.ok) return [{ kind: 'vendor', name: 'undecodable', detail: frame.error.detail, atMs }];
          return frame.value.events.flatMap((event) => [
            ...numbers.take(event).map((lost): ReaderEvent => {
              const detail = `${lost.count} records behind number ${lost.behind} never came`;
              return { kind: 'vendor', name: 'events-lost', detail, atMs };
            }),
            ...translate(event, antennas[0] ?? 1, atMs),
          ]);
        },
      });
      const detail = 'this reader gives samples and no complete rounds';
      stream.say({ kind: 'vendor', name: 'statistical-view', detail, atMs: clock.nowMs() });
      return { events: stream.events };
    },
  }),
};

function translate(event: JsonObject, antenna: number, atMs: number): readonly ReaderEvent[] {
  const { tags, barcodes } = event;
  if (event['event'] === 'tags') {
    const told = Date.parse(textOf(event['at']));
    // The handheld's clock is not ours; one ahead of us must not put a tag into the future.
    const readMs = Number.isNaN(told) ? atMs : Math.min(told, atMs);
    return [
      ...listOf(tags).flatMap((tag) => read(tag, antenna, readMs)),
      ...listOf(barcodes).map((one) => barcode(one, atMs)),
    ];
  }
  if (event['event'] === 'heartbeat') return [];
  const detail = JSON.stringify(event).slice(0, DETAIL_CHARS_MAX);
  return [{ kind: 'vendor', name: event['event'] === 'alerts' ? 'alerts' : 'unknown-event', detail, atMs }];
}

function listOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter((one): one is JsonObject => isJsonObject(one)) : [];
}

function read({ epc, tid, pc, rssiDbm, reads }: JsonObject, antenna: number, readMs: number): readonly ReaderEvent[] {
  if (typeof epc !== 'string') return [];
  const ids = { epc, ...(typeof tid === 'string' && { tid }), ...(typeof pc === 'string' && { pc }) };
  const count = typeof reads === 'number' && Number.isInteger(reads) && reads >= 1 ? reads : 1;
  const rssi = typeof rssiDbm === 'number' ? { rssiDbm } : {};
  return [{ kind: 'read', antenna, count, firstMs: readMs, lastMs: readMs, ...rssi, ids }];
}

/** A barcode is no tag, and may be a patron's card: it is counted, and what it says goes into no log. */
function barcode(record: JsonObject, atMs: number): ReaderEvent {
  const detail = `${textOf(record['barcode']).length} characters`;
  return { kind: 'vendor', name: 'barcode', detail, atMs };
}
