/**
 * What a terminal asks, by what it wants to know or do. Dates are texts of `dates.ts`; which zone they are in is the
 * library's setting. Fields stand in the order of the document; an empty one is sent where the document requires it.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Messages".
 */
import { NO_DATE } from '#contract/codec/sip2/dates.ts';
import type { Sip2Field } from '#contract/codec/sip2/message.ts';

/** A message but for its sequence number and checksum, which belong to the line. */
export interface Sip2Content {
  readonly code: string;
  readonly fixed: Readonly<Record<string, string>>;
  readonly fields: readonly Sip2Field[];
}

/** What every request says about where it comes from. */
export interface Asking {
  /** The transaction's time. */
  readonly date: string;
  /** AO; many systems take an empty one. */
  readonly institution: string;
  /** AC; most systems take an empty one. */
  readonly terminalPassword?: string;
}

export interface OfPatron extends Asking {
  readonly patronId: string;
  /** AD; left out where nobody typed one. */
  readonly pin?: string;
}

export interface OfItem extends Asking {
  readonly itemId: string;
}

export interface LoanRequest extends OfPatron, OfItem {
  /** The loan was made while nobody could be asked: it is told, not requested. */
  readonly isNoBlock?: boolean;
  /** When it is due, as the terminal told the reader; only with `isNoBlock`. */
  readonly noBlockDue?: string;
  /** A second loan of the same item may be taken as a renewal. */
  readonly mayRenew?: boolean;
  readonly isFeeAcknowledged?: boolean;
  readonly itemProperties?: string;
  /** Undoes a loan that could not be finished (BI). */
  readonly isCancel?: boolean;
}

export interface ReturnRequest extends OfItem {
  readonly isNoBlock?: boolean;
  /** When the item was put in; the transaction's time when nothing is said. */
  readonly returnDate?: string;
  /** AP. */
  readonly location: string;
  readonly itemProperties?: string;
  readonly isCancel?: boolean;
}

/** The one list that 63 may ask for. */
export type PatronList = 'hold' | 'overdue' | 'charged' | 'fine' | 'recall' | 'unavailable';

const LISTS: readonly PatronList[] = ['hold', 'overdue', 'charged', 'fine', 'recall', 'unavailable'];

const yesNo = (isSo: boolean | undefined): 'Y' | 'N' => (isSo === true ? 'Y' : 'N');
/** Of a field that may be left out. */
const flag = (isSo: boolean | undefined): 'Y' | 'N' | undefined => (isSo === undefined ? undefined : yesNo(isSo));

/** Fields that are always there, and those with a value. */
function fields(all: readonly (readonly [id: string, value: string | undefined])[]): readonly Sip2Field[] {
  return all.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const]));
}

/** 93: who the terminal is; `location` decides the branch at many systems. */
export function loginRequest(user: string, password: string, location = ''): Sip2Content {
  return {
    code: '93',
    fixed: { uidAlgorithm: '0', pwdAlgorithm: '0' },
    fields: [['CN', user], ['CO', password], ...fields([['CP', location === '' ? undefined : location]])],
  };
}

/** `statusCode` 0: well; 1: out of paper; 2: about to shut down. */
export function statusRequest(statusCode: '0' | '1' | '2' = '0', maxPrintWidth = 80): Sip2Content {
  const width = String(Math.min(999, Math.max(0, Math.trunc(maxPrintWidth)))).padStart(3, '0');
  return { code: '99', fixed: { statusCode, maxPrintWidth: width, protocolVersion: '2.00' }, fields: [] };
}

/** 11: lend an item. */
export function checkoutRequest(asked: LoanRequest): Sip2Content {
  return {
    code: '11',
    fixed: {
      scRenewalPolicy: yesNo(asked.mayRenew),
      noBlock: yesNo(asked.isNoBlock),
      transactionDate: asked.date,
      nbDueDate: asked.noBlockDue ?? NO_DATE,
    },
    fields: fields([
      ['AO', asked.institution],
      ['AA', asked.patronId],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
      ['CH', asked.itemProperties],
      ['AD', asked.pin],
      ['BO', flag(asked.isFeeAcknowledged)],
      ['BI', flag(asked.isCancel)],
    ]),
  };
}

/** 09: take an item back. */
export function checkinRequest(asked: ReturnRequest): Sip2Content {
  return {
    code: '09',
    fixed: {
      noBlock: yesNo(asked.isNoBlock),
      transactionDate: asked.date,
      returnDate: asked.returnDate ?? asked.date,
    },
    fields: fields([
      ['AP', asked.location],
      ['AO', asked.institution],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
      ['CH', asked.itemProperties],
      ['BI', flag(asked.isCancel)],
    ]),
  };
}

/** 29: keep an item longer. */
export function renewRequest(asked: LoanRequest): Sip2Content {
  return {
    code: '29',
    fixed: {
      thirdPartyAllowed: 'N',
      noBlock: yesNo(asked.isNoBlock),
      transactionDate: asked.date,
      nbDueDate: asked.noBlockDue ?? NO_DATE,
    },
    fields: fields([
      ['AO', asked.institution],
      ['AA', asked.patronId],
      ['AD', asked.pin],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
      ['CH', asked.itemProperties],
      ['BO', flag(asked.isFeeAcknowledged)],
    ]),
  };
}

/** 65: keep everything longer. */
export function renewAllRequest(asked: OfPatron & { readonly isFeeAcknowledged?: boolean }): Sip2Content {
  return {
    code: '65',
    fixed: { transactionDate: asked.date },
    fields: fields([
      ['AO', asked.institution],
      ['AA', asked.patronId],
      ['AD', asked.pin],
      ['AC', asked.terminalPassword ?? ''],
      ['BO', flag(asked.isFeeAcknowledged)],
    ]),
  };
}

/** 17: what the system knows of an item. */
export function itemRequest(asked: OfItem): Sip2Content {
  return {
    code: '17',
    fixed: { transactionDate: asked.date },
    fields: [
      ['AO', asked.institution],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
    ],
  };
}

/** 19: set the properties of an item. */
export function itemUpdateRequest(asked: OfItem & { readonly itemProperties: string }): Sip2Content {
  return {
    code: '19',
    fixed: { transactionDate: asked.date },
    fields: [
      ['AO', asked.institution],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
      ['CH', asked.itemProperties],
    ],
  };
}

/** `001` is English; `000` leaves it to the library. */
export function patronStatusRequest(asked: OfPatron, language = '000'): Sip2Content {
  return { code: '23', fixed: { language, transactionDate: asked.date }, fields: patronFields(asked) };
}

/** With a `list`, items `from` to `to` of it (counted from 1); the document allows one list in a request. */
export function patronRequest(
  asked: OfPatron & {
    readonly language?: string;
    readonly list?: PatronList;
    readonly from?: number;
    readonly to?: number;
  },
): Sip2Content {
  const at = asked.list === undefined ? -1 : LISTS.indexOf(asked.list);
  const summary = Array.from({ length: 10 }, (_, position) => (position === at ? 'Y' : ' ')).join('');
  return {
    code: '63',
    fixed: { language: asked.language ?? '000', transactionDate: asked.date, summary },
    fields: [
      ...patronFields(asked),
      ...fields([
        ['BP', asked.from === undefined ? undefined : String(asked.from).padStart(5, '0')],
        ['BQ', asked.to === undefined ? undefined : String(asked.to).padStart(5, '0')],
      ]),
    ],
  };
}

/** 35: the reader is done. */
export function endSessionRequest(asked: OfPatron): Sip2Content {
  return { code: '35', fixed: { transactionDate: asked.date }, fields: patronFields(asked) };
}

/** 25: undo a block by 01. */
export function patronEnableRequest(asked: OfPatron): Sip2Content {
  return { code: '25', fixed: { transactionDate: asked.date }, fields: patronFields(asked) };
}

/** 01: block a card; answered by 24. */
export function blockPatronRequest(
  asked: OfPatron & { readonly isCardRetained: boolean; readonly reason: string },
): Sip2Content {
  return {
    code: '01',
    fixed: { cardRetained: yesNo(asked.isCardRetained), transactionDate: asked.date },
    fields: [
      ['AO', asked.institution],
      ['AL', asked.reason],
      ['AA', asked.patronId],
      ['AC', asked.terminalPassword ?? ''],
    ],
  };
}

export interface Payment extends OfPatron {
  /** With a decimal point and without a currency sign, e.g. `3.50`. */
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
  /** Two digits; `01` other, `04` overdue. */
  readonly feeType?: string;
  /** Two digits; `00` cash, `01` VISA, `02` credit card. */
  readonly paymentType?: string;
  readonly feeId?: string;
  /** The terminal's own number of the payment: a repeated one is recognised by it. */
  readonly transactionId?: string;
}

/** 37: a payment was made at the terminal. */
export function feePaidRequest(asked: Payment): Sip2Content {
  return {
    code: '37',
    fixed: {
      transactionDate: asked.date,
      feeType: asked.feeType ?? '01',
      paymentType: asked.paymentType ?? '00',
      currencyType: asked.currency,
    },
    fields: [
      ['BV', asked.amount],
      ...patronFields(asked),
      ...fields([
        ['CG', asked.feeId],
        ['BK', asked.transactionId],
      ]),
    ],
  };
}

/** `mode` +: place, -: cancel, *: change. */
export function holdRequest(
  asked: OfPatron & { readonly mode: '+' | '-' | '*'; readonly itemId: string; readonly pickup?: string },
): Sip2Content {
  return {
    code: '15',
    fixed: { holdMode: asked.mode, transactionDate: asked.date },
    fields: fields([
      ['BS', asked.pickup],
      ['AO', asked.institution],
      ['AA', asked.patronId],
      ['AD', asked.pin],
      ['AB', asked.itemId],
      ['AC', asked.terminalPassword ?? ''],
    ]),
  };
}

function patronFields(asked: OfPatron): readonly Sip2Field[] {
  return fields([
    ['AO', asked.institution],
    ['AA', asked.patronId],
    ['AC', asked.terminalPassword ?? ''],
    ['AD', asked.pin],
  ]);
}
