/** A driver under test, at a simulated reader. */
import type { Clock } from '#contract/clock.ts';
import { encodeBasicBlock } from '#contract/codec/iso28560-3/basic-block.ts';
import { feigDriver } from '#gateway/drivers/feig/driver.ts';
import { feigSettings } from '#gateway/drivers/feig/settings.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { HfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { startFeigReader, type FeigReader, type FeigReaderOptions } from '#sim/readers/feig/reader.ts';
import { programTag, type HfTag } from '#sim/readers/hf-tag.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

export const cleanups: (() => unknown)[] = [];

export async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
}

export function book(number: number): HfTag {
  const uid = `E00401${String(number).padStart(10, '0')}`;
  return programTag({ uid, barcode: `3211${String(number).padStart(6, '0')}`, isil: 'DE-SW1' });
}

export function card(number: number): HfTag {
  const tag = book(number);
  tag.memory.set(
    encodeBasicBlock({ usage: 8, parts: 1, part: 1, itemId: `CARD${number}`, country: 'DE', institution: 'SW1' }),
  );
  return tag;
}

export async function reader(tags: readonly HfTag[], options: Partial<FeigReaderOptions> = {}): Promise<FeigReader> {
  const pad = { tags: () => tags, isGlitch: () => false };
  const started = await startFeigReader({ id: 'feig', pad, on: { kind: 'tcp' }, ...options });
  cleanups.push(() => started.close());
  return started;
}

export function linkTo(url: string): OpenLink {
  const address = parseLinkAddress(url);
  if (!address.ok) throw new Error(address.error);
  return (signal) => openLink(address.value, signal);
}

export interface Run {
  readonly events: ReaderEvent[];
  readonly ended: Promise<unknown>;
  readonly access: HfTagAccess;
  stop(): Promise<void>;
}

export interface World {
  readonly clock: Clock;
  readonly antennas: readonly number[];
  /** Asked before each batch is taken. */
  readonly take: (batch: readonly ReaderEvent[]) => Promise<void> | void;
}

export async function drive(link: OpenLink | string, settings: object = {}, world: Partial<World> = {}): Promise<Run> {
  const abort = new AbortController();
  const driver = feigDriver.create(
    feigSettings.parse({ pollMs: 100, answerTimeoutMs: 150, missesMax: 3, validTimeMs: 100, ...settings }),
    {
      clock: world.clock ?? clock,
      log: silentLog,
      openLink: typeof link === 'string' ? linkTo(link) : link,
      antennas: world.antennas ?? [1],
    },
  );
  const opened = await driver.open(abort.signal);
  const events: ReaderEvent[] = [];
  const ended = (async () => {
    try {
      for await (const batch of opened.events) {
        await world.take?.(batch);
        events.push(...batch);
      }
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  const stop = async (): Promise<void> => {
    abort.abort();
    await ended;
  };
  cleanups.push(stop);
  return { events, ended, access: opened.access as HfTagAccess, stop };
}

export function reads(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'read' }>[] {
  return events.filter((event) => event.kind === 'read');
}

export function items(events: readonly ReaderEvent[]): string[] {
  return reads(events).map(({ content }) => content?.itemId ?? 'none');
}

export function names(events: readonly ReaderEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'vendor' ? [event.name] : []));
}
