/**
 * Every error we throw on purpose. One row per code: what it means for HTTP, and whether trying again helps.
 * Codes are public: support staff search for them, so a code is never renamed or reused.
 */
export const ERRORS = {
  CFG_INVALID: { status: 500, retry: false },
  CFG_UNREADABLE: { status: 500, retry: false },
  CFG_PORT_TAKEN: { status: 500, retry: false },
  DRV_LINK_LOST: { status: 502, retry: true },
  DRV_READER_REFUSED: { status: 502, retry: false },
  DRV_READER_SILENT: { status: 504, retry: true },
  OUT_FULL: { status: 503, retry: true },
  OUT_CORRUPT: { status: 500, retry: false },
  UPL_REFUSED: { status: 502, retry: true },
  BRK_REFUSED: { status: 403, retry: false },
  ING_INVALID: { status: 400, retry: false },
  STO_BAD_VALUE: { status: 500, retry: false },
  STO_UNAVAILABLE: { status: 503, retry: true },
  STO_CORRUPT: { status: 500, retry: false },
  STO_MIGRATION: { status: 500, retry: false },
  API_BAD_INPUT: { status: 400, retry: false },
  API_UNAUTHENTICATED: { status: 401, retry: false },
  API_FORBIDDEN: { status: 403, retry: false },
  API_NOT_FOUND: { status: 404, retry: false },
  API_CONFLICT: { status: 409, retry: false },
  API_TOO_LARGE: { status: 413, retry: false },
  API_TOO_MANY: { status: 429, retry: true },
  API_INTERNAL: { status: 500, retry: true },
  LIV_BAD_REQUEST: { status: 400, retry: false },
  LIV_FORBIDDEN: { status: 403, retry: false },
  LIV_NOT_FOUND: { status: 404, retry: false },
  LIV_TOO_MANY: { status: 429, retry: true },
} as const satisfies Record<string, { status: number; retry: boolean }>;

/** A stable, searchable name of what went wrong. */
export type ErrorCode = keyof typeof ERRORS;

/** Something unexpected that we can name. `facts` are what a person needs to find the cause; never secrets. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    sentence: string,
    facts: Readonly<Record<string, unknown>> = {},
    options?: { readonly cause?: unknown },
  ) {
    super(`${code}: ${sentence}`, options);
    this.code = code;
    this.facts = facts;
  }
}
