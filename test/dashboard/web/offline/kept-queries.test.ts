import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { QueryClient } from '@tanstack/react-query';
import type { Session } from '#contract/wire/rest.ts';
import { SESSION_KEY } from '#dashboard/web/app/session-key.ts';
import { memoryStore } from '#dashboard/web/offline/device-store.ts';
import { KEPT_MS_MAX, keepQueries } from '#dashboard/web/offline/kept-queries.ts';

const session = (name: string): Session => ({
  name,
  role: 'staff',
  libraries: [{ key: 'demo', name: 'Demo', timeZone: 'UTC' }],
  mustChangePassword: false,
  csrfToken: 'secret',
});

let nowMs = 0;
beforeEach(() => {
  nowMs = Date.now();
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** A page of this device: what it is told, it keeps; afterwards it is closed. */
async function page(store = memoryStore(), told: (client: QueryClient) => void = () => undefined): Promise<void> {
  const client = new QueryClient();
  const kept = keepQueries(client, store, () => nowMs);
  told(client);
  await jest.advanceTimersByTimeAsync(2000);
  kept.close();
  client.clear();
}

const anna = (client: QueryClient): void => {
  client.setQueryData(SESSION_KEY, session('anna'));
  client.setQueryData(['work-list', 'demo', ''], { rows: ['line'] });
  client.setQueryData(['work-list', 'elsewhere', ''], { rows: ['not hers'] });
  client.setQueryData(['items', 'demo', 'q'], { rows: ['never kept'] });
};

describe('what is kept of the API', () => {
  it('is the list of the libraries of the person, and nothing that could change anything', async () => {
    const store = memoryStore();
    await page(store, anna);
    const client = new QueryClient();
    const kept = keepQueries(client, store, () => nowMs);
    const who = await kept.restore();
    expect(who).toMatchObject({ name: 'anna', csrfToken: '', keptAtMs: nowMs });
    expect(client.getQueryData(['work-list', 'demo', ''])).toEqual({ rows: ['line'] });
    expect(client.getQueryData(['work-list', 'elsewhere', ''])).toBeUndefined();
    expect(JSON.stringify(await store.entries())).not.toMatch(/secret|never kept|not hers/);
    kept.close();
    client.clear();
  });

  it('goes when the session ends', async () => {
    const store = memoryStore();
    await page(store, anna);
    await page(store, (client) => client.setQueryData(SESSION_KEY, null));
    expect(await store.entries()).toEqual([]);
  });

  it('is never shown to the next person', async () => {
    const store = memoryStore();
    await page(store, anna);
    await page(store, (client) => client.setQueryData(SESSION_KEY, session('bo')));
    expect(JSON.stringify(await store.entries())).not.toContain('line');
  });

  it('is too old after a day', async () => {
    const store = memoryStore();
    await page(store, anna);
    nowMs += KEPT_MS_MAX + 1;
    const kept = keepQueries(new QueryClient(), store, () => nowMs);
    expect(await kept.restore()).toBeUndefined();
    kept.close();
  });
});
