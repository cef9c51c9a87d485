/** A branch for tests: a folder, a clock that is moved by hand, a ledger, and the simulated library system. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSip2Ils, sip2Ils, type Sip2IlsConfig } from '#lending/ils/sip2-ils.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import { Ledger } from '#lending/queue/ledger.ts';
import { createPatronCipher } from '#lending/queue/patron-cipher.ts';
import { startIls, type IlsOptions, type RunningIls } from '#sim/ils/ils.ts';

export const KEY = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
export const ACCOUNT = { user: 'kiosk', password: 'terminal-secret', branch: 'MAIN' };

export class HandClock {
  nowAtMs = Date.UTC(2026, 10, 24, 12);
  nowMs(): number {
    return this.nowAtMs;
  }
  uptimeMs(): number {
    return this.nowAtMs;
  }
  pass(ms: number): void {
    this.nowAtMs += ms;
  }
}

/** Ends what was opened, last first. */
export class Closers {
  readonly #all: (() => unknown)[] = [];
  add<Thing extends { close(): unknown }>(thing: Thing): Thing {
    this.#all.push(() => thing.close());
    return thing;
  }
  async folder(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'shelfwise-lending-'));
    this.#all.push(() => rm(folder, { recursive: true, force: true }));
    return folder;
  }
  async close(): Promise<void> {
    for (const close of this.#all.splice(0).reverse()) await close();
  }
}

export function openLedger(folder: string, clock: HandClock, key = KEY): Ledger {
  return new Ledger({ path: join(folder, 'lending.db'), cipher: createPatronCipher(key), clock });
}

export async function openIls(clock: HandClock, changes: Partial<IlsOptions> = {}): Promise<RunningIls> {
  return startIls({
    seed: 1,
    clock,
    patrons: [
      { id: 'CARD-4711-ADA', name: 'Ada Lovelace', pin: '1234' },
      { id: 'CARD-4712-BOB', name: 'Bob Smith' },
      { id: 'CARD-4713-EVE', name: 'Eve Blocked', isBlocked: true },
    ],
    items: Array.from({ length: 60 }, (_, at) => ({ barcode: `B${at}`, title: `Title ${at}`, branch: 'MAIN' })),
    accounts: [ACCOUNT],
    ...changes,
  });
}

/** Quick time-outs: a lost answer costs 4 × 60 ms. */
export function sip2Config(port: number): Sip2IlsConfig {
  return sip2Ils.parse({
    kind: 'sip2',
    server: { host: '127.0.0.1', port, answerMs: 60, waitMs: 150, connectMs: 500 },
    user: ACCOUNT.user,
    secret: ACCOUNT.password,
    timeZone: 'UTC',
  });
}

export function openSip2(port: number, clock: HandClock): IlsPort {
  return createSip2Ils(sip2Config(port), { clock, chance: () => 0, tls: undefined });
}
