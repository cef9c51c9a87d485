/**
 * A simulated Zebra fixed reader with its IoT Connector: over TCP its messages touch each other, over MQTT each is one.
 * A heartbeat of the management interface comes beside the tags; all messages are numbered.
 *
 * Where it has a control topic its radio is silent until it is told to start, and after every power cut.
 *
 * Source: Zebra IoT Connector, RAW MQTT payload schemas; control commands over MQTT.
 */
import { encodeZebraEvent } from '#contract/codec/zebra/event.ts';
import { startLineDevice, type LineDevice } from '#sim/readers/line-device.ts';
import { createMqttPublisher, type MqttTarget } from '#sim/readers/mqtt-publisher.ts';

export interface ZebraTag {
  readonly epc: string;
  readonly antenna: number;
  readonly rssiDbm: number;
}

export interface ZebraOptions {
  readonly id: string;
  readonly antennas: readonly number[];
  /** What lies in the field now. */
  readonly tags: () => readonly ZebraTag[];
  readonly on: { readonly kind: 'tcp'; readonly port?: number } | ({ readonly kind: 'mqtt' } & MqttTarget);
  readonly mode?: 'SIMPLE' | 'INVENTORY';
  readonly roundMs?: number;
  readonly heartbeatMs?: number;
}

export interface ZebraReader extends LineDevice {
  /** Whether its radio sends. */
  readonly isActive: boolean;
  /** Antennas that nothing is plugged into. */
  readonly unplugged: Set<number>;
  /** Its next messages go nowhere, though they have their numbers. */
  lose(messages: number): void;
  /** Bytes as they are. */
  sendRaw(text: string): void;
}

export async function startZebraReader(options: ZebraOptions): Promise<ZebraReader> {
  const { id, on } = options;
  const replies = new Set<(bytes: Uint8Array) => void>();
  const publisher =
    on.kind === 'mqtt'
      ? createMqttPublisher(on, (message) => JSON.stringify(talk.obey(JSON.parse(message) as Request)))
      : undefined;
  let isHung = false;
  const sendRaw = (text: string): void => {
    if (isHung) return;
    publisher?.publish(text);
    for (const reply of replies) reply(new TextEncoder().encode(text));
  };
  const talk = new Talk(options, sendRaw);
  const line =
    on.kind === 'tcp'
      ? await startLineDevice({
          id,
          on,
          serial: { baud: 115_200 },
          newSession(reply) {
            replies.add(reply);
            return { feed: () => undefined, close: () => replies.delete(reply) };
          },
        })
      : undefined;
  const plug = async (): Promise<void> => {
    isHung = false;
    await line?.plug();
    await publisher?.plug();
    talk.start();
  };
  const unplug = async (): Promise<void> => {
    talk.stop();
    await publisher?.unplug();
    await line?.unplug();
  };
  await plug();
  return {
    id,
    get link() {
      if (on.kind === 'tcp') return line?.link ?? '';
      const { broker, topic, control } = on;
      const listening = `${broker}?topic=${topic}`;
      return control === undefined ? listening : `${listening}&topic=${control.responses}&send=${control.requests}`;
    },
    unplugged: talk.unplugged,
    get isActive() {
      return talk.isActive;
    },
    lose: (messages) => {
      talk.lost += messages;
    },
    sendRaw,
    plug,
    unplug,
    hang: () => {
      isHung = true;
    },
    resume: () => {
      isHung = false;
    },
    close: unplug,
  };
}

interface Request {
  readonly command?: unknown;
  readonly command_id?: unknown;
}

/** What it says and when. */
class Talk {
  isActive: boolean;
  readonly unplugged = new Set<number>();
  lost = 0;
  readonly #options: ZebraOptions;
  readonly #send: (text: string) => void;
  #timers: NodeJS.Timeout[] = [];
  #tagNumber = 0;
  #eventNumber = 0;

  constructor(options: ZebraOptions, send: (text: string) => void) {
    this.#options = options;
    this.#send = send;
    this.isActive = !this.#isTold;
  }

  get #isTold(): boolean {
    const { on } = this.#options;
    return on.kind === 'mqtt' && on.control !== undefined;
  }

  obey({ command, command_id: id }: Request): object {
    const isKnown = command === 'start' || command === 'stop';
    if (isKnown) this.isActive = command === 'start';
    return { command, command_id: id, response: isKnown ? 'success' : 'failure', payload: {} };
  }

  start(): void {
    if (this.#timers.length > 0) return;
    const { roundMs = 100, heartbeatMs = 1000 } = this.#options;
    const beat = (): void => {
      this.#beat();
    };
    this.#timers = [
      setInterval(() => {
        this.#round();
      }, roundMs),
      setInterval(beat, heartbeatMs),
    ];
  }

  /** A reader without power numbers its messages from the beginning. */
  stop(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.isActive = !this.#isTold;
    this.#tagNumber = 0;
    this.#eventNumber = 0;
  }

  #round(): void {
    if (!this.isActive) return;
    const { mode = 'INVENTORY', tags } = this.#options;
    for (const { epc, antenna, rssiDbm } of tags()) {
      if (this.unplugged.has(antenna)) continue;
      this.#tagNumber += 1;
      const rich = mode === 'INVENTORY' ? { antenna, rssiDbm, reads: 1 } : {};
      const message = { event: 'tag', mode, epc: epc.toLowerCase(), format: 'epc', eventNum: this.#tagNumber, ...rich };
      if (this.lost > 0) this.lost -= 1;
      else this.#say(message);
    }
  }

  #beat(): void {
    const { antennas } = this.#options;
    this.#eventNumber += 1;
    const plugs = antennas.map((antenna) => [
      String(antenna),
      this.unplugged.has(antenna) ? 'disconnected' : 'connected',
    ]);
    const radio = {
      antennas: Object.fromEntries(plugs) as Record<string, string>,
      radioActivity: this.isActive ? 'active' : 'inactive',
    };
    this.#say({ event: 'heartbeat', component: 'RG', eventNum: this.#eventNumber, data: { radio_control: radio } });
  }

  #say(event: Readonly<Record<string, unknown>>): void {
    const encoded = encodeZebraEvent({ at: new Date().toISOString(), ...event });
    if ('path' in encoded) throw new TypeError(`${encoded.path}: ${encoded.detail}`);
    this.#send(JSON.stringify(encoded.written));
  }
}
