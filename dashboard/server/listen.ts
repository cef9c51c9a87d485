import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '#contract/errors.ts';

/** `exact`: this port or none, since somebody typed it. `next-free`: whatever is near, since somebody only wants to look. */
export type PortPolicy = 'exact' | 'next-free';

const MORE_PORTS = 20;

/** Errors: `CFG_PORT_TAKEN`, `CFG_INVALID` (the host is not one of this machine). */
export async function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
  policy: PortPolicy,
): Promise<number> {
  const last = policy === 'next-free' && port !== 0 ? Math.min(port + MORE_PORTS, 65_535) : port;
  for (let candidate = port; candidate <= last; candidate += 1) {
    if (await tryListen(server, host, candidate)) return (server.address() as AddressInfo).port;
  }
  const what = last === port ? `Port ${port} on ${host} is` : `The ports ${port} to ${last} on ${host} are`;
  throw new AppError('CFG_PORT_TAKEN', `${what} taken by another program. Stop it, or choose another port.`, {
    host,
    port,
  });
}

async function tryListen(server: Server, host: string, port: number): Promise<boolean> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return true;
  } catch (cause: unknown) {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') return false;
    const reason = code === 'EACCES' ? 'needs rights this program does not have' : 'cannot be listened on';
    throw new AppError('CFG_INVALID', `Port ${port} on ${host} ${reason}.`, { host, port, code }, { cause });
  }
}
