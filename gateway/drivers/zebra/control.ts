/**
 * Starts and stops the radio of a Zebra reader by its control interface, for as long as its driver is open.
 *
 *     request   {"command": "start", "command_id": "1", "payload": {"doNotPersistState": true}}
 *               {"command": "stop", "command_id": "2", "payload": {}}
 *     response  {"command": "start", "command_id": "1", "response": "success", "payload": {}}
 *
 * `doNotPersistState`: a reader that was without power comes back as it was set up by its owner; its next heartbeat then
 * says that the radio is inactive, and it is started again.
 *
 * Source: Zebra IoT Connector, control commands over MQTT; public clients for FX9600 and FXR90 write them alike.
 */
import type { Json } from '#contract/codec/format.ts';
import { isJsonObject } from '#contract/codec/json-values.ts';
import type { Link } from '#gateway/links/link.ts';

const ENCODER = new TextEncoder();
/** Heartbeats come every few seconds, and a start takes a moment to show in them. */
const START_GAP_MS = 10_000;

export class RadioControl {
  readonly #link: Link;
  readonly #uptimeMs: () => number;
  #number = 0;
  #startedUptimeMs = Number.NEGATIVE_INFINITY;

  constructor(link: Link, uptimeMs: () => number) {
    this.#link = link;
    this.#uptimeMs = uptimeMs;
  }

  /** Errors: DRV_LINK_LOST (also where the link has no way to send). */
  async start(): Promise<void> {
    this.#startedUptimeMs = this.#uptimeMs();
    await this.#ask('start', { doNotPersistState: true });
  }

  /** At a heartbeat that calls the radio inactive. */
  async startAgain(): Promise<void> {
    if (this.#uptimeMs() - this.#startedUptimeMs >= START_GAP_MS) await this.start();
  }

  /** Errors: as of {@link start}. */
  async stop(): Promise<void> {
    await this.#ask('stop', {});
  }

  async #ask(command: string, payload: Json): Promise<void> {
    this.#number += 1;
    await this.#link.send(ENCODER.encode(JSON.stringify({ command, command_id: String(this.#number), payload })));
  }
}

/** What the reader answered to a command: null when it did as told, undefined when this is no answer. */
export function refusalIn(message: Json | undefined): string | null | undefined {
  if (!isJsonObject(message) || typeof message['command'] !== 'string') return undefined;
  const { command, response, payload } = message;
  if (typeof response !== 'string') return undefined;
  return response === 'success' ? null : `${command}: ${response} ${JSON.stringify(payload ?? {})}`;
}
