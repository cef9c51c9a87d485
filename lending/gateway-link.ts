/**
 * The line to the gateway of this box: pads are reached over it, and what the branch learnt leaves over it. It opens itself
 * again for ever; inputs wait in the ledger until the gateway has them on its own disk.
 */
import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { LineCutter } from '#contract/line-cutter.ts';
import { COMMANDS, type ListTagsResult } from '#contract/wire/commands.ts';
import {
  doorMessage,
  LINE_BYTES_MAX,
  type DoorAddress,
  type DoorMessage,
  type DoorRequest,
} from '#contract/wire/local-door.ts';
import type { Ledger } from '#lending/queue/ledger.ts';

const RETRY_MS = 500;
const RETRY_MS_MAX = 10_000;
/** Inputs on their way: the gateway answers each after an fsync. */
const INPUTS_AT_ONCE = 50;

/** `away`: nothing was done. `unclear`: it may have been. */
export type PadAnswer =
  | { readonly outcome: 'done'; readonly result: unknown }
  | { readonly outcome: 'failed'; readonly code: string }
  | { readonly outcome: 'away' | 'unclear' };

export interface GatewayLink {
  readonly isOnline: boolean;
  listTags(pad: string): Promise<PadAnswer & { readonly tags?: ListTagsResult }>;
  setSecurity(pad: string, tag: string, secured: boolean): Promise<PadAnswer>;
  /** Tells what lies on the pad whenever it changes; undefined while nobody knows. Gives the way to end it. */
  watch(pad: string, tell: (tags: ListTagsResult | undefined) => void): () => void;
  close(): Promise<void>;
}

export interface GatewayLinkOptions {
  readonly address: DoorAddress;
  readonly secret: string;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Waiting {
  readonly settle: (answer: PadAnswer) => void;
  readonly timer: NodeJS.Timeout;
}

export function createGatewayLink(options: GatewayLinkOptions): GatewayLink {
  return new Link(options);
}

class Link implements GatewayLink {
  readonly #options: GatewayLinkOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #watchers = new Map<string, Set<(tags: ListTagsResult | undefined) => void>>();
  readonly #onTheirWay = new Set<number>();
  #socket: Socket | undefined;
  #lines = new LineCutter();
  #isOnline = false;
  #isClosed = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: GatewayLinkOptions) {
    this.#options = options;
    options.ledger.onInput(() => {
      this.#sendInputs();
    });
    this.#open();
  }

  get isOnline(): boolean {
    return this.#isOnline;
  }

  async listTags(pad: string): Promise<PadAnswer & { readonly tags?: ListTagsResult }> {
    const answer = await this.#command('list-tags', pad, {});
    if (answer.outcome !== 'done') return answer;
    const tags = COMMANDS['list-tags'].result.safeParse(answer.result).data;
    return tags === undefined ? { outcome: 'failed', code: 'read-failed' } : { ...answer, tags };
  }

  setSecurity(pad: string, tag: string, secured: boolean): Promise<PadAnswer> {
    return this.#command('set-security', pad, { tag, secured });
  }

  watch(pad: string, tell: (tags: ListTagsResult | undefined) => void): () => void {
    const watchers = this.#watchers.get(pad) ?? new Set();
    this.#watchers.set(pad, watchers.add(tell));
    this.#send({ t: 'watch', reader: pad, isOn: true });
    return () => {
      watchers.delete(tell);
      if (watchers.size > 0) return;
      this.#watchers.delete(pad);
      this.#send({ t: 'watch', reader: pad, isOn: false });
    };
  }

  close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once('close', () => {
        resolve();
      });
      socket.destroy();
    });
  }

  #command(kind: 'list-tags' | 'set-security', pad: string, args: Record<string, unknown>): Promise<PadAnswer> {
    if (!this.#isOnline) return Promise.resolve({ outcome: 'away' });
    const id = randomUUID();
    const nowMs = this.#options.clock.nowMs();
    const lifeMs = COMMANDS[kind].secondsDefault * 1000;
    const [issuedAt = '', deadline = ''] = [nowMs, nowMs + lifeMs].map((atMs) => new Date(atMs).toISOString());
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#settle(id, { outcome: 'unclear' });
      }, lifeMs + 1000);
      this.#waiting.set(id, { settle: resolve, timer });
      this.#send({ t: 'command', command: { id, kind, target: pad, args, issuedAt, deadline } });
    });
  }

  #open(): void {
    const { address, secret } = this.#options;
    const socket = connect(address);
    this.#socket = socket;
    this.#lines = new LineCutter();
    socket.setNoDelay(true);
    socket.once('connect', () => {
      this.#write({ t: 'hello', secret });
    });
    socket.on('data', (chunk: Uint8Array) => {
      this.#take(chunk);
    });
    // 'close' follows.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      this.#lost();
    });
  }

  #lost(): void {
    const wasOnline = this.#isOnline;
    this.#isOnline = false;
    this.#onTheirWay.clear();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, { outcome: 'unclear' });
    if (wasOnline) this.#tellAll(undefined);
    if (this.#isClosed) return;
    if (wasOnline) this.#options.log.warn('the line to the gateway is lost');
    const pauseMs = Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(10, this.#failures));
    this.#failures += 1;
    this.#timer = setTimeout(() => {
      this.#open();
    }, pauseMs);
  }

  #take(chunk: Uint8Array): void {
    for (const line of this.#lines.feed(chunk)) {
      const message = parse(line);
      if (message !== undefined) this.#hear(message);
    }
    if (this.#lines.restBytes > LINE_BYTES_MAX * 4) this.#socket?.destroy();
  }

  #hear(message: DoorMessage): void {
    switch (message.t) {
      case 'welcome':
        this.#isOnline = true;
        this.#failures = 0;
        for (const pad of this.#watchers.keys()) this.#send({ t: 'watch', reader: pad, isOn: true });
        this.#sendInputs();
        return;
      case 'kept':
        this.#onTheirWay.delete(message.n);
        this.#options.ledger.forgetInput(message.n);
        this.#sendInputs();
        return;
      case 'reply': {
        const { outcome, code = 'internal', result } = message.outcome;
        this.#settle(message.id, outcome === 'done' ? { outcome, result } : { outcome: 'failed', code });
        return;
      }
      case 'tags':
        for (const tell of this.#watchers.get(message.reader) ?? []) tell(message.result ?? undefined);
        return;
      case 'refused':
        this.#options.log.error({ detail: message.detail }, 'the gateway refuses the lending role');
    }
  }

  #sendInputs(): void {
    if (!this.#isOnline || this.#onTheirWay.size >= INPUTS_AT_ONCE / 2) return;
    for (const { n, atMs, body } of this.#options.ledger.inputs(INPUTS_AT_ONCE)) {
      if (this.#onTheirWay.has(n)) continue;
      this.#onTheirWay.add(n);
      const input = JSON.parse(body) as Extract<DoorRequest, { t: 'input' }>['input'];
      this.#send({ t: 'input', n, at: new Date(atMs).toISOString(), input });
    }
  }

  #settle(id: string, answer: PadAnswer): void {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    clearTimeout(waiting.timer);
    this.#waiting.delete(id);
    waiting.settle(answer);
  }

  #tellAll(tags: undefined): void {
    for (const watchers of this.#watchers.values()) for (const tell of watchers) tell(tags);
  }

  #send(request: DoorRequest): void {
    if (this.#isOnline) this.#write(request);
  }

  #write(request: DoorRequest): void {
    this.#socket?.write(`${JSON.stringify(request)}\n`);
  }
}

function parse(line: Uint8Array): DoorMessage | undefined {
  try {
    return doorMessage.safeParse(JSON.parse(new TextDecoder().decode(line))).data;
  } catch {
    // Not ours: ignored, what was asked runs into its time-out.
    return undefined;
  }
}
