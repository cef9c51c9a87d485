/**
 * Every message of SIP2 with its fixed part, in wire order. Names are those of the document, in camel case. Variable
 * fields are not listed: any may stand anywhere, be repeated or be unknown, and is kept.
 *
 * Source: 3M Standard Interchange Protocol 2.00, "Messages", compared with Koha C4/SIP/Sip/MsgType.pm and the parsers
 * of FOLIO edge-sip2.
 */

/** A field of the fixed part. Width in characters, which are bytes: the fixed part is ASCII. */
export interface FixedField {
  readonly name: string;
  readonly width: number;
  /** `YYYYMMDDZZZZHHMMSS`; terminals also write it with one blank for the zone, or with none. */
  readonly isDate?: true;
  /** May hold a bar: see {@link SC_STATUS_VERSION}. */
  readonly mayHoldBar?: true;
}

export interface MessageLayout {
  readonly code: string;
  readonly name: string;
  readonly fixed: readonly FixedField[];
  /** Of a request: the code of its answer. */
  readonly answer?: string;
}

const date = (name: string): FixedField => ({ name, width: 18, isDate: true });
const text = (name: string, width: number): FixedField => ({ name, width });

const TRANSACTION_DATE = date('transactionDate');
const LANGUAGE = text('language', 3);
const PATRON_STATUS = text('patronStatus', 14);
const OK = text('ok', 1);

/**
 * The widely used client `sip2` for Node writes the width of 99 with two digits and a bar behind the version
 * (`990401.00|`): by position, its version is `.00|`.
 */
const SC_STATUS_VERSION: FixedField = { name: 'protocolVersion', width: 4, mayHoldBar: true };

const LOAN_ANSWER: readonly FixedField[] = [
  OK,
  text('renewalOk', 1),
  text('magneticMedia', 1),
  text('desensitize', 1),
  TRANSACTION_DATE,
];

const PATRON_INFORMATION_ANSWER: readonly FixedField[] = [
  PATRON_STATUS,
  LANGUAGE,
  TRANSACTION_DATE,
  text('holdItemsCount', 4),
  text('overdueItemsCount', 4),
  text('chargedItemsCount', 4),
  text('fineItemsCount', 4),
  text('recallItemsCount', 4),
  text('unavailableHoldsCount', 4),
];

const ACS_STATUS: readonly FixedField[] = [
  text('onLineStatus', 1),
  text('checkinOk', 1),
  text('checkoutOk', 1),
  text('acsRenewalPolicy', 1),
  text('statusUpdateOk', 1),
  text('offLineOk', 1),
  text('timeoutPeriod', 3),
  text('retriesAllowed', 3),
  date('dateTimeSync'),
  text('protocolVersion', 4),
];

/** What a terminal asks (SC to ACS). */
const REQUESTS: readonly MessageLayout[] = [
  { code: '01', name: 'Block Patron', fixed: [text('cardRetained', 1), TRANSACTION_DATE], answer: '24' },
  { code: '09', name: 'Checkin', fixed: [text('noBlock', 1), TRANSACTION_DATE, date('returnDate')], answer: '10' },
  {
    code: '11',
    name: 'Checkout',
    fixed: [text('scRenewalPolicy', 1), text('noBlock', 1), TRANSACTION_DATE, date('nbDueDate')],
    answer: '12',
  },
  { code: '15', name: 'Hold', fixed: [text('holdMode', 1), TRANSACTION_DATE], answer: '16' },
  { code: '17', name: 'Item Information', fixed: [TRANSACTION_DATE], answer: '18' },
  { code: '19', name: 'Item Status Update', fixed: [TRANSACTION_DATE], answer: '20' },
  { code: '23', name: 'Patron Status Request', fixed: [LANGUAGE, TRANSACTION_DATE], answer: '24' },
  { code: '25', name: 'Patron Enable', fixed: [TRANSACTION_DATE], answer: '26' },
  {
    code: '29',
    name: 'Renew',
    fixed: [text('thirdPartyAllowed', 1), text('noBlock', 1), TRANSACTION_DATE, date('nbDueDate')],
    answer: '30',
  },
  { code: '35', name: 'End Patron Session', fixed: [TRANSACTION_DATE], answer: '36' },
  {
    code: '37',
    name: 'Fee Paid',
    fixed: [TRANSACTION_DATE, text('feeType', 2), text('paymentType', 2), text('currencyType', 3)],
    answer: '38',
  },
  { code: '63', name: 'Patron Information', fixed: [LANGUAGE, TRANSACTION_DATE, text('summary', 10)], answer: '64' },
  { code: '65', name: 'Renew All', fixed: [TRANSACTION_DATE], answer: '66' },
  { code: '93', name: 'Login', fixed: [text('uidAlgorithm', 1), text('pwdAlgorithm', 1)], answer: '94' },
  { code: '97', name: 'Request ACS Resend', fixed: [] },
  {
    code: '99',
    name: 'SC Status',
    fixed: [text('statusCode', 1), text('maxPrintWidth', 3), SC_STATUS_VERSION],
    answer: '98',
  },
];

/** What the library's system answers (ACS to SC). */
const ANSWERS: readonly MessageLayout[] = [
  {
    code: '10',
    name: 'Checkin Response',
    fixed: [OK, text('resensitize', 1), text('magneticMedia', 1), text('alert', 1), TRANSACTION_DATE],
  },
  { code: '12', name: 'Checkout Response', fixed: LOAN_ANSWER },
  { code: '16', name: 'Hold Response', fixed: [OK, text('available', 1), TRANSACTION_DATE] },
  {
    code: '18',
    name: 'Item Information Response',
    fixed: [text('circulationStatus', 2), text('securityMarker', 2), text('feeType', 2), TRANSACTION_DATE],
  },
  { code: '20', name: 'Item Status Update Response', fixed: [text('itemPropertiesOk', 1), TRANSACTION_DATE] },
  { code: '24', name: 'Patron Status Response', fixed: [PATRON_STATUS, LANGUAGE, TRANSACTION_DATE] },
  { code: '26', name: 'Patron Enable Response', fixed: [PATRON_STATUS, LANGUAGE, TRANSACTION_DATE] },
  { code: '30', name: 'Renew Response', fixed: LOAN_ANSWER },
  { code: '36', name: 'End Session Response', fixed: [text('endSession', 1), TRANSACTION_DATE] },
  { code: '38', name: 'Fee Paid Response', fixed: [text('paymentAccepted', 1), TRANSACTION_DATE] },
  { code: '64', name: 'Patron Information Response', fixed: PATRON_INFORMATION_ANSWER },
  {
    code: '66',
    name: 'Renew All Response',
    fixed: [OK, text('renewedCount', 4), text('unrenewedCount', 4), TRANSACTION_DATE],
  },
  { code: '94', name: 'Login Response', fixed: [OK] },
  { code: '96', name: 'Request SC Resend', fixed: [] },
  { code: '98', name: 'ACS Status', fixed: ACS_STATUS },
];

export const SIP2_LAYOUTS: ReadonlyMap<string, MessageLayout> = new Map(
  [...REQUESTS, ...ANSWERS].map((layout) => [layout.code, layout]),
);
