/**
 * Walks one open entry on towards the ILS: look first, then send.
 *
 * Looking comes first because systems in the field forgive nothing: Koha stamps a loan that is told afterwards with its own
 * now, may close somebody else's loan for it, takes a second loan to the same reader as a renewal, and refuses a return
 * that is told afterwards. What the ILS knows already is never sent again.
 */
import type { Clock } from '#contract/clock.ts';
import type { IlsAnswer, IlsPort, LoanDone } from '#lending/ils/port.ts';
import type { Entry, TaskCode } from './entry.ts';
import type { Ledger } from './ledger.ts';

/** `settled`: on to the next entry of the copy. `later`: no clear answer. `away`: nobody can be asked at all. */
export type SettleOutcome = 'settled' | 'later' | 'away';

export interface SettleDeps {
  readonly ledger: Ledger;
  readonly ils: IlsPort;
  readonly clock: Clock;
}

/** Asked so often without a clear answer, over a day with the pauses between; then a person looks. */
const TRIES_MAX = 30;
const PAUSE_MS = 5_000;
const PAUSE_MS_MAX = 3_600_000;

type Standing = 'known' | 'not-known' | 'with-another' | SettleOutcome;

export async function settleEntry(entry: Entry, deps: SettleDeps): Promise<SettleOutcome> {
  const { ledger } = deps;
  if (entry.kind !== 'return' && entry.card === undefined) return hand(ledger, entry, 'patron-lost');
  if (ledger.ilsWordAtMs(entry.item) > entry.atMs) {
    // A step of this very visit that was never told to anybody needs no person.
    if (entry.hasHappened) return hand(ledger, entry, 'overtaken');
    ledger.undo(entry.id);
    return 'settled';
  }
  const standing = await look(entry, deps);
  switch (standing) {
    case 'known':
      ledger.confirm(entry.id, { dueAtMs: entry.dueAtMs, secure: needsSecurity(entry) });
      return 'settled';
    case 'with-another':
      return entry.hasHappened ? hand(ledger, entry, 'lent-to-another') : undo(ledger, entry);
    case 'not-known':
      return entry.hasHappened ? send(entry, deps) : undo(ledger, entry);
    case 'later':
      return postpone(entry, deps);
    case 'settled':
    case 'away':
      return standing;
  }
}

/** What the ILS has of it. A refusal to look settles the entry: a person must. */
async function look(entry: Entry, { ils, ledger }: SettleDeps): Promise<Standing> {
  const { card } = entry;
  if (entry.kind === 'renew') return entry.hasHappened ? 'not-known' : 'known';
  const item = await ils.item(entry.item);
  if (item.outcome === 'away') return 'away';
  if (item.outcome === 'unknown') return 'later';
  if (item.outcome === 'refused') {
    return entry.hasHappened ? hand(ledger, entry, refusalOf(entry)) : undo(ledger, entry);
  }
  const isLent = item.value.status === 'on-loan';
  if (entry.kind === 'return') return isLent ? 'not-known' : 'known';
  if (!isLent || card === undefined) return 'not-known';
  const account = await ils.account({ card });
  if (account.outcome === 'away') return 'away';
  if (account.outcome === 'unknown') return 'later';
  if (account.outcome === 'refused') return 'with-another';
  return account.value.loans.some(({ barcode }) => barcode === entry.item) ? 'known' : 'with-another';
}

async function send(entry: Entry, deps: SettleDeps): Promise<SettleOutcome> {
  const { ledger } = deps;
  ledger.markSent(entry.id);
  const answer = await tell(entry, deps);
  switch (answer.outcome) {
    case 'done':
      ledger.confirm(entry.id, { dueAtMs: answer.value.dueAtMs ?? entry.dueAtMs, secure: needsSecurity(entry) });
      return 'settled';
    case 'refused':
      return hand(ledger, entry, refusalOf(entry));
    case 'unknown':
      return postpone(entry, deps);
    case 'away':
      postpone(entry, deps);
      return 'away';
  }
}

async function tell(entry: Entry, { ils }: SettleDeps): Promise<IlsAnswer<Pick<LoanDone, 'dueAtMs'>>> {
  const { item, atMs, dueAtMs, card = '' } = entry;
  if (entry.kind === 'loan') return ils.loan({ item, card, atMs, dueAtMs, hasHappened: true });
  if (entry.kind === 'renew') return ils.renew({ item, card });
  const answer = await ils.giveBack({ item, atMs });
  return answer.outcome === 'done' ? { outcome: 'done', value: { dueAtMs: null } } : answer;
}

function postpone(entry: Entry, { ledger, clock }: SettleDeps): SettleOutcome {
  if (entry.tries >= TRIES_MAX) return hand(ledger, entry, 'unanswered');
  ledger.postpone(entry.id, clock.nowMs() + Math.min(PAUSE_MS_MAX, PAUSE_MS * 2 ** entry.tries));
  return 'later';
}

function undo(ledger: Ledger, entry: Entry): SettleOutcome {
  ledger.undo(entry.id);
  return 'settled';
}

function hand(ledger: Ledger, entry: Entry, code: TaskCode): SettleOutcome {
  ledger.hand(entry.id, code);
  return 'settled';
}

function refusalOf(entry: Entry): TaskCode {
  return entry.kind === 'return' ? 'return-refused' : 'loan-refused';
}

/** What was queued had its tag set when it was accepted; what was cut off in between has not. */
function needsSecurity({ tag, kind, security }: Entry): boolean {
  return tag !== null && kind !== 'renew' && security !== 'verified' && security !== 'task';
}
