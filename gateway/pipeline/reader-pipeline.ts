/** One reader from its driver to the outbox: reads -> presence -> observations. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { assert } from '#contract/assert.ts';
import type { HealthObservation, Observation } from '#contract/wire/observation.ts';
import type { Command, GatewayStatus } from '#contract/wire/status.ts';
import type { CommandOutcome } from '#gateway/commands/command-desk.ts';
import type { ReaderConfig } from '#gateway/config.ts';
import { findDriver } from '#gateway/drivers/registry.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import type { GatewayMetrics } from '#gateway/metrics.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import { ReaderPresence, type PresenceCounts } from '#gateway/presence/reader-presence.ts';
import { superviseReader, type ReaderState, type SupervisedReader } from '#gateway/supervisor/supervisor.ts';
import type { Sleep } from '#gateway/backoff.ts';

const TICK_MS = 1000;
const DETAIL_CHARS_MAX = 300;

export interface PipelineOptions {
  readonly config: ReaderConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sleep: Sleep;
  readonly chance: () => number;
  readonly metrics: GatewayMetrics;
  emit(observations: readonly Observation[]): void;
  onStatus(): void;
}

export interface ReaderPipeline {
  readonly status: NonNullable<GatewayStatus['readers']>[number];
  readonly counts: PresenceCounts;
  execute(command: Command, signal: AbortSignal): Promise<CommandOutcome>;
  close(): Promise<void>;
}

export function startReaderPipeline(options: PipelineOptions): ReaderPipeline {
  const pipeline = new Pipeline(options);
  pipeline.start();
  return pipeline;
}

class Pipeline implements ReaderPipeline {
  readonly #options: PipelineOptions;
  readonly #presence: ReaderPresence;
  #supervised: SupervisedReader | undefined;
  #tick: NodeJS.Timeout | undefined;
  #sinceMs: number;
  #heardMs: number | undefined;
  #detail: string | undefined;
  #state: ReaderState = 'connecting';

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.nowMs();
    const { id, antennas } = options.config;
    this.#presence = new ReaderPresence({ reader: id, antennas, now: this.#now() });
  }

  get status(): ReaderPipeline['status'] {
    const { id, driver, link } = this.#options.config;
    return {
      id,
      driver,
      link,
      state: this.#state,
      since: isoTime(this.#sinceMs),
      lastHeardAt: this.#heardMs === undefined ? null : isoTime(this.#heardMs),
      ...(this.#detail !== undefined && { detail: this.#detail.slice(0, DETAIL_CHARS_MAX) }),
    };
  }

  get counts(): PresenceCounts {
    return this.#presence.counts;
  }

  start(): void {
    const { config, clock, log, sleep, chance } = this.#options;
    const definition = findDriver(config.driver);
    const address = parseLinkAddress(config.link);
    assert(definition !== undefined && address.ok, 'the configuration was checked');
    const driver = definition.create(config.settings, {
      clock,
      log,
      openLink: (signal) => openLink(address.value, signal),
      antennas: config.antennas.map(({ antenna }) => antenna),
    });
    this.#tick = setInterval(() => {
      this.#options.emit(this.#presence.tick(this.#now()));
    }, TICK_MS);
    this.#supervised = superviseReader({
      reader: config.id,
      driver,
      clock,
      log,
      sleep,
      chance,
      onEvents: (events) => {
        this.#take(events);
      },
      onState: (state, detail) => {
        this.#changed(state, detail);
      },
    });
  }

  async execute(command: Command, signal: AbortSignal): Promise<CommandOutcome> {
    const opened = this.#supervised?.opened;
    if (opened === undefined) return { outcome: 'failed', code: 'reader-away' };
    if (opened.execute === undefined) return { outcome: 'refused', code: 'unknown-command' };
    const done = await opened.execute(command, signal);
    return done.ok ? { outcome: 'done', result: done.value } : { outcome: 'refused', code: done.error.code };
  }

  async close(): Promise<void> {
    clearInterval(this.#tick);
    await this.#supervised?.close();
    // Nobody scans from now on, and nobody shall take that for absence.
    for (const { antenna } of this.#options.config.antennas) {
      this.#options.emit(this.#presence.setAntenna(antenna, 'unscheduled', this.#now()));
    }
  }

  #now(): Moment {
    const { clock } = this.#options;
    return { wallMs: clock.nowMs(), uptimeMs: clock.uptimeMs() };
  }

  #take(events: readonly ReaderEvent[]): void {
    const { config, metrics, log } = this.#options;
    this.#heardMs = this.#options.clock.nowMs();
    let reads = 0;
    for (const event of events) {
      if (event.kind === 'read') reads += event.count;
      else if (event.kind === 'cycle') metrics.cycles.inc({ reader: config.id }, event.antennas.length);
      else if (event.kind === 'clock-offset') metrics.clockOffset.set({ reader: config.id }, event.offsetMs / 1000);
      else if (event.kind === 'vendor') {
        metrics.notifications.inc({ reader: config.id, name: event.name });
        log.debug({ reader: config.id, name: event.name, detail: event.detail }, 'reader says');
      }
    }
    if (reads > 0) metrics.reads.inc({ reader: config.id }, reads);
    this.#options.emit(this.#presence.take(events, this.#now()));
  }

  #changed(state: ReaderState, detail: string | undefined): void {
    const before = this.#state;
    this.#state = state;
    this.#detail = detail;
    if (state === before) return;
    const now = this.#now();
    this.#sinceMs = now.wallMs;
    const scans = state === 'dead' ? this.#presence.readerDied(now) : [];
    this.#options.emit([...scans, this.#health(state, now.wallMs)]);
    this.#options.onStatus();
  }

  #health(state: ReaderState, atMs: number): HealthObservation {
    const code = /^(DRV_[A-Z_]+)/.exec(this.#detail ?? '')?.[1];
    return {
      kind: 'health',
      subject: this.#options.config.id,
      at: isoTime(atMs),
      state: state === 'live' ? 'ok' : 'dead',
      flags: code === undefined ? [] : [code],
    };
  }
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
