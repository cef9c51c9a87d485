import { QueryCache, QueryClient } from '@tanstack/react-query';
import { isSignedOut, isWorthRetrying } from '#dashboard/web/api/problem.ts';
import { SESSION_KEY } from './session-key.ts';

const RETRIES_MAX = 2;

/** One cache a page; a 401 anywhere means the session ended, so the sign-in screen comes up by itself. */
export function createQueries(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, query) => {
        if (isSignedOut(error) && query.queryKey[0] !== SESSION_KEY[0]) client.setQueryData(SESSION_KEY, null);
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => count < RETRIES_MAX && isWorthRetrying(error),
        // The state of the line is our own to judge: a tablet's "online" says nothing about the library's network.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  return client;
}
