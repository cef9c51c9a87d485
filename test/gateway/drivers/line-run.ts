/** A driver on a line, with everything it says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { TagAccess, UhfTagAccess } from '#gateway/drivers/tag-access.ts';
import type { OpenLink } from '#gateway/links/link.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import type { LineSession } from '#sim/readers/line-device.ts';
import { openSerialPair, type SerialPair } from '#sim/readers/serial-line.ts';
import { collect } from '#test/gateway/fakes/drive.ts';
import { startTcpPeer, type TcpPeer } from '#test/gateway/fakes/tcp-peer.ts';
import { clock, silentLog } from '#test/gateway/fakes/world.ts';

/** Undone in reverse order when the test is over. */
export type Cleanups = (() => unknown)[];

export interface LineRun {
  readonly events: ReaderEvent[];
  readonly access: TagAccess | undefined;
  /** What ended it; undefined when it was stopped. */
  readonly ended: Promise<unknown>;
  readonly stop: () => Promise<unknown>;
}

export interface LineRunOptions<Settings> {
  readonly driver: DriverDefinition<Settings>;
  readonly settings: object;
  readonly link: OpenLink;
  readonly antennas?: readonly number[];
}

export async function driveLine<Settings>(
  { driver, settings, link, antennas = [1] }: LineRunOptions<Settings>,
  cleanups: Cleanups,
): Promise<LineRun> {
  const abort = new AbortController();
  cleanups.push(() => {
    abort.abort();
  });
  const deps = { clock, log: silentLog, openLink: link, antennas };
  const opened = await driver.create(driver.settings.parse(settings), deps).open(abort.signal);
  const { events, ended } = collect(opened);
  const stop = (): Promise<unknown> => {
    abort.abort();
    return ended;
  };
  cleanups.push(stop);
  return { events, access: opened.access, ended, stop };
}

/** `serial://…` and `tcp://…` as a gateway opens them. */
export function linkTo(address: string): OpenLink {
  const parsed = parseLinkAddress(address);
  if (!parsed.ok) throw new Error(parsed.error);
  return (signal) => openLink(parsed.value, signal);
}

/** A simulated device on a TCP port; `onto` may do to its bytes what lines do. */
export async function overTcp(
  connect: (reply: (bytes: Uint8Array) => void) => LineSession,
  cleanups: Cleanups,
  onto: (bytes: Uint8Array) => readonly Uint8Array[] = (bytes) => [bytes],
): Promise<TcpPeer> {
  const peer = await startTcpPeer((socket) => {
    const session = connect((bytes) => {
      for (const piece of onto(bytes)) if (socket.writable) socket.write(piece);
    });
    socket.on('data', (chunk: Uint8Array) => {
      session.feed(new Uint8Array(chunk));
    });
    socket.once('close', () => session.close?.());
  });
  cleanups.push(() => peer.close());
  return peer;
}

/** Two ends of a serial line that exists only in the kernel. */
export async function ptyPair(cleanups: Cleanups): Promise<SerialPair> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-pty-'));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  const pair = await openSerialPair(folder);
  cleanups.push(() => pair.close());
  return pair;
}

export function readsOf(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'read' }>[] {
  return events.filter((event) => event.kind === 'read');
}

export function cyclesOf(events: readonly ReaderEvent[]): Extract<ReaderEvent, { kind: 'cycle' }>[] {
  return events.filter((event) => event.kind === 'cycle');
}

export function epcsOf(events: readonly ReaderEvent[]): Set<string | undefined> {
  return new Set(readsOf(events).map(({ ids }) => ids.epc));
}

export function vendorNamesOf(events: readonly ReaderEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'vendor' ? [event.name] : []));
}

export function uhfAccess({ access }: LineRun): UhfTagAccess {
  if (access?.kind !== 'uhf') throw new Error('no UHF access');
  return access;
}
