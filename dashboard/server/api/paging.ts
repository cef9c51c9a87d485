import { z } from 'zod';
import { libraryKey } from '#contract/domain/ids.ts';

/** Everyone who works in the library; the work list alone is staff's. */
export const EVERYONE = ['staff', 'facilities', 'admin'] as const;
export const STAFF = ['staff', 'admin'] as const;
export const ADMIN = ['admin'] as const;

export const inLibrary = z.object({ library: libraryKey });

/** One page of a list: rows it shows by default, and the most one request may ask for. */
export function pageLimit(rows: number, max: number): z.ZodDefault<z.ZodCoercedNumber> {
  return z.coerce.number().int().min(1).max(max).default(rows);
}
