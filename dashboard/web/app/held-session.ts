/** Who is signed in: by the server's word, or, where the server cannot be reached, by what this device remembers. */
import type { QueryClient } from '@tanstack/react-query';
import type { Session } from '#contract/wire/rest.ts';
import { getJson, sendJson } from '#dashboard/web/api/http.ts';
import { paths } from '#dashboard/web/api/paths.ts';
import { isSignedOut, isWorthRetrying } from '#dashboard/web/api/problem.ts';
import type { DeviceStore } from '#dashboard/web/offline/device-store.ts';
import type { KeptQueries } from '#dashboard/web/offline/kept-queries.ts';
import { SESSION_KEY } from './session-key.ts';

/** With `keptAtMs` it is remembered: its token is empty, so it can show but not change anything. */
export type HeldSession = Session & { readonly keptAtMs?: number };

/** Somebody who opens the work list between shelves should not wait for a network that is not there. */
const PATIENCE_MS = 4000;
/** Somebody signed out while the line was cut; the server is told when it is back. */
const LEAVING_KEY = 'leaving';

export interface SessionMemory {
  readonly kept: KeptQueries;
  readonly marks: DeviceStore;
  /** What waits to be sent; it outlives the session it was written in. */
  readonly outbox: DeviceStore;
}

/** `null`: nobody is signed in. */
export async function askForSession(memory: SessionMemory, signal: AbortSignal): Promise<HeldSession | null> {
  const isLeaving = (await memory.marks.get<boolean>(LEAVING_KEY)) === true;
  const isRemembered = await memory.kept.has();
  const patience = isRemembered ? AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) : signal;
  try {
    const session = await getJson<Session>(paths.session, patience);
    if (!isLeaving) return session;
    await sendJson(paths.session, { method: 'DELETE', csrfToken: session.csrfToken });
    await memory.marks.delete(LEAVING_KEY);
    return null;
  } catch (error: unknown) {
    if (signal.aborted) throw error;
    if (isSignedOut(error)) {
      await memory.marks.delete(LEAVING_KEY);
      return null;
    }
    if (isLeaving) return null;
    const kept = isWorthRetrying(error) || isTimeOut(error) ? await memory.kept.restore() : undefined;
    if (kept === undefined) throw error;
    return kept;
  }
}

/** Whoever signs in now is not the one who left. */
export async function forgetLeaving(memory: SessionMemory): Promise<void> {
  await memory.marks.delete(LEAVING_KEY);
}

/** Signs out on the server, or leaves word for it; either way nothing of this person stays on the device. */
export async function endSession(client: QueryClient, memory: SessionMemory, session: HeldSession): Promise<void> {
  try {
    if (session.keptAtMs !== undefined) await memory.marks.set(LEAVING_KEY, true);
    else await sendJson(paths.session, { method: 'DELETE', csrfToken: session.csrfToken });
  } catch (error: unknown) {
    if (!isSignedOut(error)) await memory.marks.set(LEAVING_KEY, true);
  }
  // First the answer the gate listens to, then everything the next person must not see.
  client.setQueryData(SESSION_KEY, null);
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== SESSION_KEY[0] });
  await memory.kept.forget();
}

function isTimeOut(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
