/**
 * The SIP2 side of the simulated library system: one signed-in terminal's requests, answered with the words and fields
 * that Koha uses.
 *
 * Source: Koha C4/SIP/Sip/MsgType.pm.
 */
import { plainText, type Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { localSip2Date } from '#contract/codec/sip2/dates.ts';
import { fieldOf, type Sip2Field, type Sip2Message } from '#contract/codec/sip2/message.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import type { IlsBooks, IlsItem, IlsPatron, LendOutcome } from './books.ts';

/** A terminal's account: branch and rights come from the login. */
export interface IlsAccount {
  readonly user: string;
  readonly password: string;
  readonly branch: string;
}

export interface DeskOptions {
  readonly books: IlsBooks;
  readonly accounts: readonly IlsAccount[];
  readonly institution: string;
  readonly libraryName: string;
  readonly timeZone: string;
  readonly charset: Sip2Charset;
  readonly nowMs: () => number;
}

/** One connection. `undefined` closes it. */
export class IlsDesk {
  readonly #options: DeskOptions;
  #account: IlsAccount | undefined;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  get isSignedIn(): boolean {
    return this.#account !== undefined;
  }

  answer(message: Sip2Message): Sip2Content | undefined {
    if (message.code === '93') return this.#login(message);
    if (this.#account === undefined && this.#options.accounts.length > 0) return undefined;
    switch (message.code) {
      case '99':
        return this.#status();
      case '11':
        return this.#lend(message);
      case '29':
        return this.#renew(message);
      case '65':
        return this.#renewAll(message);
      case '09':
        return this.#takeBack(message);
      case '17':
        return this.#item(message);
      case '23':
      case '01':
      case '25':
        return this.#patronStatus(message);
      case '63':
        return this.#patron(message);
      case '35':
        return this.#say('36', { endSession: 'Y' }, message, [['AF', 'Thank you !']]);
      case '37':
        return this.#pay(message);
      case '15':
        return this.#hold(message);
      case '19':
        return {
          code: '20',
          fixed: { itemPropertiesOk: '0', transactionDate: this.#now() },
          fields: [['AB', fieldOf(message, 'AB') ?? '']],
        };
      default:
        return undefined;
    }
  }

  #login(message: Sip2Message): Sip2Content {
    const { accounts } = this.#options;
    const found = accounts.find(({ user, password }) => {
      return user === fieldOf(message, 'CN') && password === fieldOf(message, 'CO');
    });
    const anybody = { user: '', password: '', branch: fieldOf(message, 'CP') ?? this.#options.institution };
    this.#account = accounts.length === 0 ? anybody : found;
    return { code: '94', fixed: { ok: this.#account === undefined ? '0' : '1' }, fields: [] };
  }

  #status(): Sip2Content {
    return {
      code: '98',
      fixed: {
        onLineStatus: 'Y',
        checkinOk: 'Y',
        checkoutOk: 'Y',
        acsRenewalPolicy: 'Y',
        statusUpdateOk: 'N',
        offLineOk: 'Y',
        timeoutPeriod: '100',
        retriesAllowed: '005',
        dateTimeSync: this.#now(),
        protocolVersion: '2.00',
      },
      fields: [
        ['AO', this.#options.institution],
        ['AM', this.#text(this.#options.libraryName)],
        ['BX', 'YYYYYYYYYYYNYYYY'],
        ['AN', this.#account?.branch ?? ''],
      ],
    };
  }

  #lend(message: Sip2Message): Sip2Content {
    const { books, nowMs } = this.#options;
    const patronId = fieldOf(message, 'AA') ?? '';
    const barcode = fieldOf(message, 'AB') ?? '';
    const isTold = message.fixed['noBlock'] === 'Y';
    const outcome = isTold ? books.tellLoan(patronId, barcode, nowMs()) : books.lend(patronId, barcode, nowMs());
    return this.#loanAnswer('12', message, outcome);
  }

  #renew(message: Sip2Message): Sip2Content {
    const { books, nowMs } = this.#options;
    const outcome = books.renew(fieldOf(message, 'AA') ?? '', fieldOf(message, 'AB') ?? '', nowMs());
    return this.#loanAnswer('30', message, outcome);
  }

  #loanAnswer(code: '12' | '30', message: Sip2Message, outcome: LendOutcome): Sip2Content {
    const { books, institution } = this.#options;
    const item = books.item(fieldOf(message, 'AB') ?? '');
    const patron = books.patron(fieldOf(message, 'AA') ?? '');
    return {
      code,
      fixed: {
        ok: outcome.isOk ? '1' : '0',
        renewalOk: outcome.isOk && outcome.isRenewal ? 'Y' : 'N',
        magneticMedia: outcome.isOk ? 'N' : 'U',
        desensitize: outcome.isOk && code === '12' ? 'Y' : 'N',
        transactionDate: this.#now(),
      },
      fields: [
        ['AO', institution],
        ['AA', fieldOf(message, 'AA') ?? ''],
        ['AB', fieldOf(message, 'AB') ?? ''],
        ['AJ', this.#text(item?.title ?? '')],
        ['AH', outcome.isOk ? this.#date(outcome.loan.dueMs) : ''],
        ...(outcome.isOk
          ? []
          : [['AF', this.#text(outcome.why)] as const, ['BL', patron === undefined ? 'N' : 'Y'] as const]),
      ],
    };
  }

  #renewAll(message: Sip2Message): Sip2Content {
    const { books, nowMs } = this.#options;
    const patron = books.patron(fieldOf(message, 'AA') ?? '');
    const outcomes = books
      .loansOf(patron?.id ?? '')
      .map((loan) => ({ loan, outcome: books.renew(loan.patronId, loan.barcode, nowMs()) }));
    const renewed = outcomes.filter(({ outcome }) => outcome.isOk);
    return {
      code: '66',
      fixed: {
        ok: patron === undefined ? '0' : '1',
        renewedCount: count(renewed.length),
        unrenewedCount: count(outcomes.length - renewed.length),
        transactionDate: this.#now(),
      },
      fields: [
        ['AO', this.#options.institution],
        ...outcomes.map(({ loan, outcome }): Sip2Field => [outcome.isOk ? 'BM' : 'BN', loan.barcode]),
      ],
    };
  }

  #takeBack(message: Sip2Message): Sip2Content {
    const { books, nowMs, institution } = this.#options;
    const barcode = fieldOf(message, 'AB') ?? '';
    const isTold = message.fixed['noBlock'] === 'Y';
    const branch = this.#account?.branch ?? institution;
    const outcome = isTold ? { isOk: false, why: 'Checkin failed' } : books.takeBack(barcode, branch, nowMs());
    const item = books.item(barcode);
    const waiting = outcome.hold === undefined ? undefined : books.patron(outcome.hold.patronId);
    return {
      code: '10',
      fixed: {
        ok: outcome.isOk ? '1' : '0',
        resensitize: item === undefined ? 'N' : 'Y',
        magneticMedia: item === undefined ? 'U' : 'N',
        alert: !outcome.isOk || outcome.alert !== undefined ? 'Y' : 'N',
        transactionDate: this.#now(),
      },
      fields: present([
        ['AO', fieldOf(message, 'AO') ?? ''],
        ['AB', barcode],
        ['AQ', item?.branch],
        ['AJ', item && this.#text(item.title)],
        ['AA', outcome.patronId],
        ['CS', item?.callNumber === undefined ? undefined : this.#text(item.callNumber)],
        ['CY', waiting?.id],
        ['CT', outcome.destination],
        ['DA', waiting && this.#text(waiting.name)],
        ['CR', item?.collection],
        ['CV', outcome.alert],
        ['AF', outcome.why],
      ]),
    };
  }

  #item(message: Sip2Message): Sip2Content {
    const { books } = this.#options;
    const barcode = fieldOf(message, 'AB') ?? '';
    const item = books.item(barcode);
    const loan = books.loanOf(barcode);
    const holds = item === undefined ? [] : books.holdsOn(item.barcode);
    const status = item === undefined ? '01' : loan !== undefined ? '04' : holds.length > 0 ? '08' : '03';
    return {
      code: '18',
      fixed: { circulationStatus: status, securityMarker: '02', feeType: '01', transactionDate: this.#now() },
      fields: present([
        ['CF', item && String(holds.length)],
        ['AH', loan && this.#date(loan.dueMs)],
        ['AB', barcode],
        ['AJ', this.#text(item?.title ?? '')],
        ...this.#itemFields(item),
        ['AF', item === undefined ? 'Invalid Item' : undefined],
      ]),
    };
  }

  #itemFields(item: IlsItem | undefined): readonly (readonly [string, string | undefined])[] {
    return [
      ['BG', item && this.#options.institution],
      ['AP', item?.branch],
      ['AQ', item?.branch],
      ['CS', item?.callNumber === undefined ? undefined : this.#text(item.callNumber)],
      ['CR', item?.collection],
    ];
  }

  #patronStatus(message: Sip2Message): Sip2Content {
    const { books } = this.#options;
    const id = fieldOf(message, 'AA') ?? '';
    if (message.code === '01') books.setBlocked(id, true);
    if (message.code === '25') books.setBlocked(id, false);
    return {
      code: message.code === '25' ? '26' : '24',
      fixed: {
        patronStatus: this.#flags(books.patron(id)),
        language: message.fixed['language'] ?? '000',
        transactionDate: this.#now(),
      },
      fields: this.#patronFields(message, books.patron(id)),
    };
  }

  #patron(message: Sip2Message): Sip2Content {
    const { books } = this.#options;
    const patron = books.patron(fieldOf(message, 'AA') ?? '');
    const loans = patron === undefined ? [] : books.loansOf(patron.id);
    const overdue = loans.filter((loan) => loan.dueMs < this.#options.nowMs());
    const holds = patron === undefined ? [] : books.holdsOf(patron.id);
    const summary = message.fixed['summary'] ?? '';
    const lists: readonly (readonly [string, readonly { readonly barcode: string }[]])[] = [
      ['AS', holds],
      ['AT', overdue],
      ['AU', loans],
    ];
    const from = Math.max(1, Number.parseInt(fieldOf(message, 'BP') ?? '1', 10) || 1);
    const to = Number.parseInt(fieldOf(message, 'BQ') ?? '', 10) || Number.MAX_SAFE_INTEGER;
    return {
      code: '64',
      fixed: {
        patronStatus: this.#flags(patron),
        language: message.fixed['language'] ?? '000',
        transactionDate: this.#now(),
        holdItemsCount: count(holds.length),
        overdueItemsCount: count(overdue.length),
        chargedItemsCount: count(loans.length),
        fineItemsCount: count(0),
        recallItemsCount: count(0),
        unavailableHoldsCount: count(0),
      },
      fields: [
        ...this.#patronFields(message, patron),
        ['CB', String(books.loansMax()).padStart(4, '0')],
        ...lists.flatMap(([id, entries], at) =>
          summary[at] === 'Y' ? entries.slice(from - 1, to).map(({ barcode }): Sip2Field => [id, barcode]) : [],
        ),
      ],
    };
  }

  #patronFields(message: Sip2Message, patron: IlsPatron | undefined): readonly Sip2Field[] {
    const { books, institution } = this.#options;
    const pin = fieldOf(message, 'AD');
    const fees = patron === undefined ? 0 : books.feesCents(patron);
    return present([
      ['AO', institution],
      ['AA', patron?.id ?? fieldOf(message, 'AA') ?? ''],
      ['AE', this.#text(patron?.name ?? '')],
      ['BL', patron === undefined ? 'N' : 'Y'],
      ['CQ', patron !== undefined && (patron.pin === undefined || patron.pin === pin) ? 'Y' : 'N'],
      ['BH', 'EUR'],
      ['BV', fees > 0 ? (fees / 100).toFixed(2) : undefined],
      ['AF', patron === undefined ? 'Invalid cardnumber' : undefined],
    ]);
  }

  #flags(patron: IlsPatron | undefined): string {
    if (patron === undefined) return 'YYYY'.padEnd(14);
    const { books } = this.#options;
    const isBlocked = books.isBlocked(patron);
    const flags = Array.from({ length: 14 }, () => ' ');
    for (const at of [0, 1, 2, 3]) flags[at] = isBlocked ? 'Y' : ' ';
    if (books.loansOf(patron.id).length >= books.loansMax()) flags[5] = 'Y';
    return flags.join('');
  }

  #pay(message: Sip2Message): Sip2Content {
    const { books, nowMs } = this.#options;
    const cents = Math.round(Number(fieldOf(message, 'BV')) * 100);
    const isPaid = books.pay(fieldOf(message, 'AA') ?? '', cents, nowMs(), fieldOf(message, 'BK'));
    return this.#say('38', { paymentAccepted: isPaid ? 'Y' : 'N' }, message, []);
  }

  #hold(message: Sip2Message): Sip2Content {
    const { books, institution } = this.#options;
    const patronId = fieldOf(message, 'AA') ?? '';
    const barcode = fieldOf(message, 'AB') ?? '';
    const pickup = fieldOf(message, 'BS') ?? this.#account?.branch ?? institution;
    const isDone =
      message.fixed['holdMode'] === '-'
        ? books.cancelHold(patronId, barcode)
        : books.placeHold(patronId, barcode, pickup);
    return this.#say('16', { ok: isDone ? '1' : '0', available: 'N' }, message, [['AB', barcode]]);
  }

  #say(
    code: string,
    fixed: Readonly<Record<string, string>>,
    message: Sip2Message,
    more: readonly Sip2Field[],
  ): Sip2Content {
    const own: readonly Sip2Field[] = [
      ['AO', this.#options.institution],
      ['AA', fieldOf(message, 'AA') ?? ''],
    ];
    return { code, fixed: { ...fixed, transactionDate: this.#now() }, fields: [...own, ...more] };
  }

  #now(): string {
    return this.#date(this.#options.nowMs());
  }

  #date(atMs: number): string {
    return localSip2Date(atMs, this.#options.timeZone);
  }

  #text(text: string): string {
    return plainText(text, this.#options.charset);
  }
}

function count(value: number): string {
  return String(Math.min(9999, value)).padStart(4, '0');
}

function present(fields: readonly (readonly [string, string | undefined])[]): readonly Sip2Field[] {
  return fields.flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const]));
}
