/** Logins of terminals that the library system has accepted before: only such a one is served without it. */
import { createHmac } from 'node:crypto';
import type { Ledger } from '#lending/queue/ledger.ts';

export interface TerminalLogin {
  readonly user: string;
  readonly password: string;
  readonly location: string;
}

export class KnownTerminals {
  readonly #ledger: Ledger;
  readonly #key: string;

  constructor(ledger: Ledger, key: string) {
    this.#ledger = ledger;
    this.#key = key;
  }

  note(login: TerminalLogin | undefined): void {
    const mark = this.#markOf(login);
    if (this.#ledger.meta(mark) === undefined) this.#ledger.setMeta(mark, '1');
  }

  has(login: TerminalLogin | undefined): boolean {
    return this.#ledger.meta(this.#markOf(login)) !== undefined;
  }

  /** Keyed: the password of a terminal cannot be guessed from the file. */
  #markOf(login: TerminalLogin | undefined): string {
    const text = login === undefined ? '' : JSON.stringify([login.user, login.password, login.location]);
    return `terminal ${createHmac('sha256', this.#key).update(text).digest('hex')}`;
  }
}
