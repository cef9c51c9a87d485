/**
 * TLS links: readers that take their protocol over TLS, such as LLRP on port 5085. The reader's certificate is always
 * verified; one that the reader made itself is named as its own authority in `ca`.
 */
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { connect, type ConnectionOptions } from 'node:tls';
import type { Link } from '#gateway/links/link.ts';
import { dial } from '#gateway/links/socket.ts';
import { linkLost } from '#gateway/links/stream-link.ts';
import type { TcpAddress } from '#gateway/links/tcp-link.ts';

export interface TlsAddress extends TcpAddress {
  /** Authority that signed the reader's certificate (PEM file); absent: the authorities of the system. */
  readonly ca?: string | undefined;
  /** The name in the reader's certificate, where it is not the host. */
  readonly name?: string | undefined;
  /** Our own certificate and key (PEM files), for readers that want to know who we are. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Errors: DRV_LINK_LOST (as TCP; also a certificate that is not trusted or not of this name, a file that cannot be read). */
export async function openTlsLink(address: TlsAddress, signal: AbortSignal): Promise<Link> {
  const { host, port } = address;
  const name = `tls://${host}:${port}`;
  const advice = 'check power, cable, address and port of the reader, and its certificate (ca=FILE, name=NAME)';
  let options: ConnectionOptions;
  try {
    options = await connectionOptions(address);
  } catch (error: unknown) {
    throw linkLost({ name, advice: 'check the files in the link' }, String(error), error);
  }
  return dial({ name, advice, start: () => connect(options), readyEvent: 'secureConnect' }, signal);
}

async function connectionOptions({ host, port, ca, name, cert, key }: TlsAddress): Promise<ConnectionOptions> {
  const servername = name ?? (isIP(host) === 0 ? host : undefined);
  return {
    host,
    port,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: true,
    ...(servername !== undefined && { servername }),
    ...(ca !== undefined && { ca: await readFile(ca) }),
    ...(cert !== undefined && { cert: await readFile(cert) }),
    ...(key !== undefined && { key: await readFile(key) }),
  };
}
