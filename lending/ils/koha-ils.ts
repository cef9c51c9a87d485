/**
 * The port over Koha's REST API. It has no return: give the SIP2 server as well, or returns are refused.
 *
 * Source: Koha api/v1/swagger (items, patrons, checkouts, holds, auth) and Koha/REST/V1/Checkouts.pm.
 */
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import { createHttpClient } from './http-client.ts';
import { andThen, askFor, beforeSending, timeOf } from './json.ts';
import { done, refuse, type Credentials, type IlsAnswer, type IlsPort, type LoanDone } from './port.ts';
import { sip2Ils } from './sip2-ils.ts';

export const kohaIls = z.strictObject({
  kind: z.literal('koha'),
  /** The staff interface, without /api/v1. */
  url: z.url({ protocol: /^https?$/ }),
  user: z.string().min(1).max(255),
  /** Of a user with the rights circulate, borrowers and catalogue. */
  secret: z.string().min(1).max(255),
  timeoutMs: z.int().min(100).max(60_000).default(8000),
  requestsPerSecond: z.number().min(0.1).max(1000).default(20),
  /** For returns. */
  returns: sip2Ils.optional(),
});
export type KohaConfig = z.infer<typeof kohaIls>;

const PAGE_ROWS = 100;
const ROWS_MAX = 500;

const flag = z.union([z.number(), z.string(), z.boolean()]).nullish();
const item = z.looseObject({
  item_id: z.int(),
  external_id: z.string().nullish(),
  callnumber: z.string().nullish(),
  home_library_id: z.string().nullish(),
  lost_status: flag,
  withdrawn: flag,
  checked_out_date: z.string().nullish(),
  timestamp: z.string().nullish(),
  biblio: z.looseObject({ title: z.string().nullish() }).nullish(),
});
type KohaItem = z.infer<typeof item>;
const patron = z.looseObject({
  patron_id: z.int(),
  restricted: z.boolean().nullish(),
  expiry_date: z.string().nullish(),
  patron_card_lost: z.boolean().nullish(),
});
const checkout = z.looseObject({ checkout_id: z.int(), item_id: z.int().nullish(), due_date: z.string().nullish() });
const availability = z.looseObject({
  blockers: z.record(z.string(), z.unknown()),
  confirms: z.record(z.string(), z.unknown()),
  confirmation_token: z.string().nullish(),
});
const hold = z.looseObject({ item_id: z.int().nullish(), pickup_library_id: z.string().nullish() });

export function createKohaIls(config: KohaConfig, clock: Clock, returns?: IlsPort): IlsPort {
  const basic = new TextEncoder().encode(`${config.user}:${config.secret}`);
  const authorization = `Basic ${btoa(String.fromCharCode(...basic))}`;
  const http = createHttpClient({
    baseUrl: `${config.url.replace(/\/$/, '')}/api/v1`,
    headers: () => Promise.resolve({ authorization }),
    timeoutMs: config.timeoutMs,
    requestsPerSecond: config.requestsPerSecond,
    clock,
  });
  const q = (query: object, rest: Record<string, string> = {}): Record<string, string> => ({
    q: JSON.stringify(query),
    _per_page: String(ROWS_MAX),
    ...rest,
  });
  const findItem = async (barcode: string): Promise<IlsAnswer<KohaItem>> =>
    andThen(
      await askFor(
        http,
        { path: 'items', query: q({ external_id: barcode }), headers: { 'x-koha-embed': 'biblio' } },
        z.array(item),
      ),
      ([first]) => (first === undefined ? refuse('item-unknown') : done(first)),
    );
  const findPatron = async ({ card, pin }: Credentials): Promise<IlsAnswer<z.infer<typeof patron>>> => {
    const found = await andThen(
      await askFor(http, { path: 'patrons', query: q({ cardnumber: card }) }, z.array(patron)),
      ([first]) => (first === undefined ? refuse('patron-unknown') : done(first)),
    );
    if (found.outcome !== 'done' || pin === undefined) return found;
    const body = { identifier: card, password: pin };
    const checked = await askFor(
      http,
      { method: 'POST', path: 'auth/password/validation', body },
      z.unknown(),
      () => 'wrong-pin',
    );
    return checked.outcome === 'done' ? found : beforeSending(checked);
  };
  const loansOf = (patronId: number): Promise<IlsAnswer<z.infer<typeof checkout>[]>> =>
    askFor(
      http,
      { path: 'checkouts', query: { patron_id: String(patronId), _per_page: String(ROWS_MAX) } },
      z.array(checkout),
    );
  const itemsOf = async (ids: readonly number[]): Promise<IlsAnswer<ReadonlyMap<number, KohaItem>>> => {
    if (ids.length === 0) return done(new Map());
    const request = { path: 'items', query: q({ item_id: ids }), headers: { 'x-koha-embed': 'biblio' } };
    return andThen(await askFor(http, request, z.array(item)), (items) =>
      done(new Map(items.map((one) => [one.item_id, one]))),
    );
  };

  return {
    kind: 'koha',
    item: async (barcode) =>
      andThen(await findItem(barcode), (found) =>
        done({
          barcode,
          title: found.biblio?.title ?? '',
          status: statusOf(found),
          dueAtMs: null,
          ...(found.callnumber != null && { callNumber: found.callnumber }),
          ...(found.home_library_id != null && { homeLocation: found.home_library_id }),
        }),
      ),
    patron: async (who) =>
      andThen(await findPatron(who), async (found) => {
        const isExpired = (timeOf(found.expiry_date) ?? Number.POSITIVE_INFINITY) < clock.nowMs();
        const mayBorrow = found.restricted !== true && found.patron_card_lost !== true && !isExpired;
        return andThen(await loansOf(found.patron_id), (loans) =>
          done({ mayBorrow, mayRenew: mayBorrow, loanCount: loans.length }),
        );
      }),
    account: async (who) =>
      andThen(await findPatron(who), async ({ patron_id: id }) =>
        andThen(await loansOf(id), async (loans) =>
          andThen(await itemsOf(loans.flatMap((loan) => loan.item_id ?? [])), (items) => {
            const lines = loans.flatMap((loan) => {
              const lent = items.get(loan.item_id ?? -1);
              if (lent?.external_id == null) return [];
              return [{ barcode: lent.external_id, title: lent.biblio?.title ?? '', dueAtMs: timeOf(loan.due_date) }];
            });
            return done({ loans: lines, holdsReady: 0 });
          }),
        ),
      ),
    loan: async ({ item: barcode, hasHappened, ...who }) =>
      andThen(beforeSending(await findItem(barcode)), async (found) =>
        andThen(beforeSending(await findPatron(who)), async ({ patron_id: patronId }) => {
          const ids = { item_id: found.item_id, patron_id: patronId };
          const query = { item_id: String(found.item_id), patron_id: String(patronId) };
          const may = beforeSending(await askFor(http, { path: 'checkouts/availability', query }, availability));
          return andThen(may, async ({ blockers, confirms, confirmation_token: token }) => {
            const refusal = refusalOf(blockers, confirms, hasHappened);
            if (refusal !== undefined) return refuse(refusal);
            const confirmation: Record<string, string> = token == null ? {} : { confirmation: token };
            const request = { method: 'POST', path: 'checkouts', query: confirmation, body: ids } as const;
            return andThen(await askFor(http, request, checkout), (loan): IlsAnswer<LoanDone> => {
              return done({ title: found.biblio?.title ?? '', dueAtMs: timeOf(loan.due_date) });
            });
          });
        }),
      ),
    giveBack: (request) => returns?.giveBack(request) ?? Promise.resolve(refuse('not-supported')),
    renew: async ({ item: barcode, ...who }) =>
      andThen(beforeSending(await findItem(barcode)), async (found) =>
        andThen(beforeSending(await findPatron(who)), async ({ patron_id: id }) =>
          andThen(beforeSending(await loansOf(id)), async (loans) => {
            const loan = loans.find(({ item_id: itemId }) => itemId === found.item_id);
            if (loan === undefined) return refuse('item-not-on-loan');
            const request = { method: 'POST', path: `checkouts/${loan.checkout_id}/renewals` } as const;
            return andThen(await askFor(http, request, checkout, () => 'not-renewable'), ({ due_date: due }) =>
              done({ title: found.biblio?.title ?? '', dueAtMs: timeOf(due) }),
            );
          }),
        ),
      ),
    holdsToPull: async () =>
      andThen(await askFor(http, { path: 'holds', query: q({ status: null }) }, z.array(hold)), async (holds) =>
        andThen(await itemsOf(holds.flatMap(({ item_id: id }) => id ?? [])), (items) =>
          done(
            holds.flatMap(({ item_id: id, pickup_library_id: pickupPlace }) => {
              const barcode = items.get(id ?? -1)?.external_id;
              return barcode == null ? [] : [{ barcode, pickupPlace: pickupPlace ?? null }];
            }),
          ),
        ),
      ),
    changesSince: async (sinceMs, page) => {
      const query = q(
        { timestamp: { '>=': new Date(sinceMs).toISOString() } },
        { _order_by: '+timestamp,+item_id', _page: String(page), _per_page: String(PAGE_ROWS) },
      );
      return andThen(await askFor(http, { path: 'items', query }, z.array(item)), (rows) =>
        done({
          hasMore: rows.length === PAGE_ROWS,
          items: rows.flatMap((row) => {
            if (row.external_id == null) return [];
            const changedAtMs = timeOf(row.timestamp) ?? sinceMs;
            return [{ barcode: row.external_id, status: statusOf(row), dueAtMs: null, changedAtMs }];
          }),
        }),
      );
    },
    endSession: () => Promise.resolve(),
    close: async () => {
      http.close();
      await returns?.close();
    },
  };
}

function statusOf({ lost_status: lost, withdrawn, checked_out_date: lent }: KohaItem): IlsStatusName {
  const isSet = (value: unknown): boolean => value != null && value !== false && Number(value) !== 0;
  if (isSet(withdrawn)) return 'withdrawn';
  if (isSet(lost)) return 'lost';
  return lent == null ? 'available' : 'on-loan';
}

/** What somebody must confirm is for the desk; of what has happened already only the impossible is refused. */
function refusalOf(
  blockers: Readonly<Record<string, unknown>>,
  confirms: Readonly<Record<string, unknown>>,
  hasHappened: boolean,
): ReturnType<typeof refuse>['code'] | undefined {
  // To lend it would close this loan, whoever has it.
  if ('ISSUED_TO_ANOTHER' in confirms) return 'item-on-loan';
  const names = Object.keys(blockers);
  if (names.length > 0) {
    if (names.includes('NOT_FOR_LOAN')) return 'item-not-for-loan';
    if (names.includes('TOO_MANY')) return 'loan-limit';
    return names.some((name) => BLOCKS_OF_PATRON.has(name)) ? 'patron-blocked' : 'refused';
  }
  if (hasHappened) return undefined;
  if ('RESERVED' in confirms || 'RESERVE_WAITING' in confirms) return 'item-on-hold';
  if ('TOO_MANY' in confirms) return 'loan-limit';
  // The same reader has it: that is a renewal, and is asked for as one.
  if ('RENEW_ISSUE' in confirms) return 'item-on-loan';
  return Object.keys(confirms).length > 0 ? 'staff-needed' : undefined;
}

const BLOCKS_OF_PATRON = new Set([
  'USERBLOCKEDOVERDUE',
  'USERBLOCKEDWITHENDDATE',
  'USERBLOCKEDNOENDDATE',
  'GNA',
  'CARD_LOST',
  'DEBARRED',
  'EXPIRED',
  'DEBT',
  'DEBT_GUARANTEES',
]);
