/**
 * A broker that watches one gateway and judges it by the contract. It cuts the connection once, between receiving a batch
 * and acknowledging it, and sends commands; everything else a gateway must do by itself.
 *
 *     watching -> third batch: cut before PUBACK -> resent -> commands: unknown kind (twice), expired -> watching
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type AedesPublishPacket, type Client } from 'aedes';
import { deviceUsername } from '#contract/domain/ids.ts';
import { BATCH_BYTES_MAX, envelope, OBSERVATIONS_MAX, type Envelope } from '#contract/wire/envelope.ts';
import { observation, OBSERVATION_KINDS, type Observation } from '#contract/wire/observation.ts';
import { gatewayStatus } from '#contract/wire/status.ts';
import { gatewayTopic } from '#contract/wire/topics.ts';
import { GATEWAY_RULES, type GatewayRule } from '#test/conformance/gateway-rules.ts';
import { Report } from '#test/conformance/report.ts';

/** The batch before whose acknowledgement the connection is cut. */
const CUT_AT_BATCH = 3;
const RECONNECT_MS_MAX = 60_000;
const FUTURE_MS_MAX = 2000;
/** A batch may be remembered by its bytes for as long as it may come again: a window of in-flight batches, generously. */
const REMEMBERED_MAX = 5000;

export interface ProbeOptions {
  readonly library: string;
  readonly gateway: string;
  /** What the gateway must sign in with; a random one when absent. */
  readonly secret?: string;
  readonly host?: string;
  readonly port?: number;
}

interface RememberedBatch {
  readonly bytes: string;
  isAcknowledged: boolean;
}

export class GatewayProbe {
  readonly report = new Report<GatewayRule>(GATEWAY_RULES);
  readonly secret: string;
  readonly username: string;
  readonly #options: ProbeOptions;
  readonly #topics: Readonly<Record<'observations' | 'status' | 'config' | 'commands' | 'notices', string>>;
  readonly #batches = new Map<string, RememberedBatch>();
  readonly #lastSeq = new Map<string, number>();
  readonly #scanned = new Set<string>();
  readonly #tags = new Set<string>();
  readonly #hearing = new Set<string>();
  readonly #replies = new Map<string, number>();
  readonly #sockets = new Set<Socket>();
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  #received = 0;
  #cut: { readonly name: string; readonly atMs: number } | undefined;
  #commands: { readonly unknown: string; readonly expired: string } | undefined;

  constructor(options: ProbeOptions) {
    this.#options = options;
    this.secret = options.secret ?? randomUUID() + randomUUID();
    this.username = deviceUsername(options.library, options.gateway);
    const topic = (channel: Parameters<typeof gatewayTopic>[2]): string =>
      gatewayTopic(options.library, options.gateway, channel);
    this.#topics = {
      observations: topic('observations'),
      status: topic('status'),
      config: topic('config'),
      commands: topic('commands'),
      notices: topic('notices'),
    };
  }

  get url(): string {
    const address = this.#server?.address() as AddressInfo | null | undefined;
    return `mqtt://${this.#options.host ?? '127.0.0.1'}:${String(address?.port ?? 0)}`;
  }

  /** What must be seen and was not yet. Whether something came only once is judged at the end. */
  get waitsFor(): readonly GatewayRule[] {
    return GATEWAY_RULES.filter(
      ({ id, weight }) => weight === 'must' && id !== 'once' && this.report.seen(id) === 0,
    ).map(({ id }) => id);
  }

  async start(): Promise<void> {
    const aedes = await Aedes.createBroker();
    aedes.preConnect = (_client, packet, done) => {
      this.#judgeConnect(packet as unknown as ConnectSeen);
      done(null, true);
    };
    aedes.authenticate = (client, username, password, done) => {
      const isRight = username === this.username && String(password) === this.secret;
      this.report.judge(
        'sign-in',
        isRight && client.id === this.username,
        () => `${client.id} as ${username ?? 'nobody'}`,
      );
      done(isRight ? null : Object.assign(new Error('bad user name or password'), { returnCode: 4 }), isRight);
    };
    aedes.authorizeSubscribe = (client, subscription, done) => {
      const { config, commands, notices } = this.#topics;
      const isInbox = [config, commands, notices].includes(subscription.topic);
      this.report.judge('inbox', isInbox, () => subscription.topic);
      done(null, isInbox ? subscription : null);
      if (subscription.topic !== commands || this.#commands !== undefined || this.#cut === undefined) return;
      setImmediate(() => {
        this.#sendCommands(client);
      });
    };
    aedes.authorizePublish = (client, packet, done) => {
      if (this.#takePublish(packet as AedesPublishPacket)) done(null);
      else client?.conn.destroy();
    };
    this.#aedes = aedes;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      // 'close' follows, and a connection that ends is what we are here to see.
      socket.on('error', () => undefined);
      aedes.handle(socket);
    });
    this.#server = server;
    server.listen(this.#options.port ?? 0, this.#options.host ?? '127.0.0.1');
    await once(server, 'listening');
  }

  async close(): Promise<void> {
    for (const antenna of this.#hearing) {
      this.report.judge('tag-in-scan', this.#scanned.has(antenna), () => `${antenna} has tags and no scan`);
    }
    for (const [id, count] of this.#replies)
      this.report.judge('once', count === 1, () => `${id}: ${String(count)} replies`);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise<void>((resolve) => {
      if (this.#aedes === undefined) resolve();
      else this.#aedes.close(resolve);
    });
    await new Promise<void>((resolve) => {
      if (this.#server === undefined) resolve();
      else
        this.#server.close(() => {
          resolve();
        });
    });
  }

  #judgeConnect(packet: ConnectSeen): void {
    const { will, protocolVersion } = packet;
    this.report.judge(
      'sign-in',
      protocolVersion === 4,
      () => `protocol version ${String(protocolVersion)}, 4 is 3.1.1`,
    );
    const isRight = will?.topic === this.#topics.status && will.qos === 1 && will.retain;
    const offline = gatewayStatus.safeParse(readJson(will?.payload));
    this.report.judge('last-will', isRight && offline.data?.state === 'offline', () => JSON.stringify(will ?? null));
    if (this.#cut !== undefined) {
      const awayMs = Date.now() - this.#cut.atMs;
      this.report.judge('reconnect', awayMs <= RECONNECT_MS_MAX, () => `${String(Math.round(awayMs / 1000))} s`);
    }
  }

  /** False: this one is not acknowledged, the connection is cut. */
  #takePublish(packet: AedesPublishPacket): boolean {
    const { topic, qos, retain } = packet;
    const isOurs = topic === this.#topics.observations || topic === this.#topics.status;
    this.report.judge('own-topics', isOurs, () => topic);
    if (topic === this.#topics.status) {
      const status = gatewayStatus.safeParse(readJson(packet.payload));
      this.report.judge('status', status.success && qos === 1 && retain, () =>
        status.success ? `qos ${String(qos)}, retain ${String(retain)}` : status.error.message,
      );
    }
    if (topic !== this.#topics.observations) return true;
    this.report.judge('qos', qos === 1 && !retain, () => `qos ${String(qos)}, retain ${String(retain)}`);
    return this.#takeBatch(packet.payload);
  }

  #takeBatch(payload: string | Buffer): boolean {
    const bytes = payload.toString('utf8');
    const parsed = envelope.safeParse(readJson(payload));
    this.report.judge('envelope', parsed.success, () => `${parsed.error?.message ?? ''} in ${bytes}`);
    if (!parsed.success) return true;
    const batch = parsed.data;
    const size = Buffer.byteLength(bytes);
    this.report.judge(
      'size',
      size <= BATCH_BYTES_MAX && batch.observations.length <= OBSERVATIONS_MAX,
      () => `${String(size)} bytes, ${String(batch.observations.length)} observations`,
    );
    const name = `${batch.epoch}:${String(batch.seq)}`;
    const known = this.#batches.get(name);
    if (known === undefined) this.#takeNew(batch, name, bytes);
    else {
      this.report.judge('no-repeat', !known.isAcknowledged, () => name);
      this.report.judge('unchanged', known.bytes === bytes, () => `${name}: ${bytes.slice(0, 120)}`);
    }
    if (this.#cut?.name === name) this.report.judge('resend', true, () => '');
    if (this.#received === CUT_AT_BATCH && this.#cut === undefined) {
      this.#cut = { name, atMs: Date.now() };
      return false;
    }
    const remembered = this.#batches.get(name);
    if (remembered !== undefined) remembered.isAcknowledged = true;
    return true;
  }

  #takeNew(batch: Envelope, name: string, bytes: string): void {
    const last = this.#lastSeq.get(batch.epoch);
    if (last !== undefined) {
      this.report.judge('seq', batch.seq === last + 1, () => `${String(batch.seq)} after ${String(last)}`);
      this.report.judge('no-repeat', batch.seq > last, () => name);
    }
    this.#lastSeq.set(batch.epoch, Math.max(batch.seq, last ?? 0));
    if (this.#batches.size >= REMEMBERED_MAX) this.#batches.delete(this.#batches.keys().next().value ?? '');
    this.#batches.set(name, { bytes, isAcknowledged: false });
    this.#received += 1;
    for (const one of batch.observations) this.#judgeObservation(one, batch.clock === 'synced');
  }

  #judgeObservation(given: { readonly kind: string }, isSynced: boolean): void {
    if (!OBSERVATION_KINDS.has(given.kind)) return;
    const parsed = observation.safeParse(given);
    this.report.judge(
      'observation',
      parsed.success,
      () => `${parsed.error?.message ?? ''} in ${JSON.stringify(given)}`,
    );
    if (!parsed.success) return;
    const one = parsed.data;
    const at = timeOf(one);
    if (isSynced) {
      this.report.judge('times', Date.parse(at) <= Date.now() + FUTURE_MS_MAX, () => `${one.kind} at ${at}`);
    }
    if (one.kind === 'scan') {
      this.report.judge('scan', true, () => '');
      this.#scanned.add(`${one.reader}/${String(one.antenna)}`);
    } else if (one.kind === 'tag') this.#judgeTag(one);
    else if (one.kind === 'reply') this.#judgeReply(one);
  }

  #judgeTag(one: Extract<Observation, { kind: 'tag' }>): void {
    const antenna = `${one.reader}/${String(one.antenna)}`;
    const tag = `${antenna}/${one.id.uid ?? one.id.epc ?? one.id.tid ?? ''}`;
    if (!this.#tags.has(tag)) this.report.judge('tag', one.phase === 'new', () => `${tag} begins with ${one.phase}`);
    this.#tags.add(tag);
    this.#hearing.add(antenna);
  }

  #judgeReply(one: Extract<Observation, { kind: 'reply' }>): void {
    const sent = this.#commands;
    if (sent === undefined) return;
    this.#replies.set(one.id, (this.#replies.get(one.id) ?? 0) + 1);
    const shown = (): string => JSON.stringify(one);
    if (one.id === sent.unknown) this.report.judge('reply', one.outcome === 'refused' && one.code !== undefined, shown);
    if (one.id === sent.expired) this.report.judge('expired', one.outcome === 'expired', shown);
  }

  #sendCommands(client: Client): void {
    const id = randomUUID();
    this.#commands = { unknown: `u-${id}`.slice(0, 40), expired: `e-${id}`.slice(0, 40) };
    const nowMs = Date.now();
    const iso = (ms: number): string => new Date(ms).toISOString();
    const command = { kind: 'conformance-unknown-kind', target: 'nobody', args: {}, issuedAt: iso(nowMs) };
    const unknown = { ...command, id: this.#commands.unknown, deadline: iso(nowMs + 60_000) };
    const expired = {
      ...command,
      id: this.#commands.expired,
      issuedAt: iso(nowMs - 60_000),
      deadline: iso(nowMs - 1000),
    };
    for (const one of [unknown, expired, unknown]) {
      client.publish(
        {
          cmd: 'publish',
          topic: this.#topics.commands,
          payload: JSON.stringify(one),
          qos: 1,
          retain: false,
          dup: false,
        },
        () => undefined,
      );
    }
  }
}

interface ConnectSeen {
  readonly protocolVersion?: number;
  readonly will?: {
    readonly topic: string;
    readonly qos: number;
    readonly retain: boolean;
    readonly payload: string | Buffer;
  };
}

function readJson(payload: string | Buffer | undefined): unknown {
  try {
    return JSON.parse(String(payload)) as unknown;
  } catch {
    // Not JSON: no schema fits `undefined`, and the report shows the bytes.
    return undefined;
  }
}

function timeOf(one: Observation): string {
  switch (one.kind) {
    case 'tag':
      return one.last;
    case 'scan':
      return one.to;
    case 'flow':
      return one.periodTo;
    default:
      return one.at;
  }
}
