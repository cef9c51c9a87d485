/**
 * A simulated Zebra handheld that publishes over MQTT while its trigger is held: each message the tags of one look around,
 * and a heartbeat beside them. Records are numbered. It never says that it has seen everything.
 *
 * Source: Zebra RFD40 and RFD90 MQTT API reference (dataEVT, heartBeatEVT).
 */
import { encodeZebraEvent } from '#contract/codec/zebra/event.ts';
import type { LineDevice } from '#sim/readers/line-device.ts';
import { createMqttPublisher, type MqttTarget } from '#sim/readers/mqtt-publisher.ts';

export interface Rfd40Tag {
  readonly epc: string;
  readonly rssiDbm: number;
}

export interface Rfd40Options {
  readonly id: string;
  /** What is before it now. */
  readonly tags: () => readonly Rfd40Tag[];
  readonly on: MqttTarget;
  readonly roundMs?: number;
  readonly heartbeatMs?: number;
  /** From power-up on the trigger is held. */
  readonly isHeld?: boolean;
}

export interface Rfd40Reader extends LineDevice {
  pull(): void;
  release(): void;
  /** Bytes as they are. */
  sendRaw(text: string): void;
}

export async function startRfd40(options: Rfd40Options): Promise<Rfd40Reader> {
  const reader = new SimulatedRfd40(options);
  await reader.plug();
  return reader;
}

class SimulatedRfd40 implements Rfd40Reader {
  readonly id: string;
  readonly link: string;
  readonly #options: Rfd40Options;
  readonly #publisher: ReturnType<typeof createMqttPublisher>;
  #timers: NodeJS.Timeout[] = [];
  #isHeld: boolean;
  #isHung = false;
  #tagNumber = 0;
  #eventNumber = 0;

  constructor(options: Rfd40Options) {
    this.id = options.id;
    this.link = `${options.on.broker}?topic=${options.on.topic}`;
    this.#options = options;
    this.#isHeld = options.isHeld ?? false;
    this.#publisher = createMqttPublisher(options.on);
  }

  async plug(): Promise<void> {
    if (this.#timers.length > 0) return;
    const { roundMs = 500, heartbeatMs = 1000 } = this.#options;
    this.#isHung = false;
    await this.#publisher.plug();
    this.#timers = [
      setInterval(() => {
        if (this.#isHeld) this.#look();
      }, roundMs),
      setInterval(() => {
        this.#beat();
      }, heartbeatMs),
    ];
  }

  /** The battery is taken out: its numbers begin anew. */
  async unplug(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#tagNumber = 0;
    this.#eventNumber = 0;
    await this.#publisher.unplug();
  }

  close(): Promise<void> {
    return this.unplug();
  }

  hang(): void {
    this.#isHung = true;
  }

  resume(): void {
    this.#isHung = false;
  }

  pull(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
  }

  sendRaw(text: string): void {
    if (!this.#isHung) this.#publisher.publish(text);
  }

  #look(): void {
    const heard = this.#options.tags();
    if (heard.length === 0) return;
    const tags = heard.map(({ epc, rssiDbm }) => {
      this.#tagNumber += 1;
      return { epc: epc.toUpperCase(), eventNum: this.#tagNumber, rssiDbm, reads: 1 };
    });
    this.#say({ event: 'tags', mode: 'BALANCED_PERFORMANCE', tags });
  }

  #beat(): void {
    this.#eventNumber += 1;
    this.#say({ event: 'heartbeat', handheld: true, eventNum: this.#eventNumber, data: {} });
  }

  #say(event: Readonly<Record<string, unknown>>): void {
    const encoded = encodeZebraEvent({ at: new Date().toISOString(), ...event });
    if ('path' in encoded) throw new TypeError(`${encoded.path}: ${encoded.detail}`);
    this.sendRaw(JSON.stringify(encoded.written));
  }
}
