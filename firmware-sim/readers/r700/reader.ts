/**
 * A simulated Impinj R700: its web server with status, presets and the event stream, or the same events over MQTT.
 *
 * It reads its tags once a round on each antenna, tells of antenna activations where that is on, sends a line end
 * (stream) or an empty array (MQTT) as keepalive, and keeps what it reads while nobody listens, up to a bound.
 *
 * Source: Impinj IoT device interface, OpenAPI 1.7 (StreamConfiguration, ReaderStatus, profiles).
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { encodeR700Event } from '#contract/codec/r700/event.ts';
import { createMqttPublisher, type MqttPublisher, type MqttTarget } from '#sim/readers/mqtt-publisher.ts';

export interface R700Tag {
  readonly epc: string;
  readonly antenna: number;
  readonly rssiDbm: number;
}

export interface R700Options {
  readonly id: string;
  readonly antennas: readonly number[];
  /** What lies in the field now. */
  readonly tags: () => readonly R700Tag[];
  readonly on:
    | { readonly kind: 'http'; readonly host?: string; readonly port?: number }
    | ({ readonly kind: 'mqtt' } & MqttTarget);
  readonly username?: string;
  readonly password?: string;
  readonly roundMs?: number;
  readonly keepaliveMs?: number;
  readonly tellsActivations?: boolean;
  readonly presets?: readonly string[];
  /** Runs from power-up on; else until a preset is started. */
  readonly autostart?: boolean;
}

export interface R700Reader {
  readonly id: string;
  /** As a gateway writes it. */
  readonly link: string;
  readonly isRunning: boolean;
  /** What was asked of its web server. */
  readonly asked: readonly string[];
  /** Any event of its own, for example an overflow. */
  tell(event: Readonly<Record<string, unknown>>): void;
  /** Bytes as they are: half a message, noise. */
  sendRaw(text: string): void;
  unplug(): Promise<void>;
  plug(): Promise<void>;
  hang(): void;
  resume(): void;
  close(): Promise<void>;
}

const BUFFER_EVENTS_MAX = 1000;
const API = '/api/v1';
const LOOPBACK = '127.0.0.1';

export async function startR700(options: R700Options): Promise<R700Reader> {
  const reader = new SimulatedR700(options);
  await reader.plug();
  return reader;
}

class SimulatedR700 implements R700Reader {
  readonly id: string;
  readonly asked: string[] = [];
  readonly #options: R700Options;
  readonly #publisher: MqttPublisher | undefined;
  #server: Server | undefined;
  #port: number;
  #stream: ServerResponse | undefined;
  #preset: string | undefined;
  #isHung = false;
  #timers: NodeJS.Timeout[] = [];
  #kept: string[] = [];

  constructor(options: R700Options) {
    this.id = options.id;
    this.#options = options;
    this.#port = options.on.kind === 'http' ? (options.on.port ?? 0) : 0;
    this.#publisher = options.on.kind === 'mqtt' ? createMqttPublisher(options.on) : undefined;
  }

  get link(): string {
    const { on } = this.#options;
    if (on.kind === 'mqtt') return `${on.broker}?topic=${on.topic}`;
    return `http://${on.host ?? LOOPBACK}:${this.#port}${API}/data/stream`;
  }

  get isRunning(): boolean {
    return this.#preset !== undefined;
  }

  async plug(): Promise<void> {
    if (this.#timers.length > 0) return;
    const { roundMs = 100, keepaliveMs = 1000, autostart } = this.#options;
    this.#isHung = false;
    this.#preset = autostart === true ? 'default' : undefined;
    if (this.#publisher === undefined) await this.#listen();
    else await this.#publisher.plug();
    this.#timers = [
      setInterval(() => {
        this.#round();
      }, roundMs),
      setInterval(() => {
        this.sendRaw(this.#publisher === undefined ? '\r\n' : '[]');
      }, keepaliveMs),
    ];
  }

  async unplug(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#timers = [];
    this.#kept = [];
    await this.#publisher?.unplug();
    const server = this.#server;
    this.#server = undefined;
    this.#stream = undefined;
    if (server === undefined) return;
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
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

  tell(event: Readonly<Record<string, unknown>>): void {
    const encoded = encodeR700Event({ at: new Date().toISOString(), ...event });
    if ('path' in encoded) throw new TypeError(`${encoded.path}: ${encoded.detail}`);
    const line = JSON.stringify(encoded.written);
    if (this.#publisher !== undefined || this.#stream !== undefined) this.sendRaw(`${line}\r\n`);
    else if (this.#kept.length < BUFFER_EVENTS_MAX) this.#kept.push(line);
  }

  sendRaw(text: string): void {
    if (this.#isHung) return;
    if (this.#publisher !== undefined) this.#publisher.publish(text);
    else this.#stream?.write(text);
  }

  #round(): void {
    const { antennas, tags, tellsActivations } = this.#options;
    if (this.#preset === undefined || this.#isHung) return;
    for (const antenna of antennas) {
      if (tellsActivations === true) this.tell({ event: 'antennaActivation', antenna });
      for (const { epc, rssiDbm } of tags().filter((tag) => tag.antenna === antenna)) {
        this.tell({ event: 'tagInventory', hostname: `impinj-${this.id}`, epc, epcWritten: 'both', antenna, rssiDbm });
      }
    }
  }

  async #listen(): Promise<void> {
    const server = createServer((request, response) => {
      if (!this.#isHung) this.#answer(request, response);
    });
    const { on } = this.#options;
    server.listen(this.#port, on.kind === 'http' ? (on.host ?? LOOPBACK) : LOOPBACK);
    await once(server, 'listening');
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { method = '', url = '' } = request;
    this.asked.push(`${method} ${url}`);
    request.resume();
    if (!this.#isAllowed(request)) {
      response.writeHead(401).end();
      return;
    }
    const start = /^\/api\/v1\/profiles\/inventory\/presets\/([^/]+)\/start$/.exec(url)?.[1];
    if (url === `${API}/data/stream`) this.#openStream(response);
    else if (url === `${API}/status`) {
      const status = this.#preset === undefined ? 'idle' : 'running';
      response.end(JSON.stringify({ status, time: new Date().toISOString(), serialNumber: this.id }));
    } else if (method === 'POST' && start !== undefined) response.writeHead(this.#start(start)).end();
    else if (method === 'POST' && url === `${API}/profiles/stop`) {
      this.#preset = undefined;
      this.tell({ event: 'inventoryStatus', status: 'idle' });
      response.writeHead(204).end();
    } else response.writeHead(404).end();
  }

  #isAllowed({ headers }: IncomingMessage): boolean {
    const { username, password } = this.#options;
    return username === undefined || headers.authorization === `Basic ${btoa(`${username}:${password ?? ''}`)}`;
  }

  #openStream(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    this.#stream = response;
    response.once('close', () => {
      if (this.#stream === response) this.#stream = undefined;
    });
    for (const line of this.#kept.splice(0)) this.sendRaw(`${line}\r\n`);
  }

  #start(preset: string): number {
    const { presets = ['default'] } = this.#options;
    if (!presets.includes(preset)) return 404;
    if (this.#preset !== undefined) return 409;
    this.#preset = preset;
    this.tell({ event: 'inventoryStatus', status: 'running' });
    return 204;
  }
}
