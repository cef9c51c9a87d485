/** What an error of libsql means to a caller: try again, mend the file, or mend the value. */
import { AppError } from '#contract/errors.ts';

const DAMAGED = /^SQLITE_(?:CORRUPT|NOTADB)/;
const UNAVAILABLE = /^SQLITE_(?:FULL|IOERR|BUSY|LOCKED|CANTOPEN|READONLY|NOMEM|PROTOCOL|INTERRUPT)/;
/** 3091 is SQLITE_CONSTRAINT_DATATYPE, which libsql has no name for. */
const REFUSED = /^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG|RANGE)|^UNKNOWN_SQLITE_ERROR_3091$/;

/** Anything that is neither the disk's nor a value's fault is a mistake in our SQL and comes back as it is. */
export function nameSqliteError(error: unknown, path: string): unknown {
  if (error instanceof AppError || !isErrorLike(error)) return error;
  const code = typeof error.code === 'string' ? error.code : '';
  const facts = { path, sqlite: code };
  const cause = { cause: error };
  if (DAMAGED.test(code)) {
    return new AppError('STO_CORRUPT', `${path} is damaged or no database: ${error.message}`, facts, cause);
  }
  if (UNAVAILABLE.test(code) || error.message.startsWith('ConnectionFailed')) {
    return new AppError('STO_UNAVAILABLE', `${path}: ${error.message}`, facts, cause);
  }
  if (REFUSED.test(code)) return new AppError('STO_BAD_VALUE', `${path}: ${error.message}`, facts, cause);
  return error;
}

/** libsql's errors are built without the Error constructor, so `instanceof` alone would miss some. */
function isErrorLike(error: unknown): error is { readonly message: string; readonly code?: unknown } {
  return typeof error === 'object' && error !== null && 'message' in error && typeof error.message === 'string';
}
