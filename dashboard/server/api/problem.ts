/** Every error that leaves over HTTP: an RFC 9457 problem document with our stable code and an honest status. */
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { AppError, type ErrorCode, ERRORS } from '#contract/errors.ts';
import type { Problem } from '#contract/wire/rest.ts';

const TITLES: Partial<Record<ErrorCode, string>> = {
  API_BAD_INPUT: 'The request does not fit',
  API_UNAUTHENTICATED: 'Sign in first',
  API_FORBIDDEN: 'Not allowed',
  API_NOT_FOUND: 'Not found',
  API_CONFLICT: 'It has changed in the meantime',
  API_TOO_LARGE: 'Too large',
  API_TOO_MANY: 'Too many attempts',
  STO_UNAVAILABLE: 'Not available now',
};

/** One faulty field, by its path: `body.rows.3.title`. */
export type FieldFault = NonNullable<Problem['errors']>[number];

/** A refusal that names each faulty field. */
export function badInput(sentence: string, errors: readonly FieldFault[]): AppError {
  return new AppError('API_BAD_INPUT', sentence, { errors });
}

/** The faults of a schema, under the part of the request they were found in. */
export function fieldFaults(part: string, error: z.ZodError): FieldFault[] {
  return error.issues.map((issue) => ({ path: [part, ...issue.path].map(String).join('.'), message: issue.message }));
}

export function toProblem(error: AppError): Problem {
  const { status } = ERRORS[error.code];
  const errors = error.facts['errors'] as FieldFault[] | undefined;
  return {
    type: `urn:shelfwise:problem:${error.code}`,
    title: TITLES[error.code] ?? 'Something went wrong here',
    status,
    code: error.code,
    // What broke inside is for the log; a person outside can only try again.
    ...(status === 500 ? {} : { detail: error.message.slice(error.code.length + 2) }),
    ...(errors === undefined ? {} : { errors }),
  };
}

export function sendProblem(response: Response, error: AppError): void {
  const retryAfterSeconds = error.facts['retryAfterSeconds'];
  if (typeof retryAfterSeconds === 'number') response.set('retry-after', String(retryAfterSeconds));
  response
    .status(ERRORS[error.code].status)
    .set('cache-control', 'no-store')
    .type('application/problem+json')
    .send(JSON.stringify(toProblem(error)));
}

export const unknownPath: RequestHandler = (request) => {
  throw new AppError('API_NOT_FOUND', `There is nothing at ${request.method} ${request.path.slice(0, 200)}.`);
};

/** The last handler. Our own faults are logged here, once; refusals of a caller's input are not worth a line. */
export function problemHandler(log: Logger): ErrorRequestHandler {
  return (raw: unknown, request, response, next) => {
    const error = nameError(raw);
    if (ERRORS[error.code].status >= 500) {
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    }
    if (response.headersSent) next(error);
    else sendProblem(response, error);
  };
}

/** What express and its body parser throw has a `status`; everything else is unexpected. */
function nameError(raw: unknown): AppError {
  if (raw instanceof AppError) return raw;
  const status = typeof raw === 'object' && raw !== null && 'status' in raw ? raw.status : undefined;
  if (status === 413) return new AppError('API_TOO_LARGE', 'The body is larger than this route takes.');
  if (status === 404) return new AppError('API_NOT_FOUND', 'There is nothing here.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('API_BAD_INPUT', 'The request cannot be read.', {}, { cause: raw });
  }
  return new AppError('API_INTERNAL', 'An unexpected error.', {}, { cause: raw });
}
