import { createContext, useContext, useMemo, type ReactElement, type ReactNode } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { FailureNote, PageSkeleton } from '#dashboard/web/ui/states.tsx';
import { askForSession, endSession, type HeldSession } from './held-session.ts';
import { ChangePassword, SignIn } from './sign-in.tsx';
import { SESSION_KEY } from './session-key.ts';
import { useSessionMemory } from './session-memory.tsx';

interface SignedIn {
  readonly session: HeldSession;
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

/** How often a remembered session asks whether the server is back. */
const BACK_CHECK_MS = 10_000;

/** Shows its children to someone who is signed in, and what is needed to get there to everyone else. */
export function SessionGate({ children }: { readonly children: ReactNode }): ReactElement {
  const client = useQueryClient();
  const memory = useSessionMemory();
  const wish = useSearch({ strict: false }).library;
  const {
    data: session,
    error,
    refetch,
  } = useQuery({
    queryKey: SESSION_KEY,
    queryFn: ({ signal }) => askForSession(memory, signal),
    staleTime: Infinity,
    refetchOnReconnect: 'always',
    refetchInterval: (query) => (query.state.data?.keptAtMs === undefined ? false : BACK_CHECK_MS),
  });
  const value = useMemo(() => {
    const chosen = session?.libraries.find((entry) => entry.key === wish) ?? session?.libraries[0];
    if (!session || chosen === undefined) return null;
    return {
      session,
      library: chosen.key,
      libraryName: chosen.name,
      timeZone: chosen.timeZone,
      signOut: () => endSession(client, memory, session),
    };
  }, [session, wish, client, memory]);

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
