/**
 * Zebra fixed readers by their IoT Connector, over MQTT, TCP or HTTP POST: listened to, not commanded.
 *
 * Messages are numbered; where numbers are missing, `events-lost` tells it. Cycles: see `cycleMs` in the settings.
 */
import { decodeEvents } from '#contract/codec/event-frame.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { ZEBRA_EVENT, zebraFormat } from '#contract/codec/zebra/format.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { MessageStream } from '#gateway/drivers/message-stream.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { zebraSettings, type ZebraSettings } from '#gateway/drivers/zebra/settings.ts';
import { ZebraTranslator } from '#gateway/drivers/zebra/translate.ts';

const ADVICE = 'check its power and cable, and that its management events send a heartbeat at least every 5 s';

export const zebraDriver: DriverDefinition<ZebraSettings> = {
  kind: 'zebra',
  settings: zebraSettings,
  formats: [zebraFormat],
  create: ({ cycleMs, silenceMs }, { clock, antennas, openLink }) => ({
    async open(signal) {
      const link = await openLink(signal);
      const translator = new ZebraTranslator(antennas);
      let cycles: NodeJS.Timeout | undefined;
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
          return frame.value.events.flatMap((event) => translator.translate(event, atMs));
        },
        onEnd: () => {
          clearInterval(cycles);
        },
      });
      if (cycleMs !== undefined && !signal.aborted) {
        cycles = setInterval(() => {
          if (translator.isActive) stream.say({ kind: 'cycle', antennas, atMs: clock.nowMs() });
        }, cycleMs);
      }
      return { events: stream.events };
    },
  }),
};
