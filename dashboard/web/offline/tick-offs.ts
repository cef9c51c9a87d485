/** Ticking off over the outbox: what is written down, and what an answer of the server means. */
import type { QueryClient } from '@tanstack/react-query';
import type { WorkLines, WorkTickOff } from '#contract/wire/rest-work-list.ts';
import type { Session } from '#contract/wire/rest.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { isSignedOut, ProblemError } from '#dashboard/web/api/problem.ts';
import type { HeldSession } from '#dashboard/web/app/held-session.ts';
import { SESSION_KEY } from '#dashboard/web/app/session-key.ts';
import type { Verdict, Waiting } from './outbox.ts';

/** A line as it was when somebody ticked it off: by its title the person recognises it when it is refused. */
export interface TickOff {
  readonly line: Pick<WorkTickOff, 'kind' | 'subject' | 'outcome'> & { readonly place: string | null };
  readonly title: string;
}

const TOO_MANY = 429;
const UNAUTHENTICATED = 401;
const FORBIDDEN = 403;

/** By the id the server knows what it has taken in already, and says yes again. */
async function sendTickOff(library: string, { id, at, body }: Waiting<TickOff>, session: Session): Promise<void> {
  const { kind, subject, outcome, place } = body.line;
  await sendJson(paths.tickOff(library), {
    method: 'POST',
    csrfToken: session.csrfToken,
    body: { kind, subject, outcome, place, at, id } satisfies WorkTickOff,
  });
}

/** What a failure means for something that waits: only the server's own word against it takes it off the list. */
export function verdictOf(error: unknown): Verdict {
  if (!(error instanceof ProblemError)) return { is: 'later' };
  if (isSignedOut(error)) return { is: 'signed-out' };
  if (error.status === 0 || error.status === TOO_MANY || error.status >= 500) return { is: 'later' };
  return { is: 'refused', status: error.status };
}

export function keyOfOutbox(user: string, library: string): string {
  return `tick-offs ${library} ${user}`;
}

/** A library's key holds no blank, so what follows it is the name. */
export function userOfOutbox(key: string): string {
  return key.split(' ').slice(2).join(' ');
}

/** 128 bits; `crypto.randomUUID` is for https only. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

interface Owner {
  readonly client: QueryClient;
  readonly user: string;
  readonly library: string;
}

/** Sends one tick-off as the person it belongs to, never as whoever has signed in since. */
export function tickOffSender(owner: Owner): (entry: Waiting<TickOff>) => Promise<Verdict> {
  const { client, user, library } = owner;
  return async (entry) => {
    const session = client.getQueryData<HeldSession | null>(SESSION_KEY);
    if (session === null || session?.name !== user) return { is: 'signed-out' };
    try {
      if (session.keptAtMs === undefined) await postOrAskAgain(owner, entry, session);
      else await sendTickOff(owner.library, entry, await freshSession(owner));
      showTicked(client, library, entry);
      return { is: 'done' };
    } catch (error: unknown) {
      if (isSignedOut(error)) client.setQueryData(SESSION_KEY, null);
      const verdict = verdictOf(error);
      // What was shown as done here is not; the server's list says how it stands.
      if (verdict.is === 'refused') void client.invalidateQueries({ queryKey: ['work-list', library] });
      return verdict;
    }
  };
}

/** Another page of this browser may have signed in again: then the token of this one is of no use any more. */
async function postOrAskAgain(owner: Owner, entry: Waiting<TickOff>, session: Session): Promise<void> {
  try {
    await sendTickOff(owner.library, entry, session);
  } catch (error: unknown) {
    if (!(error instanceof ProblemError) || error.status !== FORBIDDEN) throw error;
    await sendTickOff(owner.library, entry, await freshSession(owner));
  }
}

async function freshSession({ client, user }: Owner): Promise<Session> {
  const session = await getJson<Session>(paths.session);
  if (session.name !== user) throw new ProblemError(UNAUTHENTICATED, {});
  client.setQueryData(SESSION_KEY, session);
  return session;
}

/** The line stays ticked off between the server's yes and its next list. */
function showTicked(client: QueryClient, library: string, { at, body }: Waiting<TickOff>): void {
  const { kind, subject, outcome } = body.line;
  client.setQueriesData<WorkLines>({ queryKey: ['work-list', library] }, (list) => {
    if (list === undefined) return list;
    const rows = list.rows.map((row) =>
      row.kind === kind && row.subject === subject ? { ...row, tickedOffAt: at, outcome } : row,
    );
    return { ...list, rows };
  });
  void client.invalidateQueries({ queryKey: ['work-list', library] });
}
