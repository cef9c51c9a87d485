/** One reader from its driver to the outbox: reads -> presence -> observations; and what commands reach of it. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { assert } from '#contract/assert.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { HealthObservation, Observation } from '#contract/wire/observation.ts';
import type { Command, GatewayStatus } from '#contract/wire/status.ts';
import type { ReaderPort, WandPort } from '#gateway/commands/reader-port.ts';
import { WandSweep } from '#gateway/wand/wand-sweep.ts';
import type { ReaderConfig } from '#gateway/config.ts';
import { findDriver } from '#gateway/drivers/registry.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { TagAccess } from '#gateway/drivers/tag-access.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { tapped } from '#gateway/links/tapped-link.ts';
import type { GateSettings } from '#gateway/gate/gate-settings.ts';
import { Gate } from '#gateway/gate/gate.ts';
import type { GatewayMetrics } from '#gateway/metrics.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import { ReaderPresence, type PresenceCounts } from '#gateway/presence/reader-presence.ts';
import { HeardTags } from './heard-tags.ts';
import { LineCapture } from './line-capture.ts';
import { superviseReader, type ReaderState, type SupervisedReader } from '#gateway/supervisor/supervisor.ts';
import type { Sleep } from '#gateway/backoff.ts';

const TICK_MS = 1000;
/** Who went through is told before the next one comes. */
const GATE_TICK_MS = 250;
/** A tag that somebody looks for is told of eight times a second. */
const WAND_TICK_MS = 60;
const DETAIL_CHARS_MAX = 300;

export interface PipelineOptions {
  readonly config: ReaderConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sleep: Sleep;
  readonly chance: () => number;
  readonly metrics: GatewayMetrics;
  /** The gateway's own: recordings go into it. */
  readonly folder: string;
  /** The library's, as far as it is known here. */
  profile(): TagProfile;
  emit(observations: readonly Observation[]): void;
  onStatus(): void;
}

export interface ReaderPipeline extends ReaderPort {
  readonly status: NonNullable<GatewayStatus['readers']>[number];
  readonly counts: PresenceCounts;
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
  #restart: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isClosed = false;
  #couldDo: TagAccess['kind'] | undefined;
  readonly #heard = new HeardTags();
  readonly #wand: WandSweep | undefined;
  #wandTick: NodeJS.Timeout | undefined;
  readonly #capture: LineCapture;
  readonly #gate: Gate | undefined;
  #gateTick: NodeJS.Timeout | undefined;
  #sinceMs: number;
  #heardMs: number | undefined;
  #detail: string | undefined;
  #state: ReaderState = 'connecting';

  constructor(options: PipelineOptions) {
    this.#options = options;
    this.#sinceMs = options.clock.nowMs();
    const { id, antennas, wand, gate } = options.config;
    if (gate !== undefined) this.#gate = this.#newGate(gate, options);
    if (wand !== undefined) this.#wand = new WandSweep({ reader: id, antennas, ...wand });
    this.#presence = new ReaderPresence({ reader: id, antennas, now: this.#now() });
    this.#capture = new LineCapture(options.folder, options.clock);
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
      ...(this.#abilities().length > 0 && { can: this.#abilities() }),
      ...(this.#isStopped && { scanning: false }),
    };
  }

  get wand(): WandPort | undefined {
    const wand = this.#wand;
    if (wand === undefined) return undefined;
    return {
      startSweep: () => {
        const { last, ...begun } = wand.start(this.#now());
        this.#options.emit(last);
        return begun;
      },
      endSweep: () => {
        const { last, ended } = wand.end();
        this.#options.emit(last);
        return { ended };
      },
      find: (tags, seconds) => {
        wand.find(tags, seconds * 1000, this.#now());
      },
    };
  }

  #newGate(settings: GateSettings, options: PipelineOptions): Gate {
    const { clock, log, metrics, config } = options;
    return new Gate({
      reader: config.id,
      settings,
      clock,
      log,
      profile: () => options.profile(),
      emit: (observations) => {
        options.emit(observations);
      },
      setOutput: () => this.#supervised?.opened?.setOutput,
      onDecision: (decision) => {
        metrics.gateDecisions.inc({ gate: settings.place, decision });
      },
    });
  }

  #abilities(): string[] {
    return [
      ...(this.#couldDo === undefined ? [] : [`${this.#couldDo}-access`]),
      ...(this.#wand === undefined ? [] : ['wand']),
    ];
  }

  get counts(): PresenceCounts {
    return this.#presence.counts;
  }

  get isOpen(): boolean {
    return this.#supervised?.opened !== undefined;
  }

  get access(): TagAccess | undefined {
    return this.#supervised?.opened?.access;
  }

  heard(): ReturnType<ReaderPort['heard']> {
    return this.#heard.since(this.#options.clock.uptimeMs());
  }

  start(): void {
    this.#tick = setInterval(() => {
      this.#options.emit(this.#withoutTags(this.#presence.tick(this.#now())));
    }, TICK_MS);
    const wand = this.#wand;
    if (wand !== undefined) {
      this.#wandTick = setInterval(() => {
        this.#options.emit(wand.tick(this.#now()));
      }, WAND_TICK_MS);
    }
    const gate = this.#gate;
    if (gate !== undefined) {
      this.#gateTick = setInterval(() => {
        gate.tick();
      }, GATE_TICK_MS);
    }
    this.#open();
  }

  startScan(): void {
    clearTimeout(this.#restart);
    if (!this.#isStopped || this.#isClosed) return;
    this.#isStopped = false;
    this.#open();
    this.#options.onStatus();
  }

  async stopScan(seconds: number | undefined): Promise<void> {
    clearTimeout(this.#restart);
    if (this.#isClosed) return;
    if (seconds !== undefined) {
      this.#restart = setTimeout(() => {
        this.startScan();
      }, seconds * 1000);
    }
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#rest();
    this.#state = 'connecting';
    this.#sinceMs = this.#options.clock.nowMs();
    this.#detail = undefined;
    this.#options.onStatus();
  }

  executeOwn(command: Command, signal: AbortSignal): ReturnType<ReaderPort['executeOwn']> {
    return this.#supervised?.opened?.execute?.(command, signal) ?? Promise.resolve(undefined);
  }

  async capture(seconds: number, signal: AbortSignal): ReturnType<NonNullable<ReaderPort['capture']>> {
    const { id, driver, link, antennas, settings } = this.#options.config;
    const head = { driver, link, antennas: antennas.map(({ antenna }) => antenna), settings };
    const cards = findDriver(driver)?.cards;
    return this.#capture.record({ reader: id, head, cards, seconds, signal });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#tick);
    clearInterval(this.#wandTick);
    clearInterval(this.#gateTick);
    if (this.#wand !== undefined) this.#options.emit(this.#wand.end().last);
    this.#gate?.close();
    clearTimeout(this.#restart);
    await this.#rest();
  }

  #open(): void {
    const { config, clock, log, sleep, chance } = this.#options;
    const definition = findDriver(config.driver);
    const address = parseLinkAddress(config.link);
    assert(definition !== undefined && address.ok, 'the configuration was checked');
    const driver = definition.create(config.settings, {
      clock,
      log,
      openLink: tapped((signal) => openLink(address.value, signal, config.credentials), this.#capture.tap),
      antennas: config.antennas.map(({ antenna }) => antenna),
    });
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

  /** Nobody scans from now on, and nobody shall take that for absence. */
  async #rest(): Promise<void> {
    const supervised = this.#supervised;
    this.#supervised = undefined;
    await supervised?.close();
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
    this.#gate?.take(events);
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
    this.#capture.note(events);
    this.#heard.take(events, this.#options.clock.uptimeMs());
    this.#noteAbility();
    this.#options.emit(this.#withoutTags(this.#presence.take(events, this.#now())));
    if (this.#wand !== undefined) this.#options.emit(this.#wand.take(events, this.#now()));
  }

  /** Of a wand, presence says only whether it is live: who is carried past a tag has not lost it. */
  #withoutTags(observations: readonly Observation[]): readonly Observation[] {
    return this.#wand === undefined ? observations : observations.filter(({ kind }) => kind !== 'tag');
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

  /** What a reader can do is known once it is open, and still true of one that has gone; the status says so at once. */
  #noteAbility(): void {
    if (!this.isOpen) return;
    const kind = this.access?.kind;
    if (kind === this.#couldDo) return;
    this.#couldDo = kind;
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
