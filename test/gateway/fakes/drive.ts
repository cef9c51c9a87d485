/** Drives one driver and keeps what it says; for drivers of any family. */
import type { DriverDefinition, OpenReader } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { LinkCredentials } from '#gateway/links/credentials.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

export interface Drive {
  readonly events: ReaderEvent[];
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

export interface DriveOptions {
  readonly link: string;
  readonly settings?: object;
  readonly antennas?: readonly number[];
  readonly credentials?: LinkCredentials;
}

export async function drive<Settings>(
  definition: DriverDefinition<Settings>,
  { link, settings = {}, antennas = [1, 2], credentials }: DriveOptions,
): Promise<Drive> {
  const address = parseLinkAddress(link);
  if (!address.ok) throw new Error(address.error);
  const abort = new AbortController();
  const driver = definition.create(definition.settings.parse(settings), {
    clock,
    log: silentLog,
    antennas,
    openLink: (signal) => openLink(address.value, signal, credentials),
  });
  const opened = await driver.open(abort.signal);
  const { events, ended } = collect(opened);
  return {
    events,
    ended,
    async stop() {
      abort.abort();
      await ended;
    },
  };
}

/** Keeps everything an open reader says; `ended` gives what ended it, undefined when it was stopped. */
export function collect(opened: OpenReader): Pick<Drive, 'events' | 'ended'> {
  const events: ReaderEvent[] = [];
  const ended = (async () => {
    try {
      for await (const batch of opened.events) events.push(...batch);
      return undefined;
    } catch (error: unknown) {
      return error;
    }
  })();
  return { events, ended };
}

export function readsOf(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'read' }>[] {
  return events.filter((event) => event.kind === 'read');
}

export function cyclesOf(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'cycle' }>[] {
  return events.filter((event) => event.kind === 'cycle');
}

export function namesOf(events: readonly ReaderEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'vendor' ? [event.name] : []));
}
