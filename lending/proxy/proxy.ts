/**
 * Existing kiosks and sorters point here instead of at the library system. What they say is passed on as it is, byte for
 * byte, and so is the answer; each has a session of its own there. Loans and returns are learnt from the answers. While
 * the library system is away, the library's rules answer, and the ledger tells it later.
 */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { AppError } from '#contract/errors.ts';
import type { LendingConfig } from '#lending/config.ts';
import { readText, readTls } from '#lending/ils/open-ils.ts';
import { clientOptions } from '#lending/ils/sip2-ils.ts';
import type { LendingMetrics } from '#lending/metrics.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import type { ItemLocks } from '#lending/queue/item-locks.ts';
import type { Ledger } from '#lending/queue/ledger.ts';
import type { OfflineRules } from '#lending/queue/offline-rules.ts';
import { listenSip2 } from '#lending/sip2/listener.ts';
import { KnownTerminals } from './known-terminals.ts';
import { OfflineDesk } from './offline-desk.ts';
import { Terminal } from './terminal.ts';

type ProxyConfig = NonNullable<LendingConfig['proxy']>;

export interface ProxyDeps {
  /** Tells what waits of a copy before a terminal's message about it passes. */
  readonly ils: IlsPort;
  readonly locks: ItemLocks;
  readonly ledger: Ledger;
  readonly rules: OfflineRules;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Pick<LendingMetrics, 'terminalRequests'>;
  /** The branch's key, hex. */
  readonly key: string;
}

export interface RunningProxy {
  readonly port: number;
  readonly terminalCount: () => number;
  close(): Promise<void>;
}

/** Errors: CFG_PORT_TAKEN, CFG_UNREADABLE (certificates). */
export async function startProxy(config: ProxyConfig, deps: ProxyDeps): Promise<RunningProxy> {
  const { host, port, upstream } = config;
  const { ledger, log } = deps;
  const options = clientOptions(upstream, readTls(upstream.tls));
  const desk = new OfflineDesk({ ...deps, deskText: config.deskText, charset: upstream.charset });
  const known = new KnownTerminals(ledger, deps.key);
  const tls = config.tls && { cert: readText(config.tls.certFile), key: readText(config.tls.keyFile) };
  try {
    const listener = await listenSip2({
      host,
      port,
      ...(tls && { tls }),
      charset: upstream.charset,
      sessionsMax: config.terminalsMax,
      idleMs: config.idleMs,
      open: ({ address }) => new Terminal({ ...deps, options, desk, known, station: `sip2 ${address}` }),
      refused: (address, reason) => {
        log.warn({ address, reason }, 'a terminal was refused');
      },
    });
    return { port: listener.port, terminalCount: listener.sessionCount, close: () => listener.close() };
  } catch (cause: unknown) {
    throw new AppError('CFG_PORT_TAKEN', `the SIP2 listener cannot use ${host}:${port}`, { host, port }, { cause });
  }
}
