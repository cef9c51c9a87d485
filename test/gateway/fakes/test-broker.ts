/** A real aedes in this process that can go away and come back on the same port. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Aedes } from 'aedes';
import { envelope, type Envelope } from '#contract/wire/envelope.ts';
import type { Observation } from '#contract/wire/observation.ts';
import { gatewayStatus, type GatewayStatus } from '#contract/wire/status.ts';

export class TestBroker {
  /** Batches as they were acknowledged, repetitions included. */
  readonly batches: Envelope[] = [];
  readonly statuses: GatewayStatus[] = [];
  inFlightMax = 0;
  password = 'a-secret-of-the-gateway';
  /** PUBACKs are held while this is true. */
  isHolding = false;
  /** Refuses every n-th batch by closing the connection. */
  refuseEvery = 0;
  port = 0;
  #held: (() => void)[] = [];
  #inFlight = 0;
  #received = 0;
  #aedes: Aedes | undefined;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();

  get url(): string {
    return `mqtt://127.0.0.1:${String(this.port)}`;
  }

  /** Every observation once, in the order of epochs and numbers as first seen. */
  observations(): Observation[] {
    const seen = new Set<string>();
    return this.batches.flatMap(({ epoch, seq, observations }) => {
      const name = `${epoch}:${String(seq)}`;
      if (seen.has(name)) return [];
      seen.add(name);
      return observations as unknown as Observation[];
    });
  }

  async start(): Promise<this> {
    const aedes = await Aedes.createBroker();
    aedes.authenticate = (_client, _username, password, done) => {
      const isRight = String(password) === this.password;
      done(isRight ? null : Object.assign(new Error('bad'), { returnCode: 5 }), isRight);
    };
    const refused = new WeakSet();
    aedes.authorizePublish = (client, packet, done) => {
      if (packet.topic.endsWith('/status')) this.statuses.push(gatewayStatus.parse(JSON.parse(String(packet.payload))));
      if (!packet.topic.endsWith('/observations')) {
        done(null);
        return;
      }
      this.#received += 1;
      // In turn with the others: what came before a refused batch is acknowledged before it, and nothing after it.
      if (client !== null && this.refuseEvery > 0 && (refused.has(client) || this.#received % this.refuseEvery === 0)) {
        refused.add(client);
        setImmediate(() => {
          done(new Error('refused'));
        });
        return;
      }
      this.#inFlight += 1;
      this.inFlightMax = Math.max(this.inFlightMax, this.#inFlight);
      const accept = (): void => {
        this.#inFlight -= 1;
        this.batches.push(envelope.parse(JSON.parse(String(packet.payload))));
        done(null);
      };
      if (this.isHolding) this.#held.push(accept);
      else setImmediate(accept);
    };
    this.#aedes = aedes;
    const server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('error', () => undefined);
      aedes.handle(socket);
    });
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
    return this;
  }

  release(): void {
    this.isHolding = false;
    for (const accept of this.#held.splice(0)) accept();
  }

  send(topic: string, payload: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      const packet = {
        cmd: 'publish',
        topic,
        payload: Buffer.from(JSON.stringify(payload)),
        qos: 1,
        dup: false,
        retain: false,
      } as const;
      this.#aedes?.publish(packet, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  }

  /** Cuts every connection at once, like a power failure, and stops listening. */
  async stop(): Promise<void> {
    this.#held = [];
    this.#inFlight = 0;
    const [aedes, server] = [this.#aedes, this.#server];
    this.#aedes = undefined;
    this.#server = undefined;
    for (const socket of this.#sockets) socket.destroy();
    if (server !== undefined) {
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    }
    if (aedes !== undefined) {
      await new Promise<void>((resolve) => {
        aedes.close(() => {
          resolve();
        });
      });
    }
  }

  async close(): Promise<void> {
    await this.stop();
  }
}
