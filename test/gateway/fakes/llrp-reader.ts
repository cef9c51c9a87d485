/** An LLRP reader in this process, built on the codec; tests bend what they need. */
import type { Socket } from 'node:net';
import { LlrpFramer } from '#contract/codec/llrp/framer.ts';
import { decodeMessage, encodeMessage, type LlrpMessage } from '#contract/codec/llrp/message.ts';
import { NO_CONFIG } from '#contract/codec/llrp/reader-config.ts';
import type { ReaderEvent } from '#contract/codec/llrp/reader-events.ts';
import { STATUS_OK } from '#contract/codec/llrp/status.ts';
import type { Rospec } from '#contract/codec/llrp/rospec.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import { startTcpPeer, type TcpPeer } from '#test/gateway/fakes/tcp-peer.ts';

type Outcome = Extract<ReaderEvent, { kind: 'connection-attempt' }>['outcome'];
type Body<M> = M extends unknown ? Omit<M, 'version' | 'messageId'> : never;

export interface FakeReaderOptions {
  readonly outcome?: Outcome;
  readonly greets?: boolean;
  readonly isOld?: boolean;
  readonly refuses?: LlrpMessage['kind'];
  /** At work already. */
  readonly busyWith?: Rospec;
  /** Takes no configuration before it was told to stop. */
  readonly isStubborn?: boolean;
  /** Answered with ERROR_MESSAGE. */
  readonly errs?: LlrpMessage['kind'];
  /** Says so much before it answers the first question. */
  readonly reportsFirst?: number;
  readonly ignores?: LlrpMessage['kind'];
  /** Sends each message cut into pieces of this many bytes. */
  readonly pieceBytes?: number;
  readonly antennas?: number;
}

export class FakeLlrpReader {
  readonly received: LlrpMessage[] = [];
  receivedBeforeGreeting = 0;
  peer!: TcpPeer;
  #socket: Socket | undefined;
  #version: 1 | 2 = 1;
  #sending = Promise.resolve();
  readonly #options: FakeReaderOptions;

  constructor(options: FakeReaderOptions = {}) {
    this.#options = options;
  }

  async start(): Promise<this> {
    this.peer = await startTcpPeer((socket) => {
      this.#greet(socket);
    });
    return this;
  }

  kinds(): string[] {
    return this.received.map(({ kind }) => kind);
  }

  send(message: Body<LlrpMessage>, messageId = 900): void {
    this.sendRaw(encodeMessage({ ...message, version: this.#version, messageId }));
  }

  sendRaw(bytes: Uint8Array): void {
    const socket = this.#socket;
    const piece = this.#options.pieceBytes ?? bytes.length;
    this.#sending = this.#sending.then(async () => {
      for (let at = 0; at < bytes.length; at += piece) {
        socket?.write(bytes.slice(at, at + piece));
        if (piece < bytes.length) await new Promise((resolve) => setImmediate(resolve));
      }
    });
  }

  report(...tags: TagReport[]): void {
    this.send({ kind: 'ro-access-report', tags, custom: [] });
  }

  notify(...events: ReaderEvent[]): void {
    this.send({ kind: 'reader-event-notification', utcUs: Date.now() * 1000, events, custom: [] });
  }

  #greet(socket: Socket): void {
    this.#socket = socket;
    this.#version = 1;
    const framer = new LlrpFramer();
    let isGreeted = false;
    socket.on('data', (chunk: Uint8Array) => {
      if (!isGreeted) this.receivedBeforeGreeting += chunk.length;
      for (const bytes of framer.feed(new Uint8Array(chunk)).messages) {
        const message = decodeMessage(bytes);
        if (message.ok) this.#answer(message.value);
      }
    });
    if (this.#options.greets === false) return;
    // Late on purpose: whoever speaks first is wrong.
    setTimeout(() => {
      isGreeted = true;
      this.notify({ kind: 'connection-attempt', outcome: this.#options.outcome ?? 'success' });
    }, 20);
  }

  #answer(message: LlrpMessage): void {
    this.received.push(message);
    const { messageId, kind } = message;
    if (kind === this.#options.ignores) return;
    if (kind === 'get-reader-capabilities') {
      for (let n = this.#options.reportsFirst ?? 0; n > 0; n -= 1) this.report({ epc: 'AA', antennaId: 1 });
    }
    const isBusy = this.#options.isStubborn === true && !this.kinds().includes('delete-rospec');
    if (kind === 'set-reader-config' && isBusy) {
      const status = { code: 401, description: 'busy' };
      this.send({ kind: 'set-reader-config-response', status }, messageId);
      return;
    }
    if (kind === this.#options.errs) {
      this.send({ kind: 'error-message', status: { code: 112, description: 'not now' } }, messageId);
      return;
    }
    if (kind === this.#options.refuses) {
      const status = { code: 300, description: 'not today' };
      this.send({ kind: `${kind}-response`, status } as Body<LlrpMessage>, messageId);
      return;
    }
    const isUnknown = this.#options.isOld === true && kind === 'get-supported-version';
    if (isUnknown) this.send({ kind: 'error-message', status: { code: 110, description: '' } }, messageId);
    else if (kind === 'get-supported-version') {
      this.send(
        { kind: 'get-supported-version-response', currentVersion: 1, highestVersion: 2, status: STATUS_OK },
        messageId,
      );
    } else if (kind === 'get-rospecs') {
      this.send(
        {
          kind: 'get-rospecs-response',
          status: STATUS_OK,
          rospecs: this.#options.busyWith === undefined ? [] : [this.#options.busyWith],
        },
        messageId,
      );
    } else if (kind === 'get-reader-capabilities') this.send(this.#capabilities(), messageId);
    else if (kind === 'get-reader-config') {
      const antennaProperties = [1, 2, 3, 4].map((antennaId) => ({
        antennaId,
        connected: antennaId !== 3,
        gainDbi: 0,
      }));
      this.send(
        { kind: 'get-reader-config-response', status: STATUS_OK, config: { ...NO_CONFIG, antennaProperties } },
        messageId,
      );
    } else if (kind === 'set-protocol-version') {
      this.send({ kind: 'set-protocol-version-response', status: STATUS_OK }, messageId);
      this.#version = 2;
    } else if (kind !== 'keepalive-ack' && kind !== 'enable-events-and-reports' && kind !== 'get-report') {
      this.send({ kind: `${kind}-response`, status: STATUS_OK } as Body<LlrpMessage>, messageId);
    }
  }

  #capabilities(): Body<LlrpMessage> {
    return {
      kind: 'get-reader-capabilities-response',
      status: STATUS_OK,
      general: {
        antennas: this.#options.antennas ?? 4,
        canSetAntennaProperties: false,
        hasUtcClock: true,
        vendorId: 25_882,
        model: 1,
        firmware: '1.2.3',
        sensitivities: [],
        sensitivityRanges: [],
        gpiCount: 0,
        gpoCount: 0,
        antennaProtocols: [],
      },
      regulatory: {
        countryCode: 276,
        communicationsStandard: 2,
        uhf: {
          powerLevels: [10, 15, 20, 25, 30].map((powerDbm, n) => ({ index: 7 + n, powerDbm })),
          isHopping: false,
          hopTables: [],
          fixedFrequenciesKhz: [865_700],
          rfModes: [],
        },
        custom: [],
      },
      custom: [],
    };
  }
}
