/**
 * What a screen needs without the line, kept on the device: who is signed in, the plan, the work list. Nothing else of
 * the API is ever written down, and all of it goes when the person signs out or the server ends the session.
 */
import { dehydrate, hydrate, type DehydratedState, type Query, type QueryClient } from '@tanstack/react-query';
import type { Session } from '#contract/wire/rest.ts';
import { SESSION_KEY } from '#dashboard/web/app/session-key.ts';
import type { DeviceStore } from './device-store.ts';

/** First part of the keys of what is kept; the second is the library. */
const KEPT_KINDS: ReadonlySet<unknown> = new Set(['plan', 'work-list']);
/** A list of the day before yesterday sends people to shelves for nothing. */
export const KEPT_MS_MAX = 24 * 3_600_000;
/** Several answers come together when a screen opens. */
const WRITE_AFTER_MS = 500;
const SESSION = 'session';

interface KeptSession {
  readonly at: number;
  readonly session: Session;
}

interface KeptQuery {
  readonly user: string;
  readonly at: number;
  readonly state: DehydratedState;
}

export interface KeptQueries {
  has(): Promise<boolean>;
  /** Puts what was kept into the cache and answers whose it is; `undefined` when there is nothing to go on with. */
  restore(): Promise<(Session & { readonly keptAtMs: number }) | undefined>;
  forget(): Promise<void>;
  /** Stops watching the cache. */
  close(): void;
}

export function keepQueries(client: QueryClient, store: DeviceStore, nowMs: () => number): KeptQueries {
  const writes = new Map<string, ReturnType<typeof setTimeout>>();
  const later = (key: string, write: () => Promise<void>): void => {
    if (writes.has(key)) return;
    const timer = setTimeout(() => {
      writes.delete(key);
      void write();
    }, WRITE_AFTER_MS);
    writes.set(key, timer);
  };

  const writeSession = async (): Promise<void> => {
    // The server has ended it, or the person has.
    if (client.getQueryData(SESSION_KEY) === null) await store.clear();
    const session = sessionOf(client);
    if (session === undefined) return;
    const kept = await store.get<KeptSession>(SESSION);
    if (kept !== undefined && kept.session.name !== session.name) await store.clear();
    // Without its token what is written down cannot change anything anywhere.
    await store.set(SESSION, { at: nowMs(), session: { ...session, csrfToken: '' } } satisfies KeptSession);
  };
  const writeQuery = async (query: Query): Promise<void> => {
    const session = sessionOf(client);
    if (session === undefined || !isKeptFor(query, session)) return;
    const state = dehydrate(client, { shouldDehydrateQuery: (one) => one === query });
    const kept: KeptQuery = { user: session.name, at: query.state.dataUpdatedAt, state };
    await store.set(query.queryHash, kept);
  };

  const stop = client.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated' || event.action.type !== 'success') return;
    const query = event.query as Query;
    if (query.queryKey[0] === SESSION_KEY[0]) later(SESSION, writeSession);
    else if (KEPT_KINDS.has(query.queryKey[0])) later(query.queryHash, () => writeQuery(query));
  });

  const readSession = async (): Promise<KeptSession | undefined> => {
    const kept = await store.get<KeptSession>(SESSION);
    return kept === undefined || nowMs() - kept.at > KEPT_MS_MAX ? undefined : kept;
  };

  return {
    has: async () => (await readSession()) !== undefined,
    async restore() {
      const kept = await readSession();
      if (kept === undefined) return undefined;
      for (const [key, value] of await store.entries<KeptQuery>()) {
        if (key === SESSION) continue;
        if (value.user !== kept.session.name || nowMs() - value.at > KEPT_MS_MAX) await store.delete(key);
        else hydrate(client, value.state);
      }
      return { ...kept.session, keptAtMs: kept.at };
    },
    async forget() {
      for (const timer of writes.values()) clearTimeout(timer);
      writes.clear();
      await store.clear();
    },
    close() {
      stop();
      for (const timer of writes.values()) clearTimeout(timer);
    },
  };
}

/** Whoever the server has said is signed in; what was kept is not written down again as if it were new. */
function sessionOf(client: QueryClient): Session | undefined {
  const session = client.getQueryData<(Session & { readonly keptAtMs?: number }) | null>(SESSION_KEY);
  return session === null || session?.keptAtMs !== undefined ? undefined : session;
}

function isKeptFor(query: Query, session: Session): boolean {
  const [kind, library] = query.queryKey;
  return KEPT_KINDS.has(kind) && session.libraries.some(({ key }) => key === library);
}
