/**
 * Zebra fixed readers by their IoT Connector, over MQTT, TCP or HTTP POST. They run by themselves, unless `controls` says
 * that their radio is started and stopped from here.
 *
 * Messages are numbered; where numbers are missing, `events-lost` tells it. Cycles: see `cycleMs` in the settings.
 */
import { decodeEvents } from '#contract/codec/event-frame.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { ZEBRA_EVENT, zebraFormat } from '#contract/codec/zebra/format.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { MessageStream } from '#gateway/drivers/message-stream.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { RadioControl } from '#gateway/drivers/zebra/control.ts';
import { zebraSettings, type ZebraSettings } from '#gateway/drivers/zebra/settings.ts';
import { ZebraTranslator } from '#gateway/drivers/zebra/translate.ts';
import type { Link } from '#gateway/links/link.ts';

const ADVICE = 'check its power and cable, and that its management events send a heartbeat at least every 5 s';

export const zebraDriver: DriverDefinition<ZebraSettings> = {
  kind: 'zebra',
  settings: zebraSettings,
  formats: [zebraFormat],
  create: ({ cycleMs, silenceMs, controls }, { clock, antennas, openLink }) => ({
    async open(signal) {
      const opened = await openLink(signal);
      const control = controls ? new RadioControl(opened, () => clock.uptimeMs()) : undefined;
      const link = control === undefined ? opened : stoppedAtTheEnd(opened, control, signal);
      await startOrClose(control, link);
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
          const events = frame.value.events.flatMap((event) => translator.translate(event, atMs));
          // A link that is gone ends the stream by itself.
          if (translator.isIdle) control?.startAgain().catch(() => undefined);
          return events;
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

async function startOrClose(control: RadioControl | undefined, link: Link): Promise<void> {
  try {
    await control?.start();
  } catch (error: unknown) {
    await link.close();
    throw error;
  }
}

/** Whoever ends the reading himself stops the radio; a reader that is lost cannot be told. */
function stoppedAtTheEnd(link: Link, control: RadioControl, signal: AbortSignal): Link {
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    try {
      if (signal.aborted) await control.stop();
    } catch {
      // Gone meanwhile.
    } finally {
      await link.close();
    }
  };
  return { ...link, name: link.name, bytes: link.bytes, close: () => (closed ??= close()) };
}
