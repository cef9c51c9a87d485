/** Promise: in the demo a sweep can be asked for on the screen, and somebody goes along that shelf. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { SweepDetail, SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';
import { startPlatform, until, type Platform } from '#test/support/platform.ts';

jest.setTimeout(90_000);
const SHELF = 'f1-r1-a4-t2';
let platform: Platform;
let who = { cookie: '', csrf: '' };

beforeAll(async () => {
  platform = await startPlatform();
  const reply = await fetch(`${platform.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(platform.admin),
  });
  const { csrfToken } = (await reply.json()) as { csrfToken: string };
  who = { cookie: String(reply.headers.get('set-cookie')).split(';', 1)[0] ?? '', csrf: csrfToken };
});
afterAll(() => platform.stop());

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const reply = await fetch(`${platform.url}/api/v1/libraries/demo/${path}`, {
    method,
    headers: { cookie: who.cookie, 'x-csrf-token': who.csrf, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  expect([reply.status, reply.status === 200 ? '' : text]).toEqual([200, '']);
  return JSON.parse(text) as T;
}

test('asked for on the screen, swept on the shelf', async () => {
  await until('the wand', 20_000, async () =>
    (await call<WandList>('GET', 'wands')).rows.some(({ isOnline, state }) => isOnline && state === 'live'),
  );
  await call('POST', 'sweeps/start', { wand: 'wand-1', place: SHELF });
  const stands = platform.simulation.orderOn(SHELF).length;
  const heard = await until('the books of the shelf', 20_000, async () => {
    const [sweep] = (await call<{ rows: SweepSummary[] }>('GET', 'sweeps')).rows;
    const detail = sweep && (await call<SweepDetail>('GET', `sweeps/${sweep.session}`));
    const own = detail?.progress.find(({ place }) => place === SHELF);
    return own !== undefined && own.read >= 0.85 * stands ? own : undefined;
  });
  expect(heard.expected).toBe(stands);
});
