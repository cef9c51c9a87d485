/**
 * Carries the outbox to the broker, for ever: lane by lane, each in order, at most N batches without their PUBACK, nothing
 * while offline.
 *
 *     offline --connect--> online --close, error, no PUBACK for a minute--> pause 0.5 s .. 30 s --> offline
 *
 * After a connection was lost, everything not acknowledged is sent again from the oldest on; the broker knows by number
 * what it has already. A batch's `sentAt` is therefore the time it was composed, not the time it went out.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { deviceUsername } from '#contract/domain/ids.ts';
import type { GatewayStatus } from '#contract/wire/status.ts';
import { gatewayTopic, type GatewayChannel } from '#contract/wire/topics.ts';
import { backoffMs, type BackoffPolicy, type Sleep } from '#gateway/backoff.ts';
import { LANES, type LaneName, type StoredBatch } from '#gateway/outbox/lane.ts';
import type { Outbox } from '#gateway/outbox/outbox.ts';
import { openConnection, type MqttConnection } from '#gateway/uplink/client.ts';
import { SendWindow } from '#gateway/uplink/window.ts';

const RECONNECT: BackoffPolicy = { firstMs: 500, maxMs: 30_000 };
/** The broker holds back a PUBACK while its disk is busy; longer than this it is stuck. */
const PUBACK_TIMEOUT_MS = 60_000;
const STATUS_EVERY_MS = 30_000;
/** Changes come in crowds: at most one status in this time. */
const STATUS_GAP_MS = 500;

export interface UplinkOptions {
  readonly library: string;
  readonly gateway: string;
  readonly broker: string;
  readonly secret: string;
  readonly windowMax: number;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sleep: Sleep;
  readonly chance: () => number;
  status(): GatewayStatus;
  onMessage(channel: GatewayChannel, payload: Uint8Array): void;
}

export interface UplinkCounts {
  readonly connects: number;
  readonly batchesAcked: number;
  readonly batchesResent: number;
}

export class Uplink {
  readonly #options: UplinkOptions;
  readonly #stop = new AbortController();
  readonly #windows: Readonly<Record<LaneName, SendWindow>> = {
    replies: new SendWindow(),
    observations: new SendWindow(),
  };
  readonly #username: string;
  #connection: MqttConnection | undefined;
  #isOnline = false;
  #ackedHere = 0;
  #failures = 0;
  readonly #sentSeqMax: Record<LaneName, number> = { replies: 0, observations: 0 };
  /** One, after a connection that ended without any PUBACK: whatever broke it, one batch at a time gets past it. */
  #windowNow: number;
  #waitingSinceMs: number | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  #statusSoon: NodeJS.Timeout | undefined;
  #endConnection: (reason: string | undefined) => void = () => undefined;
  #done: Promise<void> = Promise.resolve();
  #counts = { connects: 0, batchesAcked: 0, batchesResent: 0 };

  constructor(options: UplinkOptions) {
    this.#options = options;
    this.#windowNow = options.windowMax;
    this.#username = deviceUsername(options.library, options.gateway);
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  get counts(): UplinkCounts {
    return { ...this.#counts };
  }

  start(): void {
    this.#options.outbox.onCommit(() => {
      this.#send();
    });
    this.#done = this.#run();
  }

  /** Something in the status changed: it is told soon. */
  statusChanged(): void {
    if (!this.#isOnline) return;
    this.#statusSoon ??= setTimeout(() => {
      this.#statusSoon = undefined;
      this.#announce();
    }, STATUS_GAP_MS);
  }

  /** Says good-bye: status offline, then DISCONNECT. What is not acknowledged stays in the outbox. */
  async close(): Promise<void> {
    const connection = this.#connection;
    if (this.#isOnline && connection !== undefined) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, GOODBYE_MS);
        connection.publish(this.#topic('status'), this.#offline(), { retain: true }, () => {
          clearTimeout(timer);
          resolve();
        });
      });
      await connection.end(true);
    }
    this.#stop.abort();
    this.#endConnection(undefined);
    await this.#done;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const isStopped = (): boolean => signal.aborted;
    while (!isStopped()) {
      const reason = await this.#connect();
      if (isStopped()) return;
      this.#failures += 1;
      const facts = { broker: this.#options.broker, failures: this.#failures, reason: reason ?? 'closed' };
      if (this.#failures === 1) this.#options.log.warn(facts, 'broker is away, observations wait in the outbox');
      else this.#options.log.debug(facts, 'broker is still away');
      await this.#options.sleep(backoffMs(RECONNECT, this.#failures, this.#options.chance()), signal);
    }
  }

  /** One connection; resolves with why it ended. */
  async #connect(): Promise<string | undefined> {
    const connection = openConnection({
      url: this.#options.broker,
      username: this.#username,
      password: this.#options.secret,
      will: { topic: this.#topic('status'), payload: this.#offline() },
      onOpen: () => {
        this.#opened(connection);
      },
      onMessage: (topic, payload) => {
        this.#received(topic, payload);
      },
      onEnd: (reason) => {
        this.#endConnection(reason);
      },
    });
    this.#connection = connection;
    const reason = await new Promise<string | undefined>((resolve) => (this.#endConnection = resolve));
    this.#closed();
    await connection.end(false);
    return reason;
  }

  #opened(connection: MqttConnection): void {
    const { log, broker, outbox } = this.#options;
    this.#isOnline = true;
    this.#counts.connects += 1;
    log.info({ broker, waiting: outbox.stats.depth }, 'broker is here');
    this.#announce();
    this.#statusTimer = setInterval(() => {
      this.#checkPubacks();
      this.#announce();
    }, STATUS_EVERY_MS);
    const channels = ['config', 'commands', 'notices'] as const;
    connection.subscribe(
      channels.map((channel) => this.#topic(channel)),
      (refused) => {
        if (refused.length > 0) log.warn({ refused }, 'broker refuses subscriptions, no commands will arrive');
      },
    );
    outbox.rewind();
    this.#send();
  }

  #closed(): void {
    this.#isOnline = false;
    this.#connection = undefined;
    this.#waitingSinceMs = undefined;
    clearInterval(this.#statusTimer);
    clearTimeout(this.#statusSoon);
    this.#statusSoon = undefined;
    if (this.#inFlight > 0 && this.#ackedHere === 0) this.#windowNow = 1;
    this.#ackedHere = 0;
    for (const lane of LANES) this.#windows[lane].clear();
  }

  get #inFlight(): number {
    return LANES.reduce((sum, lane) => sum + this.#windows[lane].size, 0);
  }

  #send(): void {
    const connection = this.#connection;
    const room = this.#windowNow - this.#inFlight;
    if (!this.#isOnline || connection === undefined || room <= 0) return;
    for (const batch of this.#options.outbox.take(room)) {
      const { lane, seq, bytes } = batch;
      if (seq <= this.#sentSeqMax[lane]) this.#counts.batchesResent += 1;
      this.#sentSeqMax[lane] = Math.max(this.#sentSeqMax[lane], seq);
      this.#windows[lane].add(seq);
      this.#waitingSinceMs ??= this.#options.clock.uptimeMs();
      connection.publish(this.#topic('observations'), bytes, { retain: false }, (error) => {
        // An error means that this connection is over; its end is told elsewhere and all is sent again.
        if (error === undefined && this.#connection === connection) this.#acked(batch);
      });
    }
  }

  #acked({ lane, seq }: StoredBatch): void {
    this.#failures = 0;
    this.#windowNow = this.#options.windowMax;
    this.#ackedHere += 1;
    this.#counts.batchesAcked += 1;
    const through = this.#windows[lane].ack(seq);
    if (through !== undefined) this.#options.outbox.ackThrough(lane, through);
    this.#waitingSinceMs = this.#inFlight === 0 ? undefined : this.#options.clock.uptimeMs();
    this.#send();
  }

  #checkPubacks(): void {
    const sinceMs = this.#waitingSinceMs;
    if (sinceMs === undefined || this.#options.clock.uptimeMs() - sinceMs < PUBACK_TIMEOUT_MS) return;
    this.#options.log.warn({ broker: this.#options.broker }, 'broker acknowledges nothing, connecting anew');
    this.#endConnection('no PUBACK');
  }

  #announce(): void {
    const connection = this.#connection;
    if (!this.#isOnline || connection === undefined) return;
    connection.publish(this.#topic('status'), JSON.stringify(this.#options.status()), { retain: true }, (error) => {
      // A broker that takes the status but no batch has not recovered.
      if (error === undefined && this.#options.outbox.stats.depth === 0) this.#failures = 0;
    });
  }

  #offline(): string {
    const status: GatewayStatus = { state: 'offline', at: new Date(this.#options.clock.nowMs()).toISOString() };
    return JSON.stringify(status);
  }

  #received(topic: string, payload: Uint8Array): void {
    const channel = (['config', 'commands', 'notices'] as const).find((name) => topic === this.#topic(name));
    if (channel !== undefined) this.#options.onMessage(channel, payload);
  }

  #topic(channel: GatewayChannel): string {
    return gatewayTopic(this.#options.library, this.#options.gateway, channel);
  }
}

const GOODBYE_MS = 2000;
