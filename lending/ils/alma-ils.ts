/**
 * The port over Alma's REST API.
 *
 * Source: Ex Libris Developer Network, Users and Bibs APIs (loans, items by barcode, scan-in, requested resources).
 */
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import { createHttpClient } from './http-client.ts';
import { andThen, askFor, beforeSending, timeOf } from './json.ts';
import { done, refuse, type Credentials, type IlsAnswer, type IlsPort, type ReturnDone } from './port.ts';

export const almaIls = z.strictObject({
  kind: z.literal('alma'),
  /** With /almaws/v1, such as https://api-eu.hosted.exlibrisgroup.com/almaws/v1. */
  url: z.url({ protocol: /^https?$/ }),
  /** The API key, with write rights for users and bibs. */
  secret: z.string().min(1).max(255),
  /** Codes of the library and of the circulation desk at which all this happens. */
  library: z.string().min(1).max(64),
  circDesk: z.string().min(1).max(64),
  timeoutMs: z.int().min(100).max(60_000).default(10_000),
  /** Alma grants an institution 25 a second, for all its programs. */
  requestsPerSecond: z.number().min(0.1).max(100).default(10),
});
export type AlmaConfig = z.infer<typeof almaIls>;

const ROWS_MAX = '100';

const value = z.looseObject({ value: z.string().nullish() }).nullish();
const item = z.looseObject({
  bib_data: z.looseObject({ mms_id: z.string(), title: z.string().nullish() }),
  holding_data: z.looseObject({ holding_id: z.string(), call_number: z.string().nullish() }),
  item_data: z.looseObject({
    pid: z.string(),
    base_status: value,
    process_type: value,
    location: value,
    library: value,
  }),
  additional_info: z.string().nullish(),
});
type AlmaItem = z.infer<typeof item>;
const user = z.looseObject({
  status: value,
  user_block: z.array(z.looseObject({ block_type: value, block_status: z.string().nullish() })).nullish(),
});
const loan = z.looseObject({
  loan_id: z.string().nullish(),
  item_barcode: z.string().nullish(),
  title: z.string().nullish(),
  due_date: z.string().nullish(),
});
const loans = z.looseObject({ item_loan: z.array(loan).nullish(), total_record_count: z.int().nullish() });
const requested = z.looseObject({
  requested_resource: z
    .array(
      z.looseObject({
        location: z
          .looseObject({ copy: z.array(z.looseObject({ barcode: z.string().nullish() })).nullish() })
          .nullish(),
        request: z.array(z.looseObject({ destination: value })).nullish(),
      }),
    )
    .nullish(),
});

const PROCESS: Readonly<Record<string, IlsStatusName>> = {
  LOAN: 'on-loan',
  HOLDSHELF: 'on-hold',
  REQUESTED: 'on-hold',
  TRANSIT: 'in-transit',
  TRANSIT_TO_REMOTE_STORAGE: 'in-transit',
  LOST_LOAN: 'lost',
  LOST_LOAN_AND_PAID: 'lost',
  CLAIM_RETURNED_LOAN: 'on-loan',
  MISSING: 'missing',
};

export function createAlmaIls(config: AlmaConfig, clock: Clock): IlsPort {
  const { library, circDesk } = config;
  const http = createHttpClient({
    baseUrl: config.url,
    headers: () => Promise.resolve({ authorization: `apikey ${config.secret}` }),
    timeoutMs: config.timeoutMs,
    requestsPerSecond: config.requestsPerSecond,
    clock,
  });
  const ofUser = (card: string): string => `users/${encodeURIComponent(card)}`;
  // Alma redirects to the item itself.
  const findItem = (barcode: string): Promise<IlsAnswer<AlmaItem>> =>
    askFor(http, { path: 'items', query: { item_barcode: barcode } }, item, () => 'item-unknown');
  const findUser = async ({ card, pin }: Credentials): Promise<IlsAnswer<z.infer<typeof user>>> => {
    const found = await askFor(http, { path: ofUser(card), query: { view: 'brief' } }, user, () => 'patron-unknown');
    if (found.outcome !== 'done' || pin === undefined) return found;
    const headers = { 'exl-user-pw': pin };
    const request = { method: 'POST', path: ofUser(card), query: { op: 'auth' }, headers } as const;
    const checked = await askFor(http, request, z.unknown(), () => 'wrong-pin');
    return checked.outcome === 'done' ? found : beforeSending(checked);
  };
  const loansOf = (card: string): Promise<IlsAnswer<z.infer<typeof loans>>> =>
    askFor(http, { path: `${ofUser(card)}/loans`, query: { limit: ROWS_MAX } }, loans, () => 'patron-unknown');
  const checkPin = async (who: Credentials): Promise<IlsAnswer<unknown>> =>
    who.pin === undefined ? done(undefined) : beforeSending(await findUser(who));
  const lent = (made: z.infer<typeof loan>): IlsAnswer<{ title: string; dueAtMs: number | null }> =>
    done({ title: made.title ?? '', dueAtMs: timeOf(made.due_date) });

  return {
    kind: 'alma',
    item: async (barcode) =>
      andThen(await findItem(barcode), (found) =>
        done({
          barcode,
          title: found.bib_data.title ?? '',
          status: statusOf(found),
          dueAtMs: null,
          ...(found.holding_data.call_number != null && { callNumber: found.holding_data.call_number }),
          ...(found.item_data.location?.value != null && { homeLocation: found.item_data.location.value }),
        }),
      ),
    patron: async (who) =>
      andThen(await findUser(who), async ({ status, user_block: blocks }) => {
        const isBlocked = (blocks ?? []).some(({ block_status: state }) => state === 'ACTIVE');
        const mayBorrow = (status?.value ?? 'ACTIVE') === 'ACTIVE' && !isBlocked;
        return andThen(await loansOf(who.card), ({ total_record_count: count }) =>
          done({ mayBorrow, mayRenew: mayBorrow, loanCount: count ?? null }),
        );
      }),
    account: async (who) =>
      andThen(await checkPin(who), async () =>
        andThen(await loansOf(who.card), ({ item_loan: rows }) => {
          const lines = (rows ?? []).flatMap(({ item_barcode: barcode, title, due_date: due }) =>
            barcode == null ? [] : [{ barcode, title: title ?? '', dueAtMs: timeOf(due) }],
          );
          return done({ loans: lines, holdsReady: 0 });
        }),
      ),
    loan: async ({ item: barcode, ...who }) =>
      andThen(await checkPin(who), async () => {
        const request = {
          method: 'POST',
          path: `${ofUser(who.card)}/loans`,
          query: { item_barcode: barcode },
          body: { circ_desk: { value: circDesk }, library: { value: library } },
        } as const;
        return andThen(await askFor(http, request, loan, (_, json) => refusalOf(json)), lent);
      }),
    giveBack: async ({ item: barcode }) =>
      andThen(
        beforeSending(await findItem(barcode)),
        async ({ bib_data: bib, holding_data: holding, item_data: copy }) => {
          const path = `bibs/${bib.mms_id}/holdings/${holding.holding_id}/items/${copy.pid}`;
          const query = { op: 'scan', library, circ_desk: circDesk };
          return andThen(await askFor(http, { method: 'POST', path, query }, item), (back) => {
            const answer: ReturnDone = { title: bib.title ?? '', route: routeOf(back) };
            return done(answer);
          });
        },
      ),
    renew: async ({ item: barcode, ...who }) =>
      andThen(await checkPin(who), async () =>
        andThen(beforeSending(await loansOf(who.card)), async ({ item_loan: rows }) => {
          const id = rows?.find((row) => row.item_barcode === barcode)?.loan_id;
          if (id == null) return refuse('item-not-on-loan');
          const path = `${ofUser(who.card)}/loans/${encodeURIComponent(id)}`;
          const request = { method: 'POST', path, query: { op: 'renew' } } as const;
          return andThen(await askFor(http, request, loan, () => 'not-renewable'), lent);
        }),
      ),
    holdsToPull: async () => {
      const query = { library, circ_desk: circDesk, limit: ROWS_MAX };
      return andThen(await askFor(http, { path: 'task-lists/requested-resources', query }, requested), (list) =>
        done(
          (list.requested_resource ?? []).flatMap(({ location, request }) =>
            (location?.copy ?? []).flatMap(({ barcode }) =>
              barcode == null ? [] : [{ barcode, pickupPlace: request?.[0]?.destination?.value ?? null }],
            ),
          ),
        ),
      );
    },
    endSession: () => Promise.resolve(),
    close: () => {
      http.close();
      return Promise.resolve();
    },
  };
}

function statusOf({ item_data: { base_status: base, process_type: process } }: AlmaItem): IlsStatusName {
  const known = PROCESS[process?.value ?? ''];
  if (known !== undefined) return known;
  // 1: item in place.
  return base?.value === '1' ? 'available' : 'unknown';
}

function routeOf(back: AlmaItem): ReturnDone['route'] {
  const process = back.item_data.process_type?.value ?? '';
  if (process === 'HOLDSHELF') return { to: 'hold-here' };
  if (process.startsWith('TRANSIT')) {
    const branch = /Destination:\s*([^;,]+)/i.exec(back.additional_info ?? '')?.[1]?.trim();
    return branch === undefined ? { to: 'staff' } : { to: 'branch', branch };
  }
  return { to: 'shelf' };
}

const problem = z.looseObject({
  errorList: z.looseObject({
    error: z.array(z.looseObject({ errorCode: z.string().nullish(), errorMessage: z.string().nullish() })),
  }),
});

const CODES: Readonly<Record<string, ReturnType<typeof refuse>['code']>> = {
  '401689': 'item-unknown',
  '401690': 'item-unknown',
  '401861': 'patron-unknown',
  '401651': 'item-on-loan',
  '401167': 'item-not-for-loan',
};

/** Alma's codes for a loan are many; the usual ones have a word here, blocks by their text. */
function refusalOf(json: unknown): ReturnType<typeof refuse>['code'] {
  const [first] = problem.safeParse(json).data?.errorList.error ?? [];
  const known = CODES[first?.errorCode ?? ''];
  if (known !== undefined) return known;
  const text = first?.errorMessage ?? '';
  if (/block|expired|not active/i.test(text)) return 'patron-blocked';
  if (/request|hold/i.test(text)) return 'item-on-hold';
  if (/limit/i.test(text)) return 'loan-limit';
  if (/already (?:on loan|loaned)|on loan/i.test(text)) return 'item-on-loan';
  return /cannot be loaned|not loanable/i.test(text) ? 'item-not-for-loan' : 'refused';
}
