/**
 * ThingMagic and JADAK modules (M6e, M6e Micro, M6e Nano, M7e): UHF. The module goes round its antennas and streams what it
 * hears; at the end of each search it says so, which is one scan cycle and its sign of life.
 *
 *     stop what may still run -> boot -> settings -> antennas, read -> records, 0400 at the end of each search … -> stop
 */
import { m6eFormat } from '#contract/codec/m6e/format.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { m6eAccess } from '#gateway/drivers/m6e/access.ts';
import { M6eInbox } from '#gateway/drivers/m6e/inbox.ts';
import { M6E_PROTOCOL, STOP, stopReading, type M6eLine } from '#gateway/drivers/m6e/line.ts';
import { m6eSettings, type M6eSettings } from '#gateway/drivers/m6e/settings.ts';
import { prepare, startReading } from '#gateway/drivers/m6e/start.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { closeAfter, StreamHold } from '#gateway/drivers/streaming.ts';

const FIRST_ANTENNA = 1;

export const m6eDriver: DriverDefinition<M6eSettings> = {
  kind: 'm6e',
  settings: m6eSettings,
  formats: [m6eFormat],
  create: (settings, { clock, openLink, antennas: planned }) => ({
    async open(signal) {
      const antennas = planned.length === 0 ? [FIRST_ANTENNA] : planned;
      const link = await openLink(signal);
      const inbox = new M6eInbox(clock, antennas);
      const line: M6eLine = new AskLine(link, M6E_PROTOCOL, { ...settings, onUnasked: (frame) => inbox.take(frame) });
      const close = closeAfter(
        () => sayGoodbye(line),
        () => line.close(),
      );
      const onAbort = (): void => void close();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        await prepare(line, settings);
      } catch (error: unknown) {
        await close();
        throw error;
      }
      const { searchMs, silentSearchesMax, pollMs, accessTimeoutMs: timeoutMs } = settings;
      const hold = new StreamHold({
        stop: () => stopReading(line),
        resume: () => {
          inbox.forget();
        },
      });
      const poll = async (): Promise<readonly ReaderEvent[]> => {
        try {
          if (line.failure !== undefined) throw line.failure.error;
          const silentMs = clock.uptimeMs() - inbox.heardUptimeMs;
          if (!hold.isHeld && silentMs > silentSearchesMax * searchMs) {
            await hold.restart(async () => {
              await stopReading(line);
              await startReading(line, antennas, searchMs);
              inbox.begin();
            });
          }
        } catch (error: unknown) {
          // What was heard before the end is told first.
          const heard = inbox.takeEvents();
          if (heard.length > 0) return heard;
          throw error;
        }
        return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...inbox.takeEvents()];
      };
      return {
        events: polling({ poll, pollMs, clock, signal, close }),
        access: m6eAccess({ line, hold, antennas, timeoutMs }),
      };
    },
  }),
};

/**
 * Sent at once, whatever question is open, and then waited for: a TCP connection that is closed over unread bytes takes
 * what it has sent down with it.
 */
async function sayGoodbye(line: M6eLine): Promise<void> {
  await line.tell(STOP);
  await stopReading(line);
}
