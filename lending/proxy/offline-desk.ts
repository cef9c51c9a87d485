/**
 * Answers terminals while the library system is away: 10, 12, 18, 64, 98 and the rest, by the library's rules and from the
 * ledger. What is promised here stands on disk before it is said.
 */
import type { Clock } from '#contract/clock.ts';
import type { Sip2Charset } from '#contract/codec/sip2/charset.ts';
import { plainText } from '#contract/codec/sip2/charset.ts';
import { localSip2Date } from '#contract/codec/sip2/dates.ts';
import { fieldOf, type Sip2Field } from '#contract/codec/sip2/message.ts';
import type { ReadMessage } from '#contract/codec/sip2/read.ts';
import type { Sip2Content } from '#contract/codec/sip2/requests.ts';
import { barcode } from '#contract/domain/ids.ts';
import type { Ledger } from '#lending/queue/ledger.ts';
import { offlineRefusal, offlineReturnRefusal, type OfflineRules } from '#lending/queue/offline-rules.ts';

const DAY_MS = 86_400_000;
const CARD_CHARS_MAX = 64;
/** Of the sixteen messages of BX, those that are served here: 23 11 09 99 97 93 63 35 17. */
const SERVED = 'YYYNYYYYYNYNNNNN';
const NO_FLAGS = ' '.repeat(14);
const ALL_DENIED = `YYYY${' '.repeat(10)}`;
/** Tenths of a second, and tries. */
const TIMEOUT = '100';
const RETRIES = '003';

export interface DeskOptions {
  readonly ledger: Ledger;
  readonly rules: OfflineRules;
  readonly clock: Clock;
  readonly deskText: string;
  readonly charset: Sip2Charset;
}

export interface Asked {
  readonly station: string;
  readonly isSessionKnown: boolean;
  /** It went to the library system and no answer came: it may be there. */
  readonly isUnclear: boolean;
}

export class OfflineDesk {
  readonly timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  readonly #options: DeskOptions;
  readonly #deskText: string;
  #institution = '';

  constructor(options: DeskOptions) {
    this.#options = options;
    this.#deskText = plainText(options.deskText, options.charset);
  }

  noteInstitution(institution: string | undefined): void {
    if (institution !== undefined) this.#institution = institution;
  }

  /** Undefined for what has no answer without the library system: the connection is closed. */
  answer(message: ReadMessage, asked: Asked): Sip2Content | undefined {
    switch (message.code) {
      case '99':
        return this.#status();
      case '23':
      case '63':
        return this.#patron(message, asked);
      case '11':
        return this.#lend(message, asked);
      case '09':
        return this.#takeBack(message, asked);
      case '17':
        return this.#item(message);
      case '35':
        return this.#plain('36', { endSession: 'Y' }, message, ['AA']);
      case '29':
        return this.#lent('30', message, undefined);
      case '65':
        return this.#plain('66', { ok: '0', renewedCount: '0000', unrenewedCount: '0000' }, message, ['AA'], true);
      case '15':
        return this.#plain('16', { ok: '0', available: 'N' }, message, ['AA', 'AB'], true);
      case '19':
        return this.#plain('20', { itemPropertiesOk: '0' }, message, ['AB'], true);
      case '37':
        return this.#plain('38', { paymentAccepted: 'N' }, message, ['AA'], true);
      case '01':
      case '25':
        return this.#patron(message, { ...asked, isSessionKnown: false });
      default:
        return undefined;
    }
  }

  #status(): Sip2Content {
    const { rules } = this.#options;
    return {
      code: '98',
      fixed: {
        onLineStatus: 'Y',
        checkinOk: rules.isEnabled ? 'Y' : 'N',
        checkoutOk: rules.isEnabled ? 'Y' : 'N',
        acsRenewalPolicy: 'N',
        statusUpdateOk: 'N',
        offLineOk: 'Y',
        timeoutPeriod: TIMEOUT,
        retriesAllowed: RETRIES,
        dateTimeSync: this.#now(),
        protocolVersion: '2.00',
      },
      fields: [
        ['AO', this.#institution],
        ['BX', SERVED],
      ],
    };
  }

  /** No name is known, and no PIN can be checked: a new session only where the library allows it. */
  #patron(message: ReadMessage, { isSessionKnown }: Asked): Sip2Content {
    const { rules } = this.#options;
    const card = fieldOf(message, 'AA') ?? '';
    const isLet = rules.isEnabled && isCard(card) && (isSessionKnown || rules.newSessions);
    const code = message.code === '63' ? '64' : message.code === '25' ? '26' : '24';
    const counts = ['hold', 'overdue', 'charged', 'fine', 'recall'].map(
      (name) => [`${name}ItemsCount`, '0000'] as const,
    );
    return {
      code,
      fixed: {
        patronStatus: isLet ? NO_FLAGS : ALL_DENIED,
        language: message.fixed['language'] ?? '000',
        transactionDate: this.#now(),
        ...(code === '64' && { ...Object.fromEntries(counts), unavailableHoldsCount: '0000' }),
      },
      fields: [
        ...this.#institutionOf(message),
        ['AA', card],
        ['AE', ''],
        ['BL', isLet ? 'Y' : 'N'],
        ...(fieldOf(message, 'AD') === undefined ? [] : ([['CQ', isLet ? 'Y' : 'N']] as const)),
        ...(isLet ? [] : this.#seeDesk()),
      ],
    };
  }

  #lend(message: ReadMessage, { station, isSessionKnown, isUnclear }: Asked): Sip2Content {
    const { ledger, rules, clock } = this.#options;
    const item = barcode.safeParse(fieldOf(message, 'AB') ?? '').data;
    const card = fieldOf(message, 'AA') ?? '';
    if (item === undefined || !isCard(card)) return this.#lent('12', message, undefined);
    const nowMs = clock.nowMs();
    const waiting = ledger.queuedLoansOf(card);
    const same = waiting.find((entry) => entry.item === item);
    // The terminal asks again because our answer was lost: the loan is made already.
    if (same !== undefined) return this.#lent('12', message, same.dueAtMs ?? nowMs);
    const holdsAtMs = ledger.holdsAtMs;
    const refusal = offlineRefusal(rules, {
      item,
      isSessionKnown,
      waitingLoans: waiting.length,
      isHeld: ledger.isHeld(item),
      holdsAgeMs: holdsAtMs === undefined ? undefined : nowMs - holdsAtMs,
    });
    if (refusal !== undefined && !isUnclear) return this.#lent('12', message, undefined);
    const id = ledger.begin({ kind: 'loan', item, station, card, atMs: nowMs });
    if (refusal !== undefined) {
      // The reader leaves without it; whether the library system has it is looked up later.
      ledger.markUnclear(id);
      return this.#lent('12', message, undefined);
    }
    const dueAtMs = nowMs + rules.daysUntilDue * DAY_MS;
    ledger.queue(id, { dueAtMs, secure: false });
    return this.#lent('12', message, dueAtMs);
  }

  #takeBack(message: ReadMessage, { station }: Asked): Sip2Content {
    const { ledger, rules, clock } = this.#options;
    const item = barcode.safeParse(fieldOf(message, 'AB') ?? '').data;
    const isTaken = item !== undefined && offlineReturnRefusal(rules, { item }) === undefined;
    if (isTaken) {
      const id = ledger.begin({ kind: 'return', item, station, atMs: clock.nowMs() });
      ledger.queue(id, { dueAtMs: null, secure: false });
    }
    return {
      code: '10',
      fixed: {
        ok: isTaken ? '1' : '0',
        resensitize: isTaken ? 'Y' : 'N',
        magneticMedia: 'U',
        alert: isTaken ? 'N' : 'Y',
        transactionDate: this.#now(),
      },
      fields: [
        ...this.#institutionOf(message),
        ['AB', fieldOf(message, 'AB') ?? ''],
        ['AQ', ''],
        ...(isTaken ? [] : this.#seeDesk()),
      ],
    };
  }

  #item(message: ReadMessage): Sip2Content {
    return {
      code: '18',
      // Other, other, other: what the copy is doing is known to the library system alone.
      fixed: { circulationStatus: '01', securityMarker: '00', feeType: '01', transactionDate: this.#now() },
      fields: [
        ['AB', fieldOf(message, 'AB') ?? ''],
        ['AJ', ''],
      ],
    };
  }

  /** 12 and 30; without a due date it is refused, and never said why. */
  #lent(code: '12' | '30', message: ReadMessage, dueAtMs: number | undefined): Sip2Content {
    const isLent = dueAtMs !== undefined;
    return {
      code,
      fixed: {
        ok: isLent ? '1' : '0',
        renewalOk: 'N',
        magneticMedia: 'U',
        desensitize: isLent ? 'Y' : 'N',
        transactionDate: this.#now(),
      },
      fields: [
        ...this.#institutionOf(message),
        ['AA', fieldOf(message, 'AA') ?? ''],
        ['AB', fieldOf(message, 'AB') ?? ''],
        ['AJ', ''],
        ['AH', isLent ? localSip2Date(dueAtMs, this.timeZone) : ''],
        ...(isLent ? [] : this.#seeDesk()),
      ],
    };
  }

  #plain(
    code: string,
    fixed: Readonly<Record<string, string>>,
    message: ReadMessage,
    ...[echoed, needsDesk = false]: readonly [readonly string[], boolean?]
  ): Sip2Content {
    const fields = echoed.map((id): Sip2Field => [id, fieldOf(message, id) ?? '']);
    return {
      code,
      fixed: { ...fixed, transactionDate: this.#now() },
      fields: [...this.#institutionOf(message), ...fields, ...(needsDesk ? this.#seeDesk() : [])],
    };
  }

  #institutionOf(message: ReadMessage): readonly Sip2Field[] {
    return [['AO', fieldOf(message, 'AO') ?? this.#institution]];
  }

  #seeDesk(): readonly Sip2Field[] {
    return [['AF', this.#deskText]];
  }

  #now(): string {
    return localSip2Date(this.#options.clock.nowMs(), this.timeZone);
  }
}

function isCard(card: string): boolean {
  return card.trim() !== '' && card.length <= CARD_CHARS_MAX;
}
