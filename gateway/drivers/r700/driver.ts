/**
 * Impinj R700 (and the R600 series) by its IoT device interface: HTTP stream, webhook or MQTT, all with the same events.
 *
 *     HTTP   status -> start the preset, if one is set -> stream; status again every few seconds
 *     other  the reader was told once where to send; here it is only listened to
 *
 * Cycles: an antenna is done when the next one is activated, if the reader tells of activations. Otherwise one cycle over
 * all antennas is counted for each `cycleMs` in which the inventory was known to run and the reader was heard.
 */
import { isJsonObject } from '#contract/codec/json-values.ts';
import { JsonSplitter } from '#contract/codec/json-splitter.ts';
import { decodeEvents } from '#contract/codec/event-frame.ts';
import { R700_EVENT, r700Format } from '#contract/codec/r700/format.ts';
import { AppError } from '#contract/errors.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { MessageStream } from '#gateway/drivers/message-stream.ts';
import { r700Settings, type R700Settings } from '#gateway/drivers/r700/settings.ts';
import { R700Translator } from '#gateway/drivers/r700/translate.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Link, LinkAnswer } from '#gateway/links/link.ts';

const API = '/api/v1';
const ADVICE = 'check its power and cable, and that its keepalive interval is at most 5 s';
/** Activations that stop coming for so many periods are not to be relied on. */
const ACTIVATION_PERIODS = 3;

export const r700Driver: DriverDefinition<R700Settings> = {
  kind: 'r700',
  settings: r700Settings,
  formats: [r700Format],
  create: (settings, deps) => ({
    async open(signal) {
      const link = await deps.openLink(signal);
      try {
        return await new R700Session(link, settings, deps).open(signal);
      } catch (error: unknown) {
        await link.close();
        throw error;
      }
    },
  }),
};

class R700Session {
  readonly #link: Link;
  readonly #settings: R700Settings;
  readonly #deps: DriverDeps;
  readonly #translator: R700Translator;
  readonly #timers: NodeJS.Timeout[] = [];
  #greeting: readonly ReaderEvent[] = [];

  constructor(link: Link, settings: R700Settings, deps: DriverDeps) {
    this.#link = link;
    this.#settings = settings;
    this.#deps = deps;
    this.#translator = new R700Translator(deps.antennas);
  }

  async open(signal: AbortSignal): Promise<OpenReader> {
    const { clock } = this.#deps;
    const { silenceMs, statusMs, cycleMs, preset } = this.#settings;
    const canAsk = this.#link.request !== undefined;
    if (canAsk) await this.#greet();
    else if (preset !== undefined) throw this.#refused('a preset can only be started over http:');
    const stream = new MessageStream({
      link: this.#link,
      splitter: new JsonSplitter(),
      clock,
      signal,
      silenceMs,
      advice: ADVICE,
      onMessage: (bytes) => this.#take(bytes),
      onEnd: () => {
        for (const timer of this.#timers) clearInterval(timer);
        if (signal.aborted) void this.#stop();
      },
    });
    for (const event of this.#greeting) stream.say(event);
    if (canAsk) {
      stream.heard();
      this.#timers.push(setInterval(() => void this.#askStatus(stream), statusMs));
    }
    this.#timers.push(
      setInterval(() => {
        this.#countCycle(stream);
      }, cycleMs),
    );
    return { events: stream.events };
  }

  #take(bytes: Uint8Array): readonly ReaderEvent[] {
    const { clock } = this.#deps;
    const atMs = clock.nowMs();
    const frame = decodeEvents(R700_EVENT, bytes);
    if (!frame.ok) return [{ kind: 'vendor', name: 'undecodable', detail: frame.error.detail, atMs }];
    return frame.value.events.flatMap((event) => this.#translator.translate(event, atMs, clock.uptimeMs()));
  }

  #countCycle(stream: MessageStream): void {
    const { clock, antennas } = this.#deps;
    const { cycleMs, silenceMs } = this.#settings;
    const isToldByReader = this.#translator.tellsActivations(clock.uptimeMs(), ACTIVATION_PERIODS * cycleMs);
    if (isToldByReader || !this.#translator.isRunning || stream.silentMs > Math.min(cycleMs, silenceMs)) return;
    stream.say({ kind: 'cycle', antennas, atMs: clock.nowMs() });
  }

  async #greet(): Promise<void> {
    const { preset } = this.#settings;
    this.#takeStatus(await this.#request('GET', '/status'));
    if (preset === undefined) return;
    const path = `/profiles/inventory/presets/${preset}/start`;
    let started = await this.#request('POST', path);
    if (started.status === CONFLICT) {
      await this.#request('POST', '/profiles/stop');
      started = await this.#request('POST', path);
    }
    if (!isGood(started))
      throw this.#refused(`it does not start the preset ${preset} (${started.status}); does it exist?`);
    this.#translator.takeStatus('running');
  }

  #takeStatus(answer: LinkAnswer): void {
    if (!isGood(answer)) {
      const reason = answer.status === 401 ? 'check its credentials' : 'is its IoT device interface on?';
      throw this.#refused(`its status is ${answer.status}; ${reason}`);
    }
    const status = parseObject(answer.body);
    this.#translator.takeStatus(status['status']);
    const readerMs = Date.parse(String(status['time']));
    const atMs = this.#deps.clock.nowMs();
    if (!Number.isNaN(readerMs)) this.#greeting = this.#translator.takeClock(readerMs, atMs);
  }

  async #askStatus(stream: MessageStream): Promise<void> {
    try {
      this.#takeStatus(await this.#request('GET', '/status'));
      stream.heard();
      for (const event of this.#greeting) stream.say(event);
    } catch (error: unknown) {
      // A lost answer is no more than silence; the stream counts it.
      if (!(error instanceof AppError && error.code === 'DRV_LINK_LOST')) stream.fail(error);
    }
  }

  async #stop(): Promise<void> {
    if (!this.#settings.stopOnClose || this.#link.request === undefined) return;
    await this.#request('POST', '/profiles/stop').catch(() => undefined);
  }

  async #request(method: 'GET' | 'POST', path: string): Promise<LinkAnswer> {
    const answer = await this.#link.request?.({ method, path: API + path, ...(method === 'POST' && { body: '{}' }) });
    return answer ?? { status: 0, body: '' };
  }

  #refused(reason: string): AppError {
    return new AppError('DRV_READER_REFUSED', `${this.#link.name}: ${reason}`, { link: this.#link.name });
  }
}

const CONFLICT = 409;

function isGood({ status }: LinkAnswer): boolean {
  return status >= 200 && status < 300;
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : {};
  } catch {
    return {};
  }
}
