/**
 * M100 modules (YRM100, R200, JRD-4035 and their kin): UHF, one antenna. The module polls on its own and tells what it
 * hears; each poll says something, if only that it heard nothing, so silence means that the polls are over or the module
 * is dead.
 *
 *     stop what may still run -> settings -> multiple poll -> notices … -> stop
 */
import { setTimeout as pause } from 'node:timers/promises';
import { bytesOfLayout } from '#contract/codec/layout.ts';
import { m100Format } from '#contract/codec/m100/format.ts';
import type { M100Frame } from '#contract/codec/m100/frame.ts';
import { COMMAND, MULTIPLE_POLL } from '#contract/codec/m100/messages.table.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition, DriverDeps } from '#gateway/drivers/driver.ts';
import { m100Access } from '#gateway/drivers/m100/access.ts';
import { configure } from '#gateway/drivers/m100/configure.ts';
import { M100Inbox } from '#gateway/drivers/m100/inbox.ts';
import { commandFrame, M100_PROTOCOL, STOP, stopPolling, type M100Line } from '#gateway/drivers/m100/line.ts';
import { m100Settings, type M100Settings } from '#gateway/drivers/m100/settings.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { closeAfter, StreamHold } from '#gateway/drivers/streaming.ts';

export const m100Driver: DriverDefinition<M100Settings> = {
  kind: 'm100',
  settings: m100Settings,
  formats: [m100Format],
  create: (settings, deps) => ({
    async open(signal) {
      const link = await deps.openLink(signal);
      const inbox = new M100Inbox(deps.clock, deps.antennas[0] ?? 1);
      const line: M100Line = new AskLine(link, M100_PROTOCOL, { ...settings, onUnasked: (frame) => inbox.take(frame) });
      const close = closeAfter(
        () => sayGoodbye(line),
        () => line.close(),
      );
      const onAbort = (): void => void close();
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        // It may still be polling for a gateway that is no more.
        await stopPolling(line);
        await configure(line, settings);
      } catch (error: unknown) {
        await close();
        throw error;
      }
      const reader = new M100Reader(line, inbox, { settings, deps });
      const { pollMs, accessTimeoutMs: timeoutMs } = settings;
      return {
        events: polling({ poll: () => reader.poll(), pollMs, clock: deps.clock, signal, close }),
        access: m100Access({ line, hold: reader.hold, timeoutMs }),
      };
    },
  }),
};

/**
 * Sent at once, whatever question is open, and then waited for: a TCP connection that is closed over unread bytes takes
 * what it has sent down with it.
 */
async function sayGoodbye(line: M100Line): Promise<void> {
  await line.tell(STOP);
  await stopPolling(line);
}

/** The longest that a module can be told; it is told again when they are over. */
const POLLS_MAX = 0xffff;
/** After a tag of a single poll there may be more. */
const SETTLE_MS = 20;
const SETTLE_ROUNDS_MAX = 25;

const POLL_MANY = commandFrame(COMMAND.multiplePoll, bytesOfLayout(MULTIPLE_POLL, { count: POLLS_MAX }));
const POLL_ONCE = commandFrame(COMMAND.singlePoll);

class M100Reader {
  readonly hold: StreamHold;
  readonly #line: M100Line;
  readonly #inbox: M100Inbox;
  readonly #settings: M100Settings;
  readonly #deps: DriverDeps;
  #cycleUptimeMs: number;

  constructor(
    line: M100Line,
    inbox: M100Inbox,
    { settings, deps }: { readonly settings: M100Settings; readonly deps: DriverDeps },
  ) {
    this.#line = line;
    this.#inbox = inbox;
    this.#settings = settings;
    this.#deps = deps;
    this.#cycleUptimeMs = deps.clock.uptimeMs();
    this.hold = new StreamHold({
      stop: () => stopPolling(line),
      resume: () => {
        // Time without polls was no opportunity to be heard.
        this.#cycleUptimeMs = deps.clock.uptimeMs();
        inbox.forget();
      },
    });
  }

  /** What was heard since the last call; starts the polls when they are due. Errors: DRV_LINK_LOST, DRV_READER_SILENT. */
  async poll(): Promise<readonly ReaderEvent[]> {
    try {
      if (this.#line.failure !== undefined) throw this.#line.failure.error;
      if (!this.hold.isHeld) await this.#keepPolling();
    } catch (error: unknown) {
      // What was heard before the end is told first.
      const heard = this.#inbox.takeEvents();
      if (heard.length > 0) return heard;
      throw error;
    }
    const noise = lineNoise(this.#line.takeNoiseBytes(), this.#deps.clock.nowMs());
    return [...noise, ...this.#inbox.takeEvents(), ...this.#cycle()];
  }

  async #keepPolling(): Promise<void> {
    const silentMs = this.#deps.clock.uptimeMs() - this.#inbox.heardUptimeMs;
    if (this.#settings.polling === 'single') await this.#pollOnce();
    else if (silentMs > this.#settings.silenceMs) await this.#ask(POLL_MANY);
  }

  /** The first word of a poll, whatever it is, goes the way of all others. */
  async #ask(command: M100Frame): Promise<void> {
    await this.#line.ask(command, (frame) => this.#inbox.take(frame));
  }

  async #pollOnce(): Promise<void> {
    await this.#ask(POLL_ONCE);
    for (let round = 0; round < SETTLE_ROUNDS_MAX; round += 1) {
      const before = this.#inbox.heardUptimeMs;
      await pause(SETTLE_MS);
      if (this.#inbox.heardUptimeMs === before) return;
    }
  }

  /** One for all polls of `cycleMs`, if there were any. */
  #cycle(): readonly ReaderEvent[] {
    const { clock, antennas } = this.#deps;
    const now = clock.uptimeMs();
    if (this.hold.isHeld || now - this.#cycleUptimeMs < this.#settings.cycleMs) return [];
    this.#cycleUptimeMs = now;
    if (this.#inbox.takePolls() === 0) return [];
    return [{ kind: 'cycle', antennas: [antennas[0] ?? 1], atMs: clock.nowMs() }];
  }
}
