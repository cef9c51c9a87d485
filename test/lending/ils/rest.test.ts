/** Promise: each REST adapter says `done`, `refused`, `unknown` or `away` as the documented answers of its system mean. */
import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { almaIls, createAlmaIls } from '#lending/ils/alma-ils.ts';
import { startAlmaWebhook } from '#lending/ils/alma-webhook.ts';
import { createFolioIls, folioIls } from '#lending/ils/folio-ils.ts';
import { createKohaIls, kohaIls } from '#lending/ils/koha-ils.ts';
import type { IlsPort } from '#lending/ils/port.ts';
import type { LearntWord } from '#lending/proxy/learn.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { Closers } from '#test/lending/fakes/branch.ts';
import { startHttpIls, type Answer, type Asked, type HttpIls } from '#test/lending/fakes/http-ils.ts';

jest.setTimeout(20_000);
const closers = new Closers();
afterEach(() => closers.close());
type Rules = readonly (readonly [RegExp, (asked: Asked) => Answer | undefined])[];
const LOAN = { item: 'B1', card: 'C1', atMs: Date.UTC(2026, 10, 24), dueAtMs: null, hasHappened: false };

async function with_(rules: Rules, open: (url: string) => IlsPort): Promise<{ ils: HttpIls; port: IlsPort }> {
  const ils = closers.add(await startHttpIls(rules));
  return { ils, port: closers.add(open(ils.url)) };
}

describe('Koha', () => {
  const open = (url: string): IlsPort =>
    createKohaIls(kohaIls.parse({ kind: 'koha', url, user: 'kiosk', secret: 'pw', timeoutMs: 500 }), systemClock);
  const copy = {
    item_id: 7,
    external_id: 'B1',
    callnumber: 'QA 1',
    lost_status: 0,
    withdrawn: 0,
    biblio: { title: 'T' },
  };
  const found: Rules = [
    [/GET \/api\/v1\/items\?q=\{"external_id":"B1"\}/, () => ({ json: [copy] })],
    [/GET \/api\/v1\/items/, () => ({ json: [] })],
    [/GET \/api\/v1\/patrons\?q=\{"cardnumber":"C1"\}/, () => ({ json: [{ patron_id: 3 }] })],
  ];
  const free = { blockers: {}, confirms: {}, warnings: {}, confirmation_token: 'tok' };

  test('a loan: availability, then the checkout with its token', async () => {
    const { ils, port } = await with_(
      [
        ...found,
        [/GET \/api\/v1\/checkouts\/availability\?item_id=7&patron_id=3/, () => ({ json: free })],
        [/POST/, () => ({ status: 201, json: { checkout_id: 9, item_id: 7, due_date: '2026-12-24T23:59:00+00:00' } })],
      ],
      open,
    );
    expect(await port.loan(LOAN)).toEqual({
      outcome: 'done',
      value: { title: 'T', dueAtMs: Date.UTC(2026, 11, 24, 23, 59) },
    });
    const last = ils.asked.at(-1);
    expect(last).toMatchObject({ line: 'POST /api/v1/checkouts?confirmation=tok', body: { item_id: 7, patron_id: 3 } });
    expect(last?.headers.authorization).toBe(`Basic ${btoa('kiosk:pw')}`);
    expect(await port.item('B2')).toEqual({ outcome: 'refused', code: 'item-unknown' });
  });

  test.each<readonly [Record<string, unknown> & { readonly hasHappened?: boolean }, string]>([
    [{ blockers: { NOT_FOR_LOAN: 1 } }, 'item-not-for-loan'],
    [{ blockers: { DEBT: 12 } }, 'patron-blocked'],
    [{ confirms: { RESERVED: 1 } }, 'item-on-hold'],
    [{ confirms: { AGE_RESTRICTION: 1 } }, 'staff-needed'],
    [{ confirms: { ISSUED_TO_ANOTHER: 1 }, hasHappened: true }, 'item-on-loan'],
  ])('%j refuses with %s, and nothing is lent', async ({ hasHappened = false, ...said }, code) => {
    const { ils, port } = await with_([...found, [/availability/, () => ({ json: { ...free, ...said } })]], open);
    expect(await port.loan({ ...LOAN, hasHappened })).toEqual({ outcome: 'refused', code });
    expect(ils.asked.some(({ line }) => line.startsWith('POST'))).toBe(false);
  });

  test('a checkout whose answer was lost is unknown; a look-up without an answer is away', async () => {
    const { port } = await with_([...found, [/availability/, () => ({ json: free })]], open);
    expect(await port.loan(LOAN)).toEqual({ outcome: 'unknown' });
    const { port: silent } = await with_([], open);
    expect(await silent.loan(LOAN)).toEqual({ outcome: 'away' });
    expect(await silent.giveBack({ item: 'B1', atMs: 0 })).toEqual({ outcome: 'refused', code: 'not-supported' });
  });

  test('changes come by page', async () => {
    const row = { ...copy, checked_out_date: '2026-11-24', timestamp: '2026-11-24T10:00:00+00:00' };
    const { ils, port } = await with_([[/items/, () => ({ json: [row] })]], open);
    expect(await port.changesSince?.(0, 2)).toMatchObject({
      value: { hasMore: false, items: [{ barcode: 'B1', status: 'on-loan', changedAtMs: Date.UTC(2026, 10, 24, 10) }] },
    });
    expect(ils.asked[0]?.line).toContain('{"timestamp":{">=":"1970-01-01T00:00:00.000Z"}}');
    expect(ils.asked[0]?.line).toContain('_page=2');
  });
});

describe('FOLIO', () => {
  const servicePoint = '11111111-2222-4333-8444-555555555555';
  const open = (url: string): IlsPort => {
    const config = { kind: 'folio', url, tenant: 'diku', user: 'kiosk', secret: 'pw', servicePoint, timeoutMs: 500 };
    return createFolioIls(folioIls.parse(config), systemClock);
  };
  const signIn: Rules = [
    [/login-with-expiry/, () => ({ status: 404 })],
    [/authn\/login/, () => ({ status: 201, headers: { 'x-okapi-token': 'tok' } })],
  ];

  test('a loan and a return that goes to another branch', async () => {
    const back = { title: 'T', status: { name: 'In transit' }, inTransitDestinationServicePoint: { name: 'East' } };
    const { ils, port } = await with_(
      [
        ...signIn,
        [
          /check-out/,
          () => ({ status: 201, json: { dueDate: '2026-12-24T00:00:00.000+00:00', item: { title: 'T' } } }),
        ],
        [/check-in/, () => ({ json: { item: back } })],
      ],
      open,
    );
    expect(await port.loan(LOAN)).toEqual({ outcome: 'done', value: { title: 'T', dueAtMs: Date.UTC(2026, 11, 24) } });
    expect(await port.giveBack({ item: 'B1', atMs: 0 })).toMatchObject({
      value: { route: { to: 'branch', branch: 'East' } },
    });
    expect(ils.asked.at(-1)?.headers).toMatchObject({ 'x-okapi-tenant': 'diku', 'x-okapi-token': 'tok' });
    expect(ils.asked.at(-1)?.body).toMatchObject({ itemBarcode: 'B1', servicePointId: servicePoint });
    expect(ils.asked.filter(({ line }) => line.includes('login'))).toHaveLength(2);
  });

  test('errors with their words; a barcode cannot leave its query; a block blocks', async () => {
    const errors = [
      { message: 'Cannot check out item that already has an open loan', code: 'ITEM_ALREADY_CHECKED_OUT' },
    ];
    const { ils, port } = await with_(
      [
        ...signIn,
        [/check-out/, () => ({ status: 422, json: { errors } })],
        [/inventory/, () => ({ json: { items: [] } })],
        [/\/users/, () => ({ json: { users: [{ id: 'u1', active: true }] } })],
        [/automated/, () => ({ json: { automatedPatronBlocks: [{ blockBorrowing: true }] } })],
        [/manualblocks/, () => ({ json: { manualblocks: [] } })],
      ],
      open,
    );
    expect(await port.loan(LOAN)).toEqual({ outcome: 'refused', code: 'item-on-loan' });
    expect(await port.item('x" or cql.allRecords=1 or y="*')).toEqual({ outcome: 'refused', code: 'item-unknown' });
    expect(ils.asked.at(-1)?.line).toContain('barcode=="x\\" or cql.allRecords=1 or y=\\"\\*"');
    expect(await port.patron({ card: 'C1' })).toMatchObject({ value: { mayBorrow: false, mayRenew: true } });
  });
});

describe('Alma', () => {
  const open = (url: string): IlsPort => {
    const config = { kind: 'alma', url: `${url}/almaws/v1`, secret: 'key', library: 'MAIN', circDesk: 'DEFAULT' };
    return createAlmaIls(almaIls.parse({ ...config, timeoutMs: 500 }), systemClock);
  };
  const copy = {
    bib_data: { mms_id: '99', title: 'T' },
    holding_data: { holding_id: '22', call_number: 'QA 1' },
    item_data: { pid: '23', base_status: { value: '1' }, process_type: { value: '' } },
  };

  test('an item over its redirect, a loan, a return to the hold shelf', async () => {
    const onHold = { ...copy, item_data: { ...copy.item_data, process_type: { value: 'HOLDSHELF' } } };
    const { ils, port } = await with_(
      [
        [
          /GET \/almaws\/v1\/items\?item_barcode=B1/,
          () => ({ status: 302, headers: { location: '/almaws/v1/bibs/99/holdings/22/items/23' } }),
        ],
        [/GET .*items\/23/, () => ({ json: copy })],
        [/POST .*op=scan/, () => ({ json: onHold })],
        [/POST .*loans/, () => ({ json: { loan_id: '1', title: 'T', due_date: '2026-12-24T00:00:00Z' } })],
      ],
      open,
    );
    expect(await port.item('B1')).toMatchObject({ value: { title: 'T', status: 'available', callNumber: 'QA 1' } });
    expect(await port.loan({ ...LOAN, card: 'a/b' })).toMatchObject({ outcome: 'done' });
    const post = ils.asked.at(-1);
    expect(post?.line).toBe('POST /almaws/v1/users/a/b/loans?item_barcode=B1');
    expect(post?.body).toEqual({ circ_desk: { value: 'DEFAULT' }, library: { value: 'MAIN' } });
    expect(post?.headers.authorization).toBe('apikey key');
    expect(await port.giveBack({ item: 'B1', atMs: 0 })).toMatchObject({ value: { route: { to: 'hold-here' } } });
  });

  test('429 quiets us: a loan is away and not sent again, a look-up waits and is asked again', async () => {
    let calls = 0;
    const { ils, port } = await with_(
      [
        [/POST/, () => ({ status: 429, headers: { 'retry-after': '0' } })],
        [/items/, () => ((calls += 1) < 3 ? { status: 429, headers: { 'retry-after': '0' } } : { json: copy })],
      ],
      open,
    );
    expect(await port.loan(LOAN)).toEqual({ outcome: 'away' });
    expect(ils.asked).toHaveLength(1);
    expect(await port.item('B1')).toMatchObject({ outcome: 'done' });
    expect(calls).toBe(3);
  });

  test('its webhook: challenge, signature over the raw bytes, and no reader in what is learnt', async () => {
    const learnt: LearntWord[] = [];
    const refused: string[] = [];
    const nowMs = Date.UTC(2026, 10, 25);
    const hook = closers.add(
      await startAlmaWebhook({
        host: '127.0.0.1',
        port: 0,
        secret: 'hook-secret',
        nowMs: () => nowMs,
        learn: (words) => learnt.push(...words),
        refused: (reason) => refused.push(reason),
      }),
    );
    const url = `http://127.0.0.1:${hook.port}/`;
    expect(await (await fetch(`${url}?challenge=abc`)).text()).toBe('{"challenge":"abc"}');
    const text = `{ "action":"LOAN", "time":"2026-11-24T10:00:00Z", "event":{"value":"LOAN_CREATED"},\n "item_loan":{"item_barcode":"B1","user_id":"CARD-4711-ADA","due_date":"2026-12-24T00:00:00Z"}}`;
    const signature = createHmac('sha256', 'hook-secret').update(text).digest('base64');
    const post = (body: string): Promise<Response> =>
      fetch(url, { method: 'POST', body, headers: { 'x-exl-signature': signature } });
    expect((await post(text.replace('B1', 'B2'))).status).toBe(401);
    expect((await post(text)).status).toBe(200);
    const atMs = Date.UTC(2026, 10, 24, 10);
    expect(learnt).toEqual([{ barcode: 'B1', status: 'on-loan', atMs, dueAtMs: Date.UTC(2026, 11, 24) }]);
    expect(refused).toHaveLength(1);
  });
});
