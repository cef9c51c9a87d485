import type { Problem } from '#contract/wire/rest.ts';
import { ProblemError } from './problem.ts';

const ROOT = '/api/v1';
/** A server that takes longer is in trouble, and a person has stopped waiting. */
const PATIENCE_MS = 15_000;

async function call(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(ROOT + path, {
      credentials: 'same-origin',
      ...init,
      signal: AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(init.signal ? [init.signal] : [])]),
    });
  } catch (error: unknown) {
    if (init.signal?.aborted === true) throw error;
    throw new ProblemError(0, {}, { cause: error });
  }
  if (response.ok) return response;
  throw new ProblemError(response.status, await problemOf(response));
}

async function problemOf(response: Response): Promise<Partial<Problem>> {
  try {
    return (await response.json()) as Partial<Problem>;
  } catch {
    // A proxy in between answers with a page of its own; the status is all there is to know.
    return {};
  }
}

export async function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await call(path, signal ? { signal } : {});
  return (await response.json()) as T;
}

export interface Change {
  readonly method: 'POST' | 'PUT' | 'DELETE';
  readonly csrfToken?: string;
  readonly body?: unknown;
}

/** Changes something; answers the reply's body, or `undefined` when there is none. */
export async function sendJson<T>(path: string, change: Change): Promise<T> {
  const headers: Record<string, string> = {};
  if (change.csrfToken !== undefined) headers['x-csrf-token'] = change.csrfToken;
  if (change.body !== undefined) headers['content-type'] = 'application/json';
  const response = await call(path, {
    method: change.method,
    headers,
    ...(change.body === undefined ? {} : { body: JSON.stringify(change.body) }),
  });
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Address of a table as CSV, for a download link. */
export function csvAddress(path: string): string {
  return `${ROOT}${path}${path.includes('?') ? '&' : '?'}format=csv`;
}
