/**
 * Judges a driver against a device, real or simulated: opening, reading, closing, a line that goes away, and the format of
 * the bench tool on every frame that went over the wire meanwhile.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import type { Format } from '#contract/codec/format.ts';
import { AppError } from '#contract/errors.ts';
import { toHex } from '#contract/hex.ts';
import type { AnyDriver } from '#gateway/drivers/driver.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link, OpenLink } from '#gateway/links/link.ts';
import { tapped } from '#gateway/links/tapped-link.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { Report, type Rule } from '#test/conformance/report.ts';

const DRIVER_RULES = [
  { id: 'settings', says: 'a setting that does not exist is refused, in words', weight: 'must' },
  { id: 'opens', says: 'open() answers within nine seconds', weight: 'must' },
  { id: 'cycles', says: 'completed opportunities to be read are told as cycles', weight: 'must' },
  { id: 'antennas', says: 'only configured antennas appear', weight: 'must' },
  { id: 'times', says: "times are on the gateway's clock, within five seconds of it", weight: 'must' },
  { id: 'ids', says: 'ids are upper-case hex, and every read has an EPC or a UID', weight: 'may' },
  { id: 'counts', says: 'a read stands for at least one, and its first time is not after its last', weight: 'may' },
  { id: 'closes', says: 'after an abort the events end within two seconds, without an error', weight: 'must' },
  { id: 'gives-back', says: 'after an abort the link is closed', weight: 'must' },
  { id: 'again', says: 'it opens again after a clean close', weight: 'must' },
  {
    id: 'link-lost',
    says: 'a line that ends is DRV_LINK_LOST or DRV_READER_SILENT within ten seconds',
    weight: 'must',
  },
  {
    id: 'round-trip',
    says: 'every frame on the wire is written back from its JSON alone, byte for byte',
    weight: 'may',
  },
] as const satisfies readonly Rule[];

export type DriverRule = (typeof DRIVER_RULES)[number]['id'];

export interface DriverKitOptions {
  readonly driver: AnyDriver;
  readonly settings: unknown;
  readonly antennas: readonly number[];
  readonly openLink: OpenLink;
  /** How long it is watched. */
  readonly watchMs: number;
  /** How long a lost link may go unnoticed; ten seconds by the contract. */
  readonly lostMs?: number;
}

const OPEN_MS_MAX = 9000;
const CLOSE_MS_MAX = 2000;
const LOST_MS_MAX = 10_000;
const CLOCK_MS_MAX = 5000;

/** Runs the whole kit. The device must be there, and at least for the must rules nothing need lie on it. */
export async function judgeDriver(options: DriverKitOptions): Promise<Report<DriverRule>> {
  const report = new Report<DriverRule>(DRIVER_RULES);
  const { driver } = options;
  const refused = driver.checkSettings({ ...(options.settings as object), noSuchSetting: 1 });
  report.judge('settings', !refused.ok && refused.error !== '', () => 'noSuchSetting was taken');
  await watch(options, report);
  await watch({ ...options, watchMs: Math.min(options.watchMs, 1000) }, report, 'again');
  await loseLink(options, report);
  return report;
}

interface Watched {
  readonly link: () => WatchedLink | undefined;
  readonly openLink: OpenLink;
}

interface WatchedLink {
  isClosed: boolean;
  readonly link: Link;
}

/** Links whose closing is seen. */
function watchLinks(openLink: OpenLink): Watched {
  let last: WatchedLink | undefined;
  return {
    link: () => last,
    openLink: async (signal) => {
      const link = await openLink(signal);
      const watched: WatchedLink = {
        isClosed: false,
        link: {
          name: link.name,
          bytes: link.bytes,
          send: (bytes) => link.send(bytes),
          close: () => {
            watched.isClosed = true;
            return link.close();
          },
        },
      };
      last = watched;
      return watched.link;
    },
  };
}

async function watch(options: DriverKitOptions, report: Report<DriverRule>, rule?: 'again'): Promise<void> {
  const { driver, settings, antennas, watchMs } = options;
  const links = watchLinks(options.openLink);
  const judges = driver.formats.map((format) => new FrameJudge(format, report));
  const openLink = tapped(links.openLink, (from, bytes) => {
    for (const judge of judges) judge.hear(from, bytes);
  });
  const stop = new AbortController();
  const startedMs = performance.now();
  try {
    const log = pino({ level: 'silent' });
    const opened = await driver.create(settings, { clock: systemClock, log, antennas, openLink }).open(stop.signal);
    const openedMs = performance.now() - startedMs;
    report.judge('opens', openedMs <= OPEN_MS_MAX, () => `${String(Math.round(openedMs))} ms`);
    if (rule !== undefined) report.judge(rule, true, () => '');
    let abortedMs: number | undefined;
    const timer = setTimeout(() => {
      abortedMs = performance.now();
      stop.abort();
    }, watchMs);
    try {
      for await (const events of opened.events) judgeEvents(events, antennas, report);
    } finally {
      clearTimeout(timer);
    }
    const closedMs = performance.now() - (abortedMs ?? performance.now());
    report.judge(
      'closes',
      abortedMs !== undefined && closedMs <= CLOSE_MS_MAX,
      () => `${String(Math.round(closedMs))} ms`,
    );
  } catch (error: unknown) {
    report.judge(stop.signal.aborted ? 'closes' : (rule ?? 'opens'), false, () => String(error));
  }
  stop.abort();
  // The driver closes its link in its own time after the last event.
  for (let tries = 0; links.link()?.isClosed === false && tries < 20; tries += 1) await delay(CLOSE_MS_MAX / 20);
  report.judge('gives-back', links.link()?.isClosed === true, () => 'the link is still open');
}

function judgeEvents(events: readonly ReaderEvent[], antennas: readonly number[], report: Report<DriverRule>): void {
  for (const event of events) {
    const shown = (): string => JSON.stringify(event);
    const times = event.kind === 'read' ? [event.firstMs, event.lastMs] : [event.atMs];
    const isNear = times.every((ms) => Math.abs(ms - systemClock.nowMs()) <= CLOCK_MS_MAX);
    report.judge('times', isNear, shown);
    if (event.kind === 'cycle') {
      report.judge('cycles', event.antennas.length > 0, shown);
      report.judge(
        'antennas',
        event.antennas.every((antenna) => antennas.includes(antenna)),
        shown,
      );
    } else if (event.kind === 'read') {
      const { epc, uid, tid } = event.ids;
      const ids = [epc, uid, tid].filter((id) => id !== undefined);
      report.judge('antennas', antennas.includes(event.antenna), shown);
      report.judge('ids', (epc ?? uid) !== undefined && ids.every((id) => /^(?:[0-9A-F]{2})+$/.test(id)), shown);
      report.judge('counts', event.count >= 1 && event.firstMs <= event.lastMs, shown);
    }
  }
}

/** The device's line ends under the driver's hands. */
async function loseLink(options: DriverKitOptions, report: Report<DriverRule>): Promise<void> {
  const { driver, settings, antennas, lostMs = LOST_MS_MAX } = options;
  const links = watchLinks(options.openLink);
  const stop = new AbortController();
  const deps = { clock: systemClock, log: pino({ level: 'silent' }), antennas, openLink: links.openLink };
  let cutMs = Number.NaN;
  try {
    const opened = await driver.create(settings, deps).open(stop.signal);
    cutMs = performance.now();
    const timer = setTimeout(() => {
      stop.abort();
    }, lostMs);
    void links.link()?.link.close();
    try {
      for await (const events of opened.events) judgeEvents(events, antennas, report);
    } finally {
      clearTimeout(timer);
    }
    report.judge('link-lost', false, () => 'the events ended without an error');
  } catch (error: unknown) {
    const isRight = error instanceof AppError && ['DRV_LINK_LOST', 'DRV_READER_SILENT'].includes(error.code);
    const isInTime = performance.now() - cutMs <= lostMs;
    report.judge('link-lost', isRight && isInTime, () => String(error));
  }
  stop.abort();
}

/** Each direction is a stream of its own. */
class FrameJudge {
  readonly #format: Format;
  readonly #report: Report<DriverRule>;
  readonly #splitters = new Map<string, ReturnType<NonNullable<Format['split']>>>();

  constructor(format: Format, report: Report<DriverRule>) {
    this.#format = format;
    this.#report = report;
  }

  hear(from: string, bytes: Uint8Array): void {
    // The bytes of a text format are the vendor's own spelling of JSON: only their meaning has to come back.
    if (this.#format.split === undefined || this.#format.notation === 'text') return;
    const splitter = this.#splitters.get(from) ?? this.#format.split();
    this.#splitters.set(from, splitter);
    for (const piece of splitter.feed(bytes)) if (piece.kind === 'frame') this.#judge(piece.bytes);
  }

  #judge(frame: Uint8Array): void {
    const decoded = this.#format.decode(frame);
    const back = decoded.ok ? this.#format.encode(JSON.parse(JSON.stringify(decoded.value))) : undefined;
    const isSame = back?.ok === true && toHex(back.value) === toHex(frame);
    this.#report.judge('round-trip', isSame, () => toHex(frame));
  }
}
