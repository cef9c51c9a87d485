/** The open port: TCP or TLS, with as many sockets as the limits allow, each behind the frame guard. */
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { AppError } from '#contract/errors.ts';
import type { BrokerConfig } from './config.ts';
import { addressKey } from './guard/address.ts';
import { createAdmission } from './guard/admission.ts';
import { GuardedConnection } from './guard/guarded-connection.ts';
import type { RefusalFacts } from './refusals.ts';

/** How many ports after the wanted one are tried where any will do. */
const NEXT_PORTS_MAX = 50;

export type PortPolicy = 'exact' | 'next-free';

export interface Listener {
  readonly port: number;
  socketCount(): number;
  /** Takes no more connections and ends those that are open. */
  close(): Promise<void>;
}

export interface ListenerDeps {
  readonly config: BrokerConfig;
  readonly portPolicy: PortPolicy;
  /** Called when a whole CONNECT has come. */
  readonly onConnect: (connection: GuardedConnection) => void;
  readonly refuse: (facts: RefusalFacts) => void;
}

/** Errors: `CFG_PORT_TAKEN`, `CFG_UNREADABLE` (certificate or key). */
export async function listen(deps: ListenerDeps): Promise<Listener> {
  const { config, onConnect, refuse } = deps;
  const admission = createAdmission(config.limits);
  const sockets = new Set<Socket>();
  const connections = new Set<GuardedConnection>();

  const guard = (socket: Socket): void => {
    const connection = new GuardedConnection({
      socket,
      address: addressKey(socket.remoteAddress),
      connectTimeoutMs: config.limits.connectTimeoutMs,
      onConnect,
      onRefused: (code, { address, name }) => {
        refuse({ code, address, name });
      },
    });
    connections.add(connection);
    connection.once('close', () => connections.delete(connection));
  };

  const server = createSecureOrPlain(config, guard);
  server.on('connection', (socket: Socket) => {
    const address = addressKey(socket.remoteAddress);
    const release = admission.admit(address);
    if (release === undefined) {
      refuse({ code: 'too-many-sockets', address });
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      release();
    });
    if (config.tls === undefined) guard(socket);
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // A refused socket fails its handshake too; it is recorded already.
    if (!socket.destroyed)
      refuse({ code: 'tls-failed', address: addressKey(socket.remoteAddress), detail: error.code });
  });

  await bind(server, config, deps.portPolicy);
  let closing: Promise<void> | undefined;
  return {
    port: (server.address() as AddressInfo).port,
    socketCount: () => admission.count(),
    close: () =>
      (closing ??= new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const connection of connections) connection.destroy();
        // What is still in a TLS handshake has no guard yet.
        if (config.tls !== undefined) for (const socket of sockets) socket.destroySoon();
      })),
  };
}

function createSecureOrPlain(config: BrokerConfig, guard: (socket: Socket) => void): Server {
  if (config.tls === undefined) return createServer({ noDelay: true });
  const { certFile, keyFile } = config.tls;
  const server = createTlsServer(
    {
      cert: readPem(certFile),
      key: readPem(keyFile),
      minVersion: 'TLSv1.2',
      handshakeTimeout: config.limits.connectTimeoutMs,
    },
    (socket) => {
      socket.setNoDelay(true);
      guard(socket);
    },
  );
  return server;
}

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `${file} cannot be read`, { file }, { cause });
  }
}

async function bind(server: Server, { host, port }: BrokerConfig, policy: PortPolicy): Promise<void> {
  const tries = policy === 'next-free' && port !== 0 ? NEXT_PORTS_MAX : 1;
  for (let step = 0; step < tries; step += 1) {
    if (await tryBind(server, host, port + step)) return;
  }
  throw new AppError('CFG_PORT_TAKEN', `the broker cannot listen on ${host}:${port}`, { host, port });
}

/** False when somebody else has the port. */
function tryBind(server: Server, host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      server.removeListener('listening', onListening);
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else {
        reject(
          new AppError('CFG_INVALID', `the broker cannot listen on ${host}:${port}`, { host, port }, { cause: error }),
        );
      }
    };
    const onListening = (): void => {
      server.removeListener('error', onError);
      resolve(true);
    };
    server.once('error', onError);
    server.once('listening', onListening);
    server.listen(port, host);
  });
}
