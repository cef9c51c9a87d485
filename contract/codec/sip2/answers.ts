/**
 * What the library's system answered, in plain words. Texts for the screen stay in their order; what is not there is
 * left out, and unknown fields are still in the message.
 *
 * `CY`, `DA` and every name and address are personal data: for the slip or the screen, never for a store.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Messages", and its extensions of 2005 (CR, CS, CT, CV, CY, DA).
 */
import { readSip2Date, type Sip2Date } from '#contract/codec/sip2/dates.ts';
import type { PatronList } from '#contract/codec/sip2/requests.ts';
import { fieldOf, fieldsOf, type Sip2Message } from '#contract/codec/sip2/message.ts';

/** Lines for people. */
export interface Told {
  /** AF. */
  readonly screen: readonly string[];
  /** AG. */
  readonly print: readonly string[];
}

export interface LoanAnswer extends Told {
  readonly isOk: boolean;
  readonly isRenewal: boolean;
  /** The order to open the tag's security. Absent: not to be touched. */
  readonly mayDesensitize: boolean;
  readonly isMagnetic: boolean;
  readonly itemId?: string;
  readonly patronId?: string;
  readonly title?: string;
  /** AH as it came: systems write it as they like. */
  readonly dueText?: string;
  readonly due?: Sip2Date;
  readonly feeAmount?: string;
  readonly feeType?: string;
  readonly currency?: string;
  readonly mediaType?: string;
  readonly itemProperties?: string;
  readonly transactionId?: string;
}

/** Of 12 and of 30. */
export function readLoan(message: Sip2Message): LoanAnswer {
  const { fixed } = message;
  return {
    isOk: fixed['ok'] === '1' || fixed['ok'] === 'Y',
    isRenewal: fixed['renewalOk'] === 'Y',
    mayDesensitize: fixed['desensitize'] === 'Y',
    isMagnetic: fixed['magneticMedia'] === 'Y',
    ...told(message),
    ...named(message, {
      itemId: 'AB',
      patronId: 'AA',
      title: 'AJ',
      dueText: 'AH',
      feeAmount: 'BV',
      feeType: 'BT',
      currency: 'BH',
      mediaType: 'CK',
      itemProperties: 'CH',
      transactionId: 'BK',
    }),
    ...dueOf(message),
  };
}

/** CV of 10: why the item does not simply go back to its shelf. */
export const ALERT_TYPES: Readonly<Record<string, string>> = {
  '00': 'none',
  '01': 'hold-here',
  '02': 'hold-elsewhere',
  '03': 'interlibrary-loan',
  '04': 'send-to-branch',
  '98': 'data-problem',
  '99': 'other',
};

export interface ReturnAnswer extends Told {
  readonly isOk: boolean;
  /** The order to arm the tag's security again. */
  readonly mustResensitize: boolean;
  readonly isMagnetic: boolean;
  readonly isAlert: boolean;
  /** CV, see {@link ALERT_TYPES}. */
  readonly alertType?: string;
  readonly itemId?: string;
  readonly title?: string;
  readonly permanentLocation?: string;
  readonly sortBin?: string;
  readonly destination?: string;
  readonly callNumber?: string;
  readonly collection?: string;
  readonly mediaType?: string;
  readonly itemProperties?: string;
  /** Personal data: for the hold slip alone. */
  readonly holdPatronId?: string;
  readonly holdPatronName?: string;
}

/** Of 10. */
export function readReturn(message: Sip2Message): ReturnAnswer {
  const { fixed } = message;
  return {
    isOk: fixed['ok'] === '1' || fixed['ok'] === 'Y',
    mustResensitize: fixed['resensitize'] === 'Y',
    isMagnetic: fixed['magneticMedia'] === 'Y',
    isAlert: fixed['alert'] === 'Y',
    ...told(message),
    ...named(message, {
      alertType: 'CV',
      itemId: 'AB',
      title: 'AJ',
      permanentLocation: 'AQ',
      sortBin: 'CL',
      destination: 'CT',
      callNumber: 'CS',
      collection: 'CR',
      mediaType: 'CK',
      itemProperties: 'CH',
      holdPatronId: 'CY',
      holdPatronName: 'DA',
    }),
  };
}

/** Circulation status of 18. */
export const CIRCULATION_STATUS: Readonly<Record<string, string>> = {
  '01': 'other',
  '02': 'on-order',
  '03': 'available',
  '04': 'charged',
  '05': 'charged-until-earliest-recall',
  '06': 'in-process',
  '07': 'recalled',
  '08': 'on-hold-shelf',
  '09': 'to-be-reshelved',
  '10': 'in-transit',
  '11': 'claimed-returned',
  '12': 'lost',
  '13': 'missing',
};

export interface ItemAnswer extends Told {
  /** A name of {@link CIRCULATION_STATUS}; `other` where the number is none of them. */
  readonly status: string;
  /** Some systems answer 18 also for an item they do not know: without a title. */
  readonly isKnown: boolean;
  readonly itemId?: string;
  readonly title?: string;
  readonly dueText?: string;
  readonly due?: Sip2Date;
  readonly holdQueueLength?: number;
  readonly owner?: string;
  readonly permanentLocation?: string;
  readonly currentLocation?: string;
  readonly callNumber?: string;
  readonly collection?: string;
  readonly mediaType?: string;
  readonly itemProperties?: string;
  readonly destination?: string;
  /** Who has it, where a system tells (an extension). Personal data. */
  readonly patronId?: string;
}

/** Of 18. */
export function readItem(message: Sip2Message): ItemAnswer {
  const title = fieldOf(message, 'AJ') ?? '';
  const queue = fieldOf(message, 'CF') ?? '';
  return {
    status: CIRCULATION_STATUS[message.fixed['circulationStatus'] ?? ''] ?? 'other',
    isKnown: title.trim() !== '',
    ...told(message),
    ...named(message, {
      itemId: 'AB',
      title: 'AJ',
      dueText: 'AH',
      owner: 'BG',
      permanentLocation: 'AQ',
      currentLocation: 'AP',
      callNumber: 'CS',
      collection: 'CR',
      mediaType: 'CK',
      itemProperties: 'CH',
      destination: 'CT',
      patronId: 'AA',
    }),
    ...(/^\d+$/.test(queue) && { holdQueueLength: Number(queue) }),
    ...dueOf(message),
  };
}

/** The fourteen flags of 24, 26 and 64, in their order. Which of them stop a loan is the library's setting. */
export const PATRON_FLAGS = [
  'charge-denied',
  'renewal-denied',
  'recall-denied',
  'hold-denied',
  'card-lost',
  'too-many-charged',
  'too-many-overdue',
  'too-many-renewals',
  'too-many-claims-returned',
  'too-many-lost',
  'excessive-fines',
  'excessive-fees',
  'recall-overdue',
  'too-many-billed',
] as const;
export type PatronFlag = (typeof PATRON_FLAGS)[number];

export interface PatronAnswer extends Told {
  readonly flags: readonly PatronFlag[];
  /** BL; absent where the system does not say (SIP 1). */
  readonly isKnown?: boolean;
  /** CQ; absent where no PIN was asked for. */
  readonly isPinRight?: boolean;
  readonly patronId?: string;
  readonly name?: string;
  readonly feeAmount?: string;
  readonly currency?: string;
  readonly email?: string;
  /** Only of 64. */
  readonly counts?: Readonly<Record<PatronList, number>>;
  /** The one list that was asked for, as the system writes its items: barcodes or titles. */
  readonly items: readonly string[];
  readonly holdLimit?: string;
  readonly overdueLimit?: string;
  readonly loanLimit?: string;
  readonly feeLimit?: string;
}

const COUNT_PARTS = [
  'holdItemsCount',
  'overdueItemsCount',
  'chargedItemsCount',
  'fineItemsCount',
  'recallItemsCount',
  'unavailableHoldsCount',
];

/** Of 24, 26 and 64. */
export function readPatron(message: Sip2Message): PatronAnswer {
  const flags = message.fixed['patronStatus'] ?? '';
  const known = fieldOf(message, 'BL');
  const pin = fieldOf(message, 'CQ');
  const counts = COUNT_PARTS.map((part) => Number.parseInt(message.fixed[part] ?? '', 10) || 0);
  return {
    flags: PATRON_FLAGS.filter((_, at) => flags[at] === 'Y'),
    items: ['AS', 'AT', 'AU', 'AV', 'BU', 'CD'].flatMap((id) => fieldsOf(message, id)),
    ...told(message),
    ...named(message, {
      patronId: 'AA',
      name: 'AE',
      feeAmount: 'BV',
      currency: 'BH',
      email: 'BE',
      holdLimit: 'BZ',
      overdueLimit: 'CA',
      loanLimit: 'CB',
      feeLimit: 'CC',
    }),
    ...(known !== undefined && { isKnown: known === 'Y' }),
    ...(pin !== undefined && { isPinRight: pin === 'Y' }),
    ...(message.code === '64' && { counts: countsOf(counts) }),
  };
}

function countsOf(values: readonly number[]): Readonly<Record<PatronList, number>> {
  const [hold = 0, overdue = 0, charged = 0, fine = 0, recall = 0, unavailable = 0] = values;
  return { hold, overdue, charged, fine, recall, unavailable };
}

export interface StatusAnswer extends Told {
  readonly isOnline: boolean;
  readonly mayLend: boolean;
  readonly mayReturn: boolean;
  readonly mayRenew: boolean;
  readonly mayUpdateStatus: boolean;
  /** Transactions made without asking are taken (no block). */
  readonly takesOffline: boolean;
  /** How long to wait for an answer; absent where the system does not say (999). */
  readonly timeoutMs?: number;
  /** How often to ask again; absent where the system does not say (999). */
  readonly retries?: number;
  readonly version: string;
  readonly institution?: string;
  readonly libraryName?: string;
  readonly terminalLocation?: string;
  /** Codes of the requests that BX says are understood; absent without BX. */
  readonly supported?: readonly string[];
}

/** The sixteen places of BX. */
const SUPPORTED = ['23', '11', '09', '01', '99', '97', '93', '63', '35', '37', '17', '19', '25', '15', '29', '65'];

/** Of 98. The time-out is in tenths of a second. */
export function readStatus(message: Sip2Message): StatusAnswer {
  const { fixed } = message;
  const isYes = (part: string): boolean => fixed[part] === 'Y';
  const timeout = fixed['timeoutPeriod'] ?? '';
  const retries = fixed['retriesAllowed'] ?? '';
  const supported = fieldOf(message, 'BX');
  return {
    isOnline: isYes('onLineStatus'),
    mayLend: isYes('checkoutOk'),
    mayReturn: isYes('checkinOk'),
    mayRenew: isYes('acsRenewalPolicy'),
    mayUpdateStatus: isYes('statusUpdateOk'),
    takesOffline: isYes('offLineOk'),
    version: fixed['protocolVersion'] ?? '',
    ...told(message),
    ...named(message, { institution: 'AO', libraryName: 'AM', terminalLocation: 'AN' }),
    ...(/^\d{3}$/.test(timeout) && timeout !== '999' && timeout !== '000' && { timeoutMs: Number(timeout) * 100 }),
    ...(/^\d{3}$/.test(retries) && retries !== '999' && { retries: Number(retries) }),
    ...(supported !== undefined && { supported: SUPPORTED.filter((_, at) => supported[at] === 'Y') }),
  };
}

export interface PlainAnswer extends Told {
  readonly isOk: boolean;
  readonly transactionId?: string;
}

/** Of 16, 20, 36, 38, 66 and 94: whether it was done. */
export function readPlain(message: Sip2Message): PlainAnswer {
  const [first = ''] = Object.values(message.fixed);
  return { isOk: first === '1' || first === 'Y', ...told(message), ...named(message, { transactionId: 'BK' }) };
}

function told(message: Sip2Message): Told {
  return { screen: fieldsOf(message, 'AF'), print: fieldsOf(message, 'AG') };
}

/** Fields by plain names; what is absent or empty is left out. */
function named<Name extends string>(
  message: Sip2Message,
  names: Readonly<Record<Name, string>>,
): Partial<Record<Name, string>> {
  const found: Partial<Record<Name, string>> = {};
  for (const name of Object.keys(names) as Name[]) {
    const value = fieldOf(message, names[name])?.trim();
    if (value !== undefined && value !== '') found[name] = value;
  }
  return found;
}

/** `AH` where it can be understood without guessing: SIP2's own form, or year first. */
function dueOf(message: Sip2Message): { readonly due?: Sip2Date } {
  const text = fieldOf(message, 'AH')?.trim() ?? '';
  const iso = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?$/.exec(text);
  const [, year, month, day, hour = '23', minute = '59', second = '00'] = iso ?? [];
  const due = readSip2Date(
    iso === null ? text : `${year ?? ''}${month ?? ''}${day ?? ''}    ${hour}${minute}${second}`,
  );
  return due === undefined ? {} : { due };
}
