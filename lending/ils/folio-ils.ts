/**
 * The port over FOLIO, through Okapi or Kong.
 *
 * Source: mod-circulation (ramls/circulation, check-out-by-barcode, check-in-by-barcode, renew-by-barcode), mod-inventory,
 * mod-users, mod-patron-blocks; used as edge-sip2 uses them.
 */
import { z } from 'zod';
import type { Clock } from '#contract/clock.ts';
import type { IlsStatusName } from '#contract/domain/ils-status.ts';
import { createHttpClient } from './http-client.ts';
import { andThen, askFor, beforeSending, timeOf } from './json.ts';
import {
  done,
  refuse,
  type Credentials,
  type IlsAnswer,
  type IlsPort,
  type LoanDone,
  type ReturnDone,
} from './port.ts';

export const folioIls = z.strictObject({
  kind: z.literal('folio'),
  /** Okapi or Kong. */
  url: z.url({ protocol: /^https?$/ }),
  tenant: z.string().min(1).max(64),
  user: z.string().min(1).max(255),
  secret: z.string().min(1).max(255),
  /** UUID of the service point at which all this happens. */
  servicePoint: z.uuid(),
  timeoutMs: z.int().min(100).max(60_000).default(8000),
  requestsPerSecond: z.number().min(0.1).max(1000).default(20),
});
export type FolioConfig = z.infer<typeof folioIls>;

const ROWS_MAX = 500;
/** A token lives ten minutes; a new one is fetched before that. */
const TOKEN_MS = 480_000;

const title = z.string().nullish();
const named = z.looseObject({ name: z.string().nullish() }).nullish();
const items = z.looseObject({
  items: z.array(
    z.looseObject({
      id: z.string(),
      title,
      status: named,
      effectiveCallNumberComponents: z.looseObject({ callNumber: z.string().nullish() }).nullish(),
      effectiveLocation: named,
    }),
  ),
});
const users = z.looseObject({ users: z.array(z.looseObject({ id: z.string(), active: z.boolean().nullish() })) });
const blocks = z.looseObject({
  automatedPatronBlocks: z.array(
    z.looseObject({ blockBorrowing: z.boolean().nullish(), blockRenewals: z.boolean().nullish() }),
  ),
});
const manualBlocks = z.looseObject({
  manualblocks: z.array(
    z.looseObject({
      borrowing: z.boolean().nullish(),
      renewals: z.boolean().nullish(),
      expirationDate: z.string().nullish(),
    }),
  ),
});
const loan = z.looseObject({
  dueDate: z.string().nullish(),
  item: z.looseObject({ title, barcode: z.string().nullish() }).nullish(),
});
const checkedIn = z.looseObject({
  item: z.looseObject({ title, status: named, inTransitDestinationServicePoint: named }).nullish(),
});
const requests = z.looseObject({
  requests: z.array(
    z.looseObject({
      item: z.looseObject({ barcode: z.string().nullish() }).nullish(),
      pickupServicePoint: named,
    }),
  ),
});

const STATUS: Readonly<Record<string, IlsStatusName>> = {
  Available: 'available',
  'Checked out': 'on-loan',
  'Awaiting pickup': 'on-hold',
  Paged: 'on-hold',
  'In transit': 'in-transit',
  'Aged to lost': 'lost',
  'Declared lost': 'lost',
  'Claimed returned': 'on-loan',
  Missing: 'missing',
  'Long missing': 'missing',
  Withdrawn: 'withdrawn',
};

/** A value in CQL: quoted, its own quotes and wildcards escaped. */
function cql(value: string): string {
  return `"${value.replaceAll(/[\\"*?^]/g, (sign) => `\\${sign}`)}"`;
}

export function createFolioIls(config: FolioConfig, clock: Clock): IlsPort {
  const { url, tenant, servicePoint: servicePointId } = config;
  let token: { readonly value: string; readonly untilMs: number } | undefined;
  const http = createHttpClient({
    baseUrl: url,
    headers: async () => {
      if (token === undefined || clock.uptimeMs() > token.untilMs) {
        const value = await signIn(config);
        token = value === undefined ? undefined : { value, untilMs: clock.uptimeMs() + TOKEN_MS };
      }
      return token && { 'x-okapi-tenant': tenant, 'x-okapi-token': token.value };
    },
    timeoutMs: config.timeoutMs,
    requestsPerSecond: config.requestsPerSecond,
    clock,
  });
  const post = <Value>(
    path: string,
    body: object,
    schema: z.ZodType<Value>,
    refusal: Parameters<typeof askFor>[3] = (_, json) => refusalOf(json),
  ): Promise<IlsAnswer<Value>> => askFor(http, { method: 'POST', path, body }, schema, refusal);
  const list = <Value>(path: string, query: string, schema: z.ZodType<Value>): Promise<IlsAnswer<Value>> =>
    askFor(http, { path, query: { query, limit: String(ROWS_MAX) } }, schema);

  const findUser = async ({ card, pin }: Credentials): Promise<IlsAnswer<z.infer<typeof users>['users'][number]>> => {
    const found = await andThen(await list('users', `barcode==${cql(card)}`, users), ({ users: [first] }) =>
      first === undefined ? refuse('patron-unknown') : done(first),
    );
    if (found.outcome !== 'done' || pin === undefined) return found;
    const checked = await post('patron-pin/verify', { id: found.value.id, pin }, z.unknown(), () => 'wrong-pin');
    return checked.outcome === 'done' ? found : beforeSending(checked);
  };
  const checkPin = async (who: Credentials): Promise<IlsAnswer<unknown>> =>
    who.pin === undefined ? done(undefined) : beforeSending(await findUser(who));
  const lent = ({ dueDate, item }: z.infer<typeof loan>): IlsAnswer<LoanDone> =>
    done({ title: item?.title ?? '', dueAtMs: timeOf(dueDate) });

  return {
    kind: 'folio',
    item: async (barcode) =>
      andThen(await list('inventory/items', `barcode==${cql(barcode)}`, items), ({ items: [found] }) => {
        if (found === undefined) return refuse('item-unknown');
        const callNumber = found.effectiveCallNumberComponents?.callNumber;
        return done({
          barcode,
          title: found.title ?? '',
          status: STATUS[found.status?.name ?? ''] ?? 'unknown',
          dueAtMs: null,
          ...(callNumber != null && { callNumber }),
          ...(found.effectiveLocation?.name != null && { homeLocation: found.effectiveLocation.name }),
        });
      }),
    patron: async (who) =>
      andThen(await findUser(who), async ({ id, active }) =>
        andThen(
          await askFor(http, { path: `automated-patron-blocks/${encodeURIComponent(id)}` }, blocks),
          async (auto) =>
            andThen(await list('manualblocks', `userId==${cql(id)}`, manualBlocks), ({ manualblocks }) => {
              const inForce = manualblocks.filter(
                ({ expirationDate }) => (timeOf(expirationDate) ?? Number.POSITIVE_INFINITY) > clock.nowMs(),
              );
              const stopsLoans =
                auto.automatedPatronBlocks.some((one) => one.blockBorrowing === true) ||
                inForce.some((one) => one.borrowing === true);
              const stopsRenewals =
                auto.automatedPatronBlocks.some((one) => one.blockRenewals === true) ||
                inForce.some((one) => one.renewals === true);
              return done({ mayBorrow: active !== false && !stopsLoans, mayRenew: !stopsRenewals, loanCount: null });
            }),
        ),
      ),
    account: async (who) =>
      andThen(await findUser(who), async ({ id }) => {
        const query = `userId==${cql(id)} and status.name=="Open"`;
        return andThen(await list('circulation/loans', query, z.looseObject({ loans: z.array(loan) })), ({ loans }) => {
          const lines = loans.flatMap(({ dueDate, item }) =>
            item?.barcode == null ? [] : [{ barcode: item.barcode, title: item.title ?? '', dueAtMs: timeOf(dueDate) }],
          );
          return done({ loans: lines, holdsReady: 0 });
        });
      }),
    loan: async ({ item, atMs, ...who }) =>
      andThen(await checkPin(who), async () => {
        const loanDate = new Date(atMs).toISOString();
        const body = { itemBarcode: item, userBarcode: who.card, servicePointId, loanDate };
        return andThen(await post('circulation/check-out-by-barcode', body, loan), lent);
      }),
    giveBack: async ({ item, atMs }) => {
      const body = { itemBarcode: item, servicePointId, checkInDate: new Date(atMs).toISOString() };
      return andThen(await post('circulation/check-in-by-barcode', body, checkedIn), ({ item: back }) => {
        const answer: ReturnDone = { title: back?.title ?? '', route: routeOf(back) };
        return done(answer);
      });
    },
    renew: async ({ item, ...who }) =>
      andThen(await checkPin(who), async () => {
        const body = { itemBarcode: item, userBarcode: who.card };
        return andThen(await post('circulation/renew-by-barcode', body, loan, () => 'not-renewable'), lent);
      }),
    holdsToPull: async () => {
      const query = 'requestType=="Page" and status=="Open - Not yet filled"';
      return andThen(await list('circulation/requests', query, requests), ({ requests: open }) =>
        done(
          open.flatMap(({ item, pickupServicePoint }) =>
            item?.barcode == null ? [] : [{ barcode: item.barcode, pickupPlace: pickupServicePoint?.name ?? null }],
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

/** The token of the newer sign-in, or of the older one where that is not there. */
async function signIn({ url, tenant, user, secret, timeoutMs }: FolioConfig): Promise<string | undefined> {
  for (const path of ['authn/login-with-expiry', 'authn/login']) {
    const response = await fetch(`${url.replace(/\/$/, '')}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-okapi-tenant': tenant },
      body: JSON.stringify({ username: user, password: secret }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.body?.cancel();
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('folioAccessToken='));
    const token = response.headers.get('x-okapi-token') ?? cookie?.slice('folioAccessToken='.length).split(';', 1)[0];
    if (response.ok && token !== undefined) return token;
    if (response.status !== 404) return undefined;
  }
  return undefined;
}

function routeOf(back: z.infer<typeof checkedIn>['item']): ReturnDone['route'] {
  const status = back?.status?.name;
  if (status === 'Awaiting pickup') return { to: 'hold-here' };
  const branch = back?.inTransitDestinationServicePoint?.name;
  if (status === 'In transit') return branch == null ? { to: 'staff' } : { to: 'branch', branch };
  return { to: 'shelf' };
}

const problem = z.looseObject({
  errors: z.array(z.looseObject({ message: z.string().nullish(), code: z.string().nullish() })),
});

/** FOLIO says why in English and, for some reasons, with a code. */
function refusalOf(json: unknown): ReturnType<typeof refuse>['code'] {
  const [first] = problem.safeParse(json).data?.errors ?? [];
  const text = `${first?.code ?? ''} ${first?.message ?? ''}`;
  if (/ITEM_ALREADY_CHECKED_OUT|already checked out/i.test(text)) return 'item-on-loan';
  if (/could not find.*item|no item with barcode/i.test(text)) return 'item-unknown';
  if (/could not find.*user|no user/i.test(text)) return 'patron-unknown';
  if (/block|inactive|expired/i.test(text)) return 'patron-blocked';
  if (/request/i.test(text)) return 'item-on-hold';
  if (/limit/i.test(text)) return 'loan-limit';
  return /not loanable/i.test(text) ? 'item-not-for-loan' : 'refused';
}
