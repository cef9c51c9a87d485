/** One TCP or TLS connection to a SIP2 server, as messages. */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { concatBytes } from '#contract/bytes.ts';
import { Sip2Framer } from '#contract/codec/sip2/framer.ts';

export interface Sip2Address {
  readonly host: string;
  readonly port: number;
  /** TLS with the system's authorities, or with these; `servername` where the certificate is for another name. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly servername?: string };
}

export interface LineEvents {
  readonly message: (bytes: Uint8Array) => void;
  /** Once, whoever closed it. */
  readonly closed: (reason: string) => void;
}

export interface Sip2Line {
  /** False where nothing can have left: the connection is already going down. */
  send(bytes: Uint8Array): boolean;
  close(reason: string): void;
}

/** A peer that lost its power sends no FIN. */
const KEEPALIVE_DELAY_MS = 10_000;
const CR = Uint8Array.of(0x0d);

/** Connects; `opened` or `closed` is called later, never both before the other side answered. */
export function openLine(
  { host, port, tls }: Sip2Address,
  connectMs: number,
  events: LineEvents & { readonly opened: (line: Sip2Line) => void },
): Sip2Line {
  const socket: Socket =
    tls === undefined ? connectTcp({ host, port }) : connectTls({ host, port, servername: host, ...tls });
  const framer = new Sip2Framer();
  let closeReason: string | undefined;
  const close = (reason: string): void => {
    closeReason ??= reason;
    socket.destroy();
  };
  const timer = setTimeout(() => {
    close(`no connection within ${connectMs} ms`);
  }, connectMs);
  const line: Sip2Line = {
    send(bytes) {
      if (!socket.writable || socket.readableEnded || closeReason !== undefined) return false;
      // One write for message and end mark: some systems read one packet as one message.
      socket.write(concatBytes([bytes, CR]));
      return true;
    },
    close,
  };
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEPALIVE_DELAY_MS);
  socket.once(tls === undefined ? 'connect' : 'secureConnect', () => {
    clearTimeout(timer);
    events.opened(line);
  });
  socket.on('data', (chunk: Uint8Array) => {
    for (const piece of framer.feed(chunk)) {
      if (piece.kind === 'frame') events.message(piece.bytes);
      else close(piece.error.detail);
    }
  });
  socket.on('error', (error) => {
    closeReason ??= error.message;
  });
  socket.on('end', () => {
    close('the library system closed the connection');
  });
  socket.once('close', () => {
    clearTimeout(timer);
    events.closed(closeReason ?? 'the connection was closed');
  });
  return line;
}
