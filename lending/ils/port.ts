/**
 * What the lending role asks of the library's own system (ILS), whichever it is. Nothing throws for what an ILS says or
 * fails to say: every answer is one of four, and the difference between the last two decides whether a loan is doubled.
 *
 *     done      it is in the ILS
 *     refused   it is not, and asking again would not help
 *     unknown   it was sent and no answer came: look before sending it again
 *     away      it was never sent: nothing has happened
 *
 * A patron is named by the number on the card. It is handed through and never kept by an adapter.
 */
import type { IlsStatusName } from '#contract/domain/ils-status.ts';

/** Why an ILS refuses. `patron-blocked` never says more: why a reader is blocked is between the reader and the desk. */
export const REFUSAL_CODES = [
  'item-unknown',
  'item-not-for-loan',
  'item-on-hold',
  'item-on-loan',
  'item-not-on-loan',
  'patron-unknown',
  'patron-blocked',
  'wrong-pin',
  'loan-limit',
  'not-renewable',
  /** The ILS wants a person to confirm something. */
  'staff-needed',
  'not-supported',
  'refused',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type IlsAnswer<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'refused'; readonly code: RefusalCode }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'away' };

export interface IlsItem {
  readonly barcode: string;
  readonly title: string;
  readonly status: IlsStatusName;
  readonly dueAtMs: number | null;
  readonly callNumber?: string;
  /** As the ILS names it. */
  readonly homeLocation?: string;
}

/** No name, no reasons: what a kiosk must know and nothing else. */
export interface IlsPatron {
  readonly mayBorrow: boolean;
  readonly mayRenew: boolean;
  /** Null where the ILS does not say. */
  readonly loanCount: number | null;
}

export interface AccountLine {
  readonly barcode: string;
  readonly title: string;
  readonly dueAtMs: number | null;
}

export interface IlsAccount {
  readonly loans: readonly AccountLine[];
  readonly holdsReady: number;
}

export interface Credentials {
  readonly card: string;
  readonly pin?: string | undefined;
}

export interface LoanRequest extends Credentials {
  readonly item: string;
  /** When it happened. An ILS may stamp it with its own now. */
  readonly atMs: number;
  /** What the reader was told offline; null leaves it to the ILS. */
  readonly dueAtMs: number | null;
  /** It has happened already, at a kiosk without the ILS: asks not to refuse it, where the ILS knows such a wish. */
  readonly hasHappened: boolean;
}

export interface ReturnRequest {
  readonly item: string;
  readonly atMs: number;
}

export interface LoanDone {
  readonly title: string;
  readonly dueAtMs: number | null;
}

/** Where a returned copy goes. Who waits for it is never part of it. */
export interface ReturnDone {
  readonly title: string;
  readonly route:
    | { readonly to: 'shelf' }
    | { readonly to: 'hold-here' }
    | { readonly to: 'branch'; readonly branch: string }
    | { readonly to: 'staff' };
}

export interface HoldToPull {
  readonly barcode: string;
  readonly pickupPlace: string | null;
}

export interface IlsPort {
  /** Name of the adapter, for logs and metrics. */
  readonly kind: string;
  item(barcode: string): Promise<IlsAnswer<IlsItem>>;
  patron(who: Credentials): Promise<IlsAnswer<IlsPatron>>;
  account(who: Credentials): Promise<IlsAnswer<IlsAccount>>;
  loan(request: LoanRequest): Promise<IlsAnswer<LoanDone>>;
  giveBack(request: ReturnRequest): Promise<IlsAnswer<ReturnDone>>;
  renew(request: Credentials & { readonly item: string }): Promise<IlsAnswer<LoanDone>>;
  holdsToPull(): Promise<IlsAnswer<readonly HoldToPull[]>>;
  endSession(card: string): Promise<void>;
  /** Copies whose state changed since then, in pages; absent where the ILS cannot tell. */
  changesSince?(sinceMs: number, page: number): Promise<IlsAnswer<ChangesPage>>;
  close(): Promise<void>;
}

export interface ChangesPage {
  readonly items: readonly (Pick<IlsItem, 'barcode' | 'status' | 'dueAtMs'> & { readonly changedAtMs: number })[];
  readonly hasMore: boolean;
}

export const AWAY = { outcome: 'away' } as const;
export const UNKNOWN = { outcome: 'unknown' } as const;

export function done<Value>(value: Value): { readonly outcome: 'done'; readonly value: Value } {
  return { outcome: 'done', value };
}

export function refuse(code: RefusalCode): { readonly outcome: 'refused'; readonly code: RefusalCode } {
  return { outcome: 'refused', code };
}
