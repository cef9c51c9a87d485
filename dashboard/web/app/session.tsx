import { createContext, useContext, useMemo, type ReactElement, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import type { Session } from '#contract/wire/rest.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { isSignedOut } from '#dashboard/web/api/problem.ts';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { ChangePassword, SignIn } from './sign-in.tsx';
import { SESSION_KEY } from './queries.ts';

interface SignedIn {
  readonly session: Session;
  /** Key of the library in view. */
  readonly library: string;
  readonly libraryName: string;
  /** Of the library in view: its days begin and end there. */
  readonly timeZone: string;
  readonly signOut: () => Promise<void>;
}

const SignedInContext = createContext<SignedIn | null>(null);

export function useSession(): SignedIn {
  const value = useContext(SignedInContext);
  if (value === null) throw new Error('a screen was drawn outside the session gate');
  return value;
}

async function fetchSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await getJson<Session>(paths.session, signal);
  } catch (error: unknown) {
    if (isSignedOut(error)) return null;
    throw error;
  }
}

/** Shows its children to someone who is signed in, and what is needed to get there to everyone else. */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const client = useQueryClient();
  const wish = useSearch({ strict: false }).library;
  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => fetchSession(signal),
    staleTime: Infinity,
  });
  const value = useMemo(() => {
    const chosen = session?.libraries.find((entry) => entry.key === wish) ?? session?.libraries[0];
    if (!session || chosen === undefined) return null;
    return {
      session,
      library: chosen.key,
      libraryName: chosen.name,
      timeZone: chosen.timeZone,
      signOut: async () => {
        await sendJson(paths.session, { method: 'DELETE', csrfToken: session.csrfToken });
        // First the answer the gate listens to, then everything the next person must not see.
        client.setQueryData(SESSION_KEY, null);
        client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
      },
    };
  }, [session, wish, client]);

  if (session === undefined) {
    if (error === null) return <PageSkeleton />;
    return (
      <main className="centered">
        <FailureNote error={error} onRetry={() => void refetch()} />
      </main>
    );
  }
  if (session === null) return <SignIn />;
  if (session.mustChangePassword) return <ChangePassword session={session} />;
  if (value === null) {
    return (
      <main className="centered">
        <FailureNote error={null} />
      </main>
    );
  }
  return <SignedInContext.Provider value={value}>{children}</SignedInContext.Provider>;
}
