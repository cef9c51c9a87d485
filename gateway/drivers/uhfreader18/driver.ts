/** UHFReader18 readers (UHF, Gen2): one antenna, asked again and again. */
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { uhfreader18Format } from '#contract/codec/uhfreader/format.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import { access18 } from './access.ts';
import { Inventory } from './inventory.ts';
import { uhfreaderProtocol } from '#gateway/drivers/uhfreader-line.ts';
import { type Answer18 } from './line.ts';
import { prepare } from './prepare.ts';
import { uhfreader18Settings, type Uhfreader18Settings } from './settings.ts';

export const uhfreader18Driver: DriverDefinition<Uhfreader18Settings> = {
  kind: 'uhfreader18',
  settings: uhfreader18Settings,
  formats: [uhfreader18Format],
  create: (settings, deps) => ({
    async open(signal) {
      return openReader(await deps.openLink(signal), { settings, deps, signal });
    },
  }),
};

type Link = Awaited<ReturnType<DriverDeps['openLink']>>;

interface Opening {
  readonly settings: Uhfreader18Settings;
  readonly deps: DriverDeps;
  readonly signal: AbortSignal;
}

async function openReader(link: Link, { settings, deps: { clock }, signal }: Opening): Promise<OpenReader> {
  // A reader that was left in scan mode goes on telling until it has heard that it shall not.
  const onUnasked = (answer: Answer18): boolean => answer.kind === 'pushed' || inventory.takeUnasked(answer);
  const line = new AskLine(link, uhfreaderProtocol(FAMILY_18, settings.address), { ...settings, onUnasked });
  const inventory = new Inventory({ line, settings, clock });
  const close = (): Promise<void> => line.close();
  signal.addEventListener('abort', () => void close(), { once: true });
  try {
    await prepare(line, settings);
  } catch (error: unknown) {
    await close();
    throw error;
  }
  const poll = async () => {
    const events = await inventory.run();
    return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...events];
  };
  const events = polling({ poll, pollMs: settings.pollMs, clock, signal, close });
  return { events, access: access18(line, settings.scanMs + settings.answerTimeoutMs) };
}
