import type { Problem } from '#contract/wire/rest.ts';

/** What the server refused, or `status` 0 when it could not be reached at all. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly code: string;
  readonly detail: string | null;
  /** Faulty fields, where the server named them. */
  readonly errors: NonNullable<Problem['errors']>;

  constructor(status: number, problem: Partial<Problem>, options?: { readonly cause?: unknown }) {
    super(problem.title ?? problem.code ?? 'no answer', options);
    this.status = status;
    this.code = problem.code ?? (status === 0 ? 'NO_ANSWER' : 'UNKNOWN');
    this.detail = problem.detail ?? null;
    this.errors = problem.errors ?? [];
  }
}

/** True where the same request may succeed a moment later. */
export function isWorthRetrying(error: unknown): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 502);
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}
