/**
 * Notification mode: the reader sends its data sets by itself, as answers to a Read Buffer that nobody asked, and keeps
 * them until we have acknowledged them with Clear Data Buffer, if it is set so. Acknowledged is what has been handed on.
 * Keep-alives are answers to Reader Diagnostic.
 *
 * Source: FEIG ID ISC.ANT.U500/270-DM manual H71011-0e-ID-B, 7.21 and 12.2: an acknowledgement is due within 5 s, else
 * the notification is sent again; keep-alives are never acknowledged. ID ISC.MR200 H40801-5e-ID-B, 1.4.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import { readBuffer } from '#contract/codec/feig/buffer.ts';
import { COMMAND, DATA_STATUSES, STATUS } from '#contract/codec/feig/codes.ts';
import { AppError } from '#contract/errors.ts';
import { AsyncQueue } from '#gateway/drivers/async-queue.ts';
import type { DataSets } from '#gateway/drivers/feig/data-sets.ts';
import { FeigLine, type FeigAnswer, type FeigLineSettings } from '#gateway/drivers/feig/line.ts';
import { KEEP_ALIVES_MAX, type FeigSettings } from '#gateway/drivers/feig/settings.ts';
import { ToldSets } from '#gateway/drivers/feig/told-sets.ts';
import { lineNoise } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link } from '#gateway/links/link.ts';

/** Notifications that may wait; the reader sends no more than one that is not acknowledged. */
const WAITING_MAX = 1000;
/** How often the silence is looked at, and cycles are told. */
const LOOK_MS = 250;
/** From handing events on to acknowledging them: by then they are on the disk. */
const ACKNOWLEDGE_AFTER_MS = 100;

export interface NotificationOptions {
  readonly link: Link;
  readonly dataSets: DataSets;
  readonly settings: FeigLineSettings & Pick<FeigSettings, 'acknowledge' | 'keepAliveMs'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Something the reader sent, or the moment to look at its silence. */
type Heard = FeigAnswer | 'look';

/**
 * Everything the reader sends. Ends when the signal aborts.
 *
 * Errors: DRV_LINK_LOST; DRV_READER_SILENT when keep-alives are missing.
 */
export async function* notifications(
  options: NotificationOptions,
): AsyncGenerator<readonly ReaderEvent[], void, undefined> {
  const { clock, dataSets, settings, signal } = options;
  const queue = new AsyncQueue<Heard>(WAITING_MAX);
  const line = new FeigLine(options.link, settings, {
    onUnasked: (answer) => isHeard(answer) && push(queue, answer),
    onEnd: (error) => {
      queue.end(error);
    },
  });
  const stop = new AbortController();
  const looking = look(queue, AbortSignal.any([signal, stop.signal]));
  const close = (): void => {
    void line.close();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const told = new ToldSets('advanced');
  let heardUptimeMs = clock.uptimeMs();
  try {
    for await (const heard of queue) {
      const noise = lineNoise(line.takeNoiseBytes(), clock.nowMs());
      if (heard === 'look') {
        checkSilence(line, clock.uptimeMs() - heardUptimeMs, settings.keepAliveMs);
        // Where no keep-alive says otherwise, the reader is taken to be there as long as its link is.
        const events = [...noise, ...(settings.keepAliveMs === 0 ? dataSets.cycle() : [])];
        if (events.length > 0) yield events;
        continue;
      }
      heardUptimeMs = clock.uptimeMs();
      const isNews = heard.command === COMMAND.readBufferAdvanced;
      const events = [...noise, ...(isNews ? take(options, heard, told) : []), ...dataSets.cycle()];
      if (events.length > 0) yield events;
      if (!isNews || !settings.acknowledge) continue;
      await pause(ACKNOWLEDGE_AFTER_MS, undefined, { signal });
      await line.tell({ command: COMMAND.clearBuffer, body: new Uint8Array(0) });
    }
  } catch (error: unknown) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    stop.abort();
    await looking;
    await line.close();
  }
}

/** Data sets, keep-alives, and the reader's word that it has cleared what we acknowledged. */
const HEARD: ReadonlySet<number> = new Set([COMMAND.readBufferAdvanced, COMMAND.diagnostic, COMMAND.clearBuffer]);

function isHeard({ command }: FeigAnswer): boolean {
  return HEARD.has(command);
}

/** A reader that floods us loses what does not fit; it will send it again if it must be acknowledged. */
function push(queue: AsyncQueue<Heard>, answer: FeigAnswer): boolean {
  if (!queue.isFull) void queue.push(answer);
  return true;
}

function take({ clock, dataSets }: NotificationOptions, answer: FeigAnswer, told: ToldSets): ReaderEvent[] {
  const { status, data } = answer;
  const atMs = clock.nowMs();
  const events: ReaderEvent[] = [];
  if (status === STATUS.bufferOverflow) {
    events.push({ kind: 'vendor', name: 'buffer-overflow', detail: 'the reader lost data sets', atMs });
  }
  if (!DATA_STATUSES.has(status) || data.length === 0) return events;
  const content = readBuffer('advanced', data);
  if (content === undefined) {
    return [...events, { kind: 'vendor', name: 'buffer-unreadable', detail: `${data.length} bytes`, atMs }];
  }
  // Sent again, where our acknowledgement was lost.
  events.push(...dataSets.events(told.fresh(content), () => atMs));
  told.add(content);
  return events;
}

function checkSilence(line: FeigLine, silentMs: number, keepAliveMs: number): void {
  if (keepAliveMs === 0 || silentMs <= KEEP_ALIVES_MAX * keepAliveMs) return;
  const sentence = `${line.name} was silent for ${Math.round(silentMs)} ms; check its power and cable, and that keep-alive is on (or set keepAliveMs to 0)`;
  throw new AppError('DRV_READER_SILENT', sentence, { link: line.name });
}

async function look(queue: AsyncQueue<Heard>, signal: AbortSignal): Promise<void> {
  try {
    for (;;) {
      await pause(LOOK_MS, undefined, { signal });
      if (queue.size === 0) void queue.push('look');
    }
  } catch (error: unknown) {
    if (!signal.aborted) throw error;
  }
}
