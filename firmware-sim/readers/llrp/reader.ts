/**
 * A simulated UHF reader: an LLRP server that behaves like a 16-port reader on the market, faults included.
 *
 * Source: EPCglobal Low Level Reader Protocol 1.1.
 */
import type { Socket } from 'node:net';
import type { LlrpVersion } from '#contract/codec/llrp/header.ts';
import { encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import { EVENT_TYPE, type ReaderConfig } from '#contract/codec/llrp/reader-config.ts';
import type { ReaderEvent } from '#contract/codec/llrp/reader-events.ts';
import type { Rospec } from '#contract/codec/llrp/rospec.ts';
import { STATUS, STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import { AccessTable } from './access-table.ts';
import { capabilitiesOf, selectCapabilities } from './capabilities.ts';
import { Door, type DoorOptions } from './door.ts';
import { enabled, isEnabling } from './extensions.ts';
import { Inventory, type InventoryDeps } from './inventory.ts';
import { PLAIN_MODEL, type ReaderModel } from './model.ts';
import { RospecTable } from './rospec-table.ts';
import { Session, type Body } from './session.ts';
import { ReaderSettings } from './settings.ts';

export interface LlrpReaderOptions extends Omit<InventoryDeps, 'perform' | 'bootMs'>, DoorOptions {
  readonly id: string;
  /** 2 = LLRP 1.1 (default), 1 = LLRP 1.0.1. */
  readonly highestVersion?: LlrpVersion;
  readonly model?: Partial<ReaderModel>;
}

/** A running reader and what can befall it. */
export interface LlrpReader {
  readonly id: string;
  readonly port: number;
  /** Power off: the client sees a reset, new ones are refused, everything the reader knew is gone. */
  unplug(): Promise<void>;
  /** Power on again, at the same port. */
  plug(): Promise<void>;
  /** Connections stay open, not a byte comes any more. */
  hang(): void;
  resume(): void;
  /** Off and on. */
  reboot(): Promise<void>;
  loseAntenna(antenna: number): void;
  regainAntenna(antenna: number): void;
  /** Outputs that are high: what hangs there shines or sounds. */
  readonly highOutputs: ReadonlySet<number>;
  /** Something at an input changes. */
  setGpi(port: number, high: boolean): void;
  close(): Promise<void>;
}

/** Tags in one RO_ACCESS_REPORT. */
const TAGS_PER_MESSAGE = 100;
/** Reports kept while no client may have them. */
const KEPT_TAGS_MAX = 5000;

class SimulatedReader implements LlrpReader {
  readonly id: string;
  readonly #options: LlrpReaderOptions;
  readonly #rospecs: RospecTable;
  readonly #lost = new Set<number>();
  readonly #model: ReaderModel;
  readonly #settings: ReaderSettings;
  readonly #access = new AccessTable();
  readonly #door: Door;
  #session: Session | undefined;
  #bootMs: number;
  #inventory: Inventory | undefined;
  #startTimer: NodeJS.Timeout | undefined;
  #kept: TagReport[] = [];
  #isHolding = false;
  #isHung = false;

  constructor(options: LlrpReaderOptions) {
    this.id = options.id;
    this.#options = options;
    this.#model = { ...PLAIN_MODEL, ...options.model };
    this.#settings = new ReaderSettings(this.#model);
    this.#bootMs = options.clock.nowMs();
    this.#door = new Door(options, (socket) => {
      this.#connect(socket);
    });
    this.#rospecs = new RospecTable(
      { antennas: options.antennas, band: this.#model.band },
      {
        started: (rospec) => {
          this.#start(rospec);
        },
        ended: (rospec) => {
          this.#inventory?.stop();
          this.#inventory = undefined;
          this.#event(EVENT_TYPE.rospec, {
            kind: 'rospec',
            event: 'ended',
            rospecId: rospec.id,
            preemptingRospecId: 0,
          });
        },
      },
    );
  }

  get port(): number {
    return this.#door.port;
  }

  async plug(): Promise<void> {
    this.#bootMs = this.#options.clock.nowMs();
    await this.#door.open();
  }

  async unplug(): Promise<void> {
    this.#forget();
    await this.#door.close();
  }

  async reboot(): Promise<void> {
    await this.unplug();
    await this.plug();
  }

  hang(): void {
    this.#isHung = true;
    this.#session?.freeze(true);
  }

  resume(): void {
    this.#isHung = false;
    this.#session?.freeze(false);
  }

  loseAntenna(antenna: number): void {
    this.#lost.add(antenna);
    this.#event(EVENT_TYPE.antenna, { kind: 'antenna', antennaId: antenna, connected: false });
  }

  regainAntenna(antenna: number): void {
    this.#lost.delete(antenna);
    this.#event(EVENT_TYPE.antenna, { kind: 'antenna', antennaId: antenna, connected: true });
  }

  get highOutputs(): ReadonlySet<number> {
    return this.#settings.highOutputs;
  }

  setGpi(port: number, high: boolean): void {
    if (this.#settings.isGpiEnabled(port)) this.#event(EVENT_TYPE.gpi, { kind: 'gpi', port, high });
  }

  async close(): Promise<void> {
    await this.unplug();
  }

  #forget(): void {
    this.#inventory?.stop();
    this.#inventory = undefined;
    clearInterval(this.#startTimer);
    this.#session = undefined;
    this.#rospecs.clear();
    this.#rospecs.hasExtensions = false;
    this.#access.clear();
    this.#settings.reset();
    this.#kept = [];
    this.#isHolding = false;
    this.#isHung = false;
  }

  #stamp(): { utcUs: number } | { uptimeUs: number } {
    const nowMs = this.#options.clock.nowMs();
    if (this.#model.clock === 'utc') return { utcUs: Math.round(nowMs * 1000) };
    return { uptimeUs: Math.round((nowMs - this.#bootMs) * 1000) };
  }

  #connect(socket: Socket): void {
    if (this.#isHung) {
      socket.on('error', () => undefined);
      return;
    }
    if (this.#session !== undefined) {
      refuseSecond(socket, this.#stamp());
      this.#session.notify({ kind: 'connection-attempt', outcome: 'another-attempted' });
      return;
    }
    this.#isHolding = this.#settings.holdsOnReconnect;
    const session: Session = new Session(socket, {
      highestVersion: this.#options.highestVersion ?? 2,
      stamp: () => this.#stamp(),
      answer: (message) => this.#answer(message),
      closed: () => {
        if (this.#session === session) this.#session = undefined;
      },
    });
    this.#session = session;
    this.#applyKeepalive();
    this.#sendKept();
  }

  #start(rospec: Rospec): void {
    this.#event(EVENT_TYPE.rospec, { kind: 'rospec', event: 'started', rospecId: rospec.id, preemptingRospecId: 0 });
    const { ear, ...rest } = this.#options;
    const deps: InventoryDeps = {
      ...rest,
      ear: (port: number) => (this.#lost.has(port) ? undefined : ear(port)),
      perform: (tag, antennaId, rospecId) => this.#access.perform(tag, antennaId, rospecId),
      bootMs: this.#model.clock === 'utc' ? undefined : this.#bootMs,
    };
    const hooks = {
      report: (tags: readonly TagReport[]) => {
        this.#report(tags);
      },
      aispecEnded: (rospecId: number, specIndex: number) => {
        this.#event(EVENT_TYPE.aispec, { kind: 'aispec-end', rospecId, specIndex });
      },
      looped: (rospecId: number, loops: number) => {
        this.#event(EVENT_TYPE.specLoop, { kind: 'spec-loop', rospecId, loops });
      },
      finished: () => {
        this.#rospecs.finish();
      },
    };
    this.#inventory = new Inventory(rospec, deps, hooks, this.#settings.roReport);
  }

  #event(eventType: number, event: ReaderEvent): void {
    if (this.#settings.isEnabled(eventType) && !this.#isHolding) this.#session?.notify(event);
  }

  #report(tags: readonly TagReport[]): void {
    if (this.#session === undefined || this.#isHolding || this.#session.isCongested) {
      const isOverflow = this.#kept.length + tags.length > KEPT_TAGS_MAX;
      this.#kept = [...this.#kept, ...tags].slice(-KEPT_TAGS_MAX);
      if (isOverflow) this.#event(EVENT_TYPE.bufferLevel, { kind: 'buffer-overflow' });
      return;
    }
    this.#sendKept();
    this.#sendTags(tags);
  }

  #sendKept(): void {
    if (this.#isHolding || this.#kept.length === 0) return;
    const tags = this.#kept;
    this.#kept = [];
    this.#sendTags(tags);
  }

  #sendTags(tags: readonly TagReport[]): void {
    for (let at = 0; at < tags.length; at += TAGS_PER_MESSAGE) {
      this.#session?.send({ kind: 'ro-access-report', tags: tags.slice(at, at + TAGS_PER_MESSAGE), custom: [] });
    }
  }

  #answer(message: LlrpMessage): Body | undefined {
    switch (message.kind) {
      case 'get-reader-capabilities': {
        const { antennas } = this.#options;
        const all = capabilitiesOf({ antennas, model: this.#model, hasAccess: this.#hasAccess });
        return { kind: 'get-reader-capabilities-response', ...selectCapabilities(all, message.requested) };
      }
      case 'get-reader-config':
        return {
          kind: 'get-reader-config-response',
          status: STATUS_OK,
          config: this.#settings.describe(message.requested, this.#antennaStates()),
        };
      case 'set-reader-config':
        return { kind: 'set-reader-config-response', status: this.#configure(message.config, message.resetToFactory) };
      case 'get-report':
        this.#inventory?.flush();
        return undefined;
      case 'enable-events-and-reports':
        this.#isHolding = false;
        this.#sendKept();
        return undefined;
      case 'close-connection':
        return { kind: 'close-connection-response', status: STATUS_OK };
      case 'custom-message':
        if (this.#model.maker !== 'impinj' || !isEnabling(message)) return UNKNOWN_MESSAGE;
        this.#rospecs.hasExtensions = true;
        return enabled();
      default:
        return this.#hasAccess
          ? (this.#answerAccess(message) ?? this.#answerRospec(message))
          : this.#answerRospec(message);
    }
  }

  get #hasAccess(): boolean {
    return this.#options.tagOf !== undefined;
  }

  #answerAccess(message: LlrpMessage): Body | undefined {
    switch (message.kind) {
      case 'add-access-spec':
        return { kind: 'add-access-spec-response', status: this.#access.add(message.accessSpec) };
      case 'delete-access-spec':
        return { kind: 'delete-access-spec-response', status: this.#access.delete(message.id) };
      case 'enable-access-spec':
        return { kind: 'enable-access-spec-response', status: this.#access.setActive(message.id, true) };
      case 'disable-access-spec':
        return { kind: 'disable-access-spec-response', status: this.#access.setActive(message.id, false) };
      case 'get-access-specs':
        return { kind: 'get-access-specs-response', status: STATUS_OK, accessSpecs: this.#access.all() };
      default:
        return undefined;
    }
  }

  #answerRospec(message: LlrpMessage): Body {
    switch (message.kind) {
      case 'add-rospec':
        return { kind: 'add-rospec-response', status: this.#rospecs.add(message.rospec, this.#session?.version ?? 1) };
      case 'delete-rospec':
        return { kind: 'delete-rospec-response', status: this.#rospecs.delete(message.id) };
      case 'enable-rospec': {
        const status = this.#rospecs.enable(message.id);
        this.#applyPeriodicStart();
        return { kind: 'enable-rospec-response', status };
      }
      case 'disable-rospec':
        return { kind: 'disable-rospec-response', status: this.#rospecs.disable(message.id) };
      case 'start-rospec':
        return { kind: 'start-rospec-response', status: this.#rospecs.start(message.id) };
      case 'stop-rospec':
        return { kind: 'stop-rospec-response', status: this.#rospecs.stop(message.id) };
      case 'get-rospecs':
        return { kind: 'get-rospecs-response', status: STATUS_OK, rospecs: this.#rospecs.all() };
      case 'get-access-specs':
        return { kind: 'get-access-specs-response', status: STATUS_OK, accessSpecs: [] };
      case 'delete-access-spec':
        return { kind: 'delete-access-spec-response', status: message.id === 0 ? STATUS_OK : NO_ACCESS_SPEC };
      case 'unknown':
      case 'add-access-spec':
      case 'enable-access-spec':
      case 'disable-access-spec':
      case 'get-supported-version':
      case 'set-protocol-version':
        return UNKNOWN_MESSAGE;
      default:
        return error(STATUS.messageUnexpectedMessage, `a reader does not expect ${message.kind}`);
    }
  }

  #applyKeepalive(): void {
    this.#session?.keepalive(this.#settings.keepaliveMs);
  }

  /** Starts the enabled periodic ROSpec at every period, if it is not at work already. */
  #applyPeriodicStart(): void {
    clearInterval(this.#startTimer);
    const rospec = this.#rospecs
      .all()
      .find(({ boundary, state }) => boundary.start.kind === 'periodic' && state === 'inactive');
    if (rospec?.boundary.start.kind !== 'periodic' || rospec.boundary.start.periodMs === 0) return;
    this.#startTimer = setInterval(() => {
      this.#rospecs.start(rospec.id);
    }, rospec.boundary.start.periodMs);
  }

  #configure(config: ReaderConfig, resetToFactory: boolean): LlrpStatus {
    if (resetToFactory) {
      this.#rospecs.delete(0);
      this.#settings.reset();
    }
    const status = this.#settings.apply(config);
    this.#applyKeepalive();
    return status;
  }

  #antennaStates(): readonly { antennaId: number; connected: boolean }[] {
    return Array.from({ length: this.#options.antennas }, (_, i) => {
      const antennaId = i + 1;
      return { antennaId, connected: !this.#lost.has(antennaId) && this.#options.ear(antennaId) !== undefined };
    });
  }
}

const NO_ACCESS_SPEC: LlrpStatus = { code: STATUS.messageFieldError, description: 'no such AccessSpec' };

function error(code: number, description: string): Body {
  return { kind: 'error-message', status: { code, description } };
}

const UNKNOWN_MESSAGE = error(STATUS.messageUnsupportedMessage, 'this reader does not know that message');

/** One client at a time: the second is told so and closed. */
function refuseSecond(socket: Socket, stamp: { utcUs: number } | { uptimeUs: number }): void {
  socket.on('error', () => undefined);
  const events = [{ kind: 'connection-attempt', outcome: 'client-initiated-exists' } as const];
  socket.end(
    encodeMessage({ kind: 'reader-event-notification', version: 1, messageId: 1, ...stamp, events, custom: [] }),
  );
}

/** Starts a reader and waits until it takes connections. */
export async function startLlrpReader(options: LlrpReaderOptions): Promise<LlrpReader> {
  const reader = new SimulatedReader(options);
  await reader.plug();
  return reader;
}
