/**
 * FEIG OBID readers: HF (ISO 15693) pads, shelves and gates, and the UHF gates of the same protocol in the modes in which
 * the reader collects by itself. HF readers measure no RSSI.
 */
import { feigFormat } from '#contract/codec/feig/format.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { feigAccess } from '#gateway/drivers/feig/access.ts';
import { BlockOrder } from '#gateway/drivers/feig/block-order.ts';
import { BufferPoller } from '#gateway/drivers/feig/buffered.ts';
import { DataSets } from '#gateway/drivers/feig/data-sets.ts';
import { FeigLine } from '#gateway/drivers/feig/line.ts';
import { notifications } from '#gateway/drivers/feig/notification.ts';
import { feigSettings, type FeigSettings } from '#gateway/drivers/feig/settings.ts';
import { HfPoller } from '#gateway/drivers/hf-polling.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';

export const feigDriver: DriverDefinition<FeigSettings> = {
  kind: 'feig',
  settings: feigSettings,
  formats: [feigFormat],
  cards: feigFormat,
  create: (settings, deps) => ({
    async open(signal) {
      const link = await deps.openLink(signal);
      if (settings.mode === 'notification') {
        const dataSets = new DataSets({ ...deps, settings });
        return { events: notifications({ link, dataSets, settings, clock: deps.clock, signal }) };
      }
      const line = new FeigLine(link, settings);
      const close = (): void => {
        void line.close();
      };
      signal.addEventListener('abort', close, { once: true });
      try {
        await line.greet();
      } catch (error: unknown) {
        await line.close();
        throw error;
      }
      return settings.mode === 'host'
        ? host(line, settings, { deps, signal })
        : buffered(line, settings, { deps, signal });
    },
  }),
};

interface Opening {
  readonly deps: DriverDeps;
  readonly signal: AbortSignal;
}

/** A password opens a tag until the field goes off, which an inventory may do. */
const PASSWORD_HOLD_MS = 1500;

function host(line: FeigLine, settings: FeigSettings, { deps, signal }: Opening): OpenReader {
  const { clock, antennas } = deps;
  const { memoryReadsPerPoll } = settings;
  const order = new BlockOrder(settings.blockOrder);
  const [first = 1] = antennas;
  const asked = settings.antennaSelect && antennas.length > 0 ? antennas : [undefined];
  const plain = feigAccess({ line, settings, order });
  // Each poller's access goes through that of the one before: whatever is written, all of them read anew.
  let watched: HfTagAccess = plain;
  const pollers = asked.map((antenna) => {
    const alone = feigAccess({ line, settings, order, antenna });
    const access = { ...watched, inventory: () => alone.inventory() };
    const poller = new HfPoller({ access, antenna: antenna ?? first, memoryReadsPerPoll, clock });
    watched = poller.access;
    return poller;
  });
  let holdUptimeMs = Number.NEGATIVE_INFINITY;
  const access: HfTagAccess = {
    ...watched,
    inventory: () => plain.inventory(),
    presentPassword: (...given) => {
      holdUptimeMs = clock.uptimeMs() + PASSWORD_HOLD_MS;
      return plain.presentPassword(...given);
    },
  };
  const round = async (): Promise<readonly ReaderEvent[]> => {
    const events: ReaderEvent[] = [];
    for (const poller of pollers) {
      if (clock.uptimeMs() >= holdUptimeMs) events.push(...(await poller.poll()));
    }
    return events;
  };
  return { events: polled(line, round, { settings, deps, signal }), access };
}

function buffered(line: FeigLine, settings: FeigSettings, { deps, signal }: Opening): OpenReader {
  const dataSets = new DataSets({ ...deps, settings });
  const poller = new BufferPoller({ line, dataSets, settings, clock: deps.clock });
  return { events: polled(line, () => poller.poll(), { settings, deps, signal }) };
}

function polled(
  line: FeigLine,
  round: () => Promise<readonly ReaderEvent[]>,
  { settings, deps, signal }: Opening & { readonly settings: FeigSettings },
): OpenReader['events'] {
  const { clock } = deps;
  const poll = async (): Promise<readonly ReaderEvent[]> => {
    const events = await round();
    return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...events];
  };
  return polling({ poll, pollMs: settings.pollMs, clock, signal, close: () => line.close() });
}
