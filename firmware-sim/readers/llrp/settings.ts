/** What clients have set on a reader: events, keepalive, reports. All of it is gone after a power cut. */
import { EVENT_TYPE, NO_CONFIG, type ReaderConfig } from '#contract/codec/llrp/reader-config.ts';
import { STATUS, STATUS_OK, type LlrpStatus } from '#contract/codec/llrp/status.ts';

const FACTORY: ReaderConfig = { ...NO_CONFIG, keepalive: { kind: 'none', periodMs: 0 }, holdOnReconnect: false };
const KNOWN_EVENTS: ReadonlySet<number> = new Set(Object.values(EVENT_TYPE));

export class ReaderSettings {
  #config: ReaderConfig = FACTORY;
  readonly #enabledEvents = new Set<number>();
  readonly #gpis: number;
  readonly #gpos: number;
  /** Outputs that are high. */
  readonly highOutputs = new Set<number>();
  readonly #enabledGpis = new Set<number>();
  #state = 0;

  constructor({ gpis, gpos = 0 }: { readonly gpis: number; readonly gpos?: number } = { gpis: 0 }) {
    this.#gpis = gpis;
    this.#gpos = gpos;
  }

  get roReport(): ReaderConfig['roReport'] {
    return this.#config.roReport;
  }

  get holdsOnReconnect(): boolean {
    return this.#config.holdOnReconnect === true;
  }

  /** 0 = none. */
  get keepaliveMs(): number {
    const { keepalive } = this.#config;
    return keepalive?.kind === 'periodic' ? keepalive.periodMs : 0;
  }

  isEnabled(eventType: number): boolean {
    return this.#enabledEvents.has(eventType);
  }

  isGpiEnabled(port: number): boolean {
    return this.#enabledGpis.has(port);
  }

  reset(): void {
    this.#config = FACTORY;
    this.#enabledEvents.clear();
    this.#enabledGpis.clear();
    this.highOutputs.clear();
  }

  /** Takes over what the client named and leaves the rest; refuses all of it for one event nobody knows. */
  apply(config: ReaderConfig): LlrpStatus {
    for (const { eventType } of config.events ?? []) {
      if (KNOWN_EVENTS.has(eventType)) continue;
      return { code: STATUS.messageParameterError, description: `no event of type ${eventType}` };
    }
    if (config.gpis.some(({ port }) => port < 1 || port > this.#gpis)) {
      return { code: STATUS.messageFieldError, description: `this reader has ${this.#gpis} GPI ports` };
    }
    if (config.gpos.some(({ port }) => port < 1 || port > this.#gpos)) {
      return { code: STATUS.messageFieldError, description: `this reader has ${this.#gpos} GPO ports` };
    }
    for (const { port, high } of config.gpos) {
      if (high) this.highOutputs.add(port);
      else this.highOutputs.delete(port);
    }
    for (const { port, enabled } of config.gpis) {
      if (enabled) this.#enabledGpis.add(port);
      else this.#enabledGpis.delete(port);
    }
    for (const { eventType, enabled } of config.events ?? []) {
      if (enabled) this.#enabledEvents.add(eventType);
      else this.#enabledEvents.delete(eventType);
    }
    const { keepalive, roReport, holdOnReconnect, antennaConfigurations } = config;
    this.#config = {
      ...this.#config,
      ...(keepalive && { keepalive }),
      ...(roReport && { roReport }),
      ...(holdOnReconnect !== undefined && { holdOnReconnect }),
      ...(antennaConfigurations.length > 0 && { antennaConfigurations }),
    };
    this.#state += 1;
    return STATUS_OK;
  }

  /** The answer to GET_READER_CONFIG. */
  describe(requested: string, antennas: readonly { antennaId: number; connected: boolean }[]): ReaderConfig {
    const antennaProperties = antennas.map((antenna) => ({ ...antenna, gainDbi: 2 }));
    if (requested === 'antenna-properties') return { ...NO_CONFIG, antennaProperties };
    const events = [...KNOWN_EVENTS].map((eventType) => ({ eventType, enabled: this.isEnabled(eventType) }));
    return { ...this.#config, antennaProperties, events, configurationState: this.#state };
  }
}
