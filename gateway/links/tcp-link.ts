/** TCP links: readers on the network, and serial readers behind a device server. */
import { connect } from 'node:net';
import type { Link } from '#gateway/links/link.ts';
import { dial } from '#gateway/links/socket.ts';

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}

/** Errors: DRV_LINK_LOST (refused, unreachable, or no answer within five seconds). */
export function openTcpLink({ host, port }: TcpAddress, signal: AbortSignal): Promise<Link> {
  const advice = 'check power, cable, address and port of the reader';
  const start = (): ReturnType<typeof connect> => connect({ host, port });
  return dial({ name: `tcp://${host}:${port}`, advice, start, readyEvent: 'connect' }, signal);
}
