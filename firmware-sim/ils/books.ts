/**
 * The books of a simulated library system: who may borrow, what is lent, which holds wait. It decides as a Koha of today
 * does over SIP2, with the habits that hurt:
 *
 * - a second loan of an item to the same reader is a renewal;
 * - a loan that is only told (no block) is never refused for rules, is stamped with now, and closes the loan of somebody
 *   else without a word;
 * - a return that is only told is refused;
 * - a return of what is not lent is refused.
 *
 * Source: Koha C4/SIP/ILS.pm, C4/SIP/ILS/Transaction (Checkout.pm, Checkin.pm, Renew.pm), C4/SIP/Sip/MsgType.pm.
 */
export interface IlsPatron {
  readonly id: string;
  readonly name: string;
  readonly pin?: string;
  readonly isBlocked?: boolean;
  /** Owed, in hundredths; above the rule's bound nothing is lent. */
  readonly feesCents?: number;
}

export interface IlsItem {
  readonly barcode: string;
  readonly title: string;
  readonly branch: string;
  readonly callNumber?: string;
  readonly collection?: string;
  /** Key of a loan rule; `standard` when nothing is said. */
  readonly rule?: string;
  /** Reference copies and the like. */
  readonly isNotForLoan?: boolean;
}

export interface LoanRule {
  readonly loanDays: number;
  readonly renewalsMax: number;
}

export interface IlsRules {
  readonly loansMax: number;
  readonly feesMaxCents: number;
  /** By key; `standard` is there. */
  readonly loan: Readonly<Record<string, LoanRule>>;
}

export interface Loan {
  readonly barcode: string;
  readonly patronId: string;
  readonly lentAtMs: number;
  readonly dueMs: number;
  readonly renewalCount: number;
}

/** One thing that happened to the books, for tests that count. */
export interface LoanEvent {
  readonly kind: 'lent' | 'renewed' | 'returned' | 'closed-by-other' | 'paid';
  readonly atMs: number;
  readonly barcode: string;
  readonly patronId: string;
  readonly isNoBlock: boolean;
  /** Only of `paid`. */
  readonly cents?: number;
}

export interface Hold {
  readonly barcode: string;
  readonly patronId: string;
  readonly pickup: string;
}

export type LendOutcome =
  | { readonly isOk: true; readonly loan: Loan; readonly isRenewal: boolean }
  | { readonly isOk: false; readonly why: string };

export interface ReturnOutcome {
  readonly isOk: boolean;
  readonly why?: string;
  /** CV and what goes with it. */
  readonly alert?: '01' | '02' | '04' | '99';
  readonly hold?: Hold;
  readonly destination?: string;
  readonly patronId?: string;
}

/** What a test of days may hold: each event has some 150 bytes. */
const EVENTS_MAX = 1_000_000;
const DAY_MS = 86_400_000;

export class IlsBooks {
  readonly #patrons: ReadonlyMap<string, IlsPatron>;
  readonly #items: ReadonlyMap<string, IlsItem>;
  readonly #rules: IlsRules;
  readonly #loans = new Map<string, Loan>();
  readonly #events: LoanEvent[] = [];
  readonly #blocked = new Set<string>();
  readonly #paidCents = new Map<string, number>();
  readonly #payments = new Set<string>();
  #holds: Hold[] = [];

  constructor(patrons: readonly IlsPatron[], items: readonly IlsItem[], rules: IlsRules) {
    this.#patrons = new Map(patrons.map((patron) => [patron.id.toUpperCase(), patron]));
    this.#items = new Map(items.map((item) => [item.barcode.toUpperCase(), item]));
    this.#rules = rules;
  }

  patron(id: string): IlsPatron | undefined {
    return this.#patrons.get(id.trim().toUpperCase());
  }

  item(barcode: string): IlsItem | undefined {
    return this.#items.get(barcode.trim().toUpperCase());
  }

  loanOf(barcode: string): Loan | undefined {
    return this.#loans.get(barcode.trim().toUpperCase());
  }

  loansOf(patronId: string): readonly Loan[] {
    return [...this.#loans.values()].filter((loan) => loan.patronId === patronId);
  }

  holdsOf(patronId: string): readonly Hold[] {
    return this.#holds.filter((hold) => hold.patronId === patronId);
  }

  holdsOn(barcode: string): readonly Hold[] {
    return this.#holds.filter((hold) => hold.barcode === barcode);
  }

  get loans(): readonly Loan[] {
    return [...this.#loans.values()];
  }

  get events(): readonly LoanEvent[] {
    return this.#events;
  }

  isBlocked(patron: IlsPatron): boolean {
    return (
      patron.isBlocked === true || this.#blocked.has(patron.id) || this.feesCents(patron) > this.#rules.feesMaxCents
    );
  }

  feesCents(patron: IlsPatron): number {
    return (patron.feesCents ?? 0) - (this.#paidCents.get(patron.id) ?? 0);
  }

  loansMax(): number {
    return this.#rules.loansMax;
  }

  lend(patronId: string, barcode: string, nowMs: number): LendOutcome {
    const patron = this.patron(patronId);
    const item = this.item(barcode);
    if (patron === undefined) return refused('Invalid Patron');
    if (this.isBlocked(patron)) return refused('Patron Blocked');
    if (item === undefined) return refused('Invalid Item');
    const loan = this.loanOf(item.barcode);
    if (loan !== undefined && loan.patronId !== patron.id) return refused('Item checked out to another patron');
    if (loan !== undefined) return this.#renew(loan, item, nowMs, false);
    if (item.isNotForLoan === true) return refused('NOT_FOR_LOAN: 1');
    if (this.loansOf(patron.id).length >= this.#rules.loansMax) return refused('TOO_MANY: 1');
    const [first] = this.holdsOn(item.barcode);
    if (first !== undefined && first.patronId !== patron.id)
      return refused('Item is on hold shelf for another patron.');
    return this.#lendOut(patron, item, nowMs, false);
  }

  /** A loan that was made while we could not be asked. */
  tellLoan(patronId: string, barcode: string, nowMs: number): LendOutcome {
    const patron = this.patron(patronId);
    const item = this.item(barcode);
    if (patron === undefined) return refused('Invalid Patron');
    if (item === undefined) return refused('Invalid Item');
    const loan = this.loanOf(item.barcode);
    if (loan?.patronId === patron.id) return this.#renew(loan, item, nowMs, true);
    if (loan !== undefined) this.#note('closed-by-other', nowMs, loan, true);
    return this.#lendOut(patron, item, nowMs, true);
  }

  renew(patronId: string, barcode: string, nowMs: number): LendOutcome {
    const patron = this.patron(patronId);
    const item = this.item(barcode);
    const loan = this.loanOf(barcode);
    if (patron === undefined) return refused('Invalid patron barcode.');
    if (this.isBlocked(patron)) return refused('Renewals not allowed.');
    if (item === undefined || loan?.patronId !== patron.id) return refused(`Item not checked out to ${patron.name}`);
    if (this.holdsOn(item.barcode).some((hold) => hold.patronId !== patron.id)) return refused('on_reserve');
    return this.#renew(loan, item, nowMs, false);
  }

  takeBack(barcode: string, branch: string, nowMs: number): ReturnOutcome {
    const item = this.item(barcode);
    if (item === undefined) return { isOk: false, why: 'Invalid Item', alert: '99' };
    const loan = this.loanOf(item.barcode);
    if (loan !== undefined) {
      this.#loans.delete(item.barcode.toUpperCase());
      this.#note('returned', nowMs, loan, false);
    }
    const [hold] = this.holdsOn(item.barcode);
    const way =
      hold !== undefined
        ? { alert: hold.pickup === branch ? ('01' as const) : ('02' as const), hold, destination: hold.pickup }
        : item.branch !== branch && { alert: '04' as const, destination: item.branch };
    return {
      isOk: loan !== undefined,
      ...(loan === undefined ? { why: 'Item not checked out' } : { patronId: loan.patronId }),
      ...way,
    };
  }

  placeHold(patronId: string, barcode: string, pickup: string): boolean {
    const patron = this.patron(patronId);
    const item = this.item(barcode);
    if (patron === undefined || item === undefined || this.isBlocked(patron)) return false;
    if (this.#holds.some((hold) => hold.patronId === patron.id && hold.barcode === item.barcode)) return false;
    this.#holds.push({ patronId: patron.id, barcode: item.barcode, pickup });
    return true;
  }

  cancelHold(patronId: string, barcode: string): boolean {
    const patron = this.patron(patronId);
    const item = this.item(barcode);
    const kept = this.#holds.filter((hold) => hold.patronId !== patron?.id || hold.barcode !== item?.barcode);
    const isThere = kept.length < this.#holds.length;
    this.#holds = kept;
    return isThere;
  }

  /** A payment with a number that was there before is one payment. */
  pay(patronId: string, cents: number, nowMs: number, transactionId = ''): boolean {
    const patron = this.patron(patronId);
    if (patron === undefined || !Number.isFinite(cents) || cents <= 0) return false;
    if (transactionId !== '' && this.#payments.has(transactionId)) return true;
    this.#payments.add(transactionId);
    this.#paidCents.set(patron.id, (this.#paidCents.get(patron.id) ?? 0) + cents);
    this.#push({ kind: 'paid', atMs: nowMs, barcode: '', patronId: patron.id, isNoBlock: false, cents });
    return true;
  }

  setBlocked(patronId: string, isBlocked: boolean): void {
    const patron = this.patron(patronId);
    if (patron === undefined) return;
    if (isBlocked) this.#blocked.add(patron.id);
    else this.#blocked.delete(patron.id);
  }

  #lendOut(patron: IlsPatron, item: IlsItem, nowMs: number, isNoBlock: boolean): LendOutcome {
    const dueMs = nowMs + this.#ruleOf(item).loanDays * DAY_MS;
    const loan = { barcode: item.barcode, patronId: patron.id, lentAtMs: nowMs, dueMs, renewalCount: 0 };
    this.#loans.set(item.barcode.toUpperCase(), loan);
    this.#holds = this.#holds.filter((hold) => hold.patronId !== patron.id || hold.barcode !== item.barcode);
    this.#note('lent', nowMs, loan, isNoBlock);
    return { isOk: true, loan, isRenewal: false };
  }

  #renew(loan: Loan, item: IlsItem, nowMs: number, isNoBlock: boolean): LendOutcome {
    const { loanDays, renewalsMax } = this.#ruleOf(item);
    if (!isNoBlock && loan.renewalCount >= renewalsMax) return refused('NO_MORE_RENEWALS: 1');
    const renewed = { ...loan, dueMs: nowMs + loanDays * DAY_MS, renewalCount: loan.renewalCount + 1 };
    this.#loans.set(item.barcode.toUpperCase(), renewed);
    this.#note('renewed', nowMs, renewed, isNoBlock);
    return { isOk: true, loan: renewed, isRenewal: true };
  }

  #ruleOf(item: IlsItem): LoanRule {
    return this.#rules.loan[item.rule ?? 'standard'] ?? { loanDays: 28, renewalsMax: 2 };
  }

  #note(kind: LoanEvent['kind'], atMs: number, { barcode, patronId }: Loan, isNoBlock: boolean): void {
    this.#push({ kind, atMs, barcode, patronId, isNoBlock });
  }

  #push(event: LoanEvent): void {
    if (this.#events.length >= EVENTS_MAX) this.#events.shift();
    this.#events.push(event);
  }
}

function refused(why: string): LendOutcome {
  return { isOk: false, why };
}
