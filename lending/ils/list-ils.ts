/**
 * An ILS that is a list: for a demo, a small collection without a system of its own, and trying things out. Loans are kept
 * in memory and end with the process; who needs more has an ILS.
 */
import { z } from 'zod';
import { barcode } from '#contract/domain/ids.ts';
import type { Clock } from '#contract/clock.ts';
import { done, refuse, type IlsAnswer, type IlsItem, type IlsPort, type LoanDone } from './port.ts';

export const ilsList = z.strictObject({
  items: z
    .array(z.strictObject({ barcode, title: z.string().max(300), isForLoan: z.boolean().default(true) }))
    .max(100_000),
  patrons: z
    .array(
      z.strictObject({
        card: z.string().min(1).max(64),
        pin: z.string().max(32).optional(),
        isBlocked: z.boolean().default(false),
      }),
    )
    .max(100_000),
  loanDays: z.int().min(1).max(3650).default(28),
  loansMax: z.int().min(1).max(10_000).default(50),
});
export type IlsList = z.infer<typeof ilsList>;

const DAY_MS = 86_400_000;

interface Loan {
  readonly card: string;
  readonly dueAtMs: number;
}

export function createListIls(list: IlsList, clock: Clock): IlsPort {
  const items = new Map(list.items.map((item) => [item.barcode, item]));
  const patrons = new Map(list.patrons.map((patron) => [patron.card, patron]));
  const loans = new Map<string, Loan>();

  const lookUp = (code: string): IlsAnswer<IlsItem> => {
    const item = items.get(code);
    if (item === undefined) return refuse('item-unknown');
    const loan = loans.get(code);
    const status = loan === undefined ? 'available' : 'on-loan';
    return done({ barcode: code, title: item.title, status, dueAtMs: loan?.dueAtMs ?? null });
  };
  const loansOf = (card: string): [string, Loan][] => [...loans].filter(([, loan]) => loan.card === card);
  const lend = (code: string, card: string, title: string): IlsAnswer<LoanDone> => {
    const dueAtMs = clock.nowMs() + list.loanDays * DAY_MS;
    loans.set(code, { card, dueAtMs });
    return done({ title, dueAtMs });
  };
  const faultOf = (card: string, pin?: string): ReturnType<typeof refuse> | undefined => {
    const patron = patrons.get(card);
    if (patron === undefined) return refuse('patron-unknown');
    return pin !== undefined && patron.pin !== undefined && patron.pin !== pin ? refuse('wrong-pin') : undefined;
  };

  return {
    kind: 'list',
    item: (code) => Promise.resolve(lookUp(code)),
    patron: ({ card, pin }) => {
      const mayBorrow = patrons.get(card)?.isBlocked === false;
      const known = { mayBorrow, mayRenew: mayBorrow, loanCount: loansOf(card).length };
      return Promise.resolve(faultOf(card, pin) ?? done(known));
    },
    account: ({ card, pin }) => {
      const lines = loansOf(card).map(([code, { dueAtMs }]) => ({
        barcode: code,
        title: items.get(code)?.title ?? '',
        dueAtMs,
      }));
      return Promise.resolve(faultOf(card, pin) ?? done({ loans: lines, holdsReady: 0 }));
    },
    loan: ({ item: code, card, pin, hasHappened }) => {
      const fault = faultOf(card, pin);
      const item = items.get(code);
      if (fault !== undefined) return Promise.resolve(fault);
      if (item === undefined) return Promise.resolve(refuse('item-unknown'));
      if (loans.has(code)) return Promise.resolve(refuse('item-on-loan'));
      if (!hasHappened && patrons.get(card)?.isBlocked === true) return Promise.resolve(refuse('patron-blocked'));
      if (!hasHappened && !item.isForLoan) return Promise.resolve(refuse('item-not-for-loan'));
      if (!hasHappened && loansOf(card).length >= list.loansMax) return Promise.resolve(refuse('loan-limit'));
      return Promise.resolve(lend(code, card, item.title));
    },
    giveBack: ({ item: code }) => {
      const item = items.get(code);
      if (item === undefined) return Promise.resolve(refuse('item-unknown'));
      loans.delete(code);
      return Promise.resolve(done({ title: item.title, route: { to: 'shelf' } as const }));
    },
    renew: ({ item: code, card, pin }) => {
      const fault = faultOf(card, pin);
      if (fault !== undefined) return Promise.resolve(fault);
      if (loans.get(code)?.card !== card) return Promise.resolve(refuse('item-not-on-loan'));
      return Promise.resolve(lend(code, card, items.get(code)?.title ?? ''));
    },
    holdsToPull: () => Promise.resolve(done([])),
    endSession: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
