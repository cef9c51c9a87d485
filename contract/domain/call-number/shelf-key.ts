/** One text per call number, such that plain comparison of the texts is the order on the shelf. */
import type { CallNumberScheme } from '#contract/domain/plan.ts';
import { ok, type Result } from '#contract/result.ts';
import { clcKey } from './clc.ts';
import { ddcKey } from './ddc.ts';
import { foldCallNumber, keyOrRefusal, type CallNumberError } from './key-part.ts';
import { lccKey } from './lcc.ts';
import { udcKey } from './udc.ts';

/**
 * The key of a call number within its scheme. Keys of different schemes are never compared with each other.
 *
 * Errors: a sentence that says what is missing (list the item apart; never call it misplaced).
 */
export function shelfKey(scheme: CallNumberScheme, text: string): Result<string, CallNumberError> {
  if (text.trim() === '') return keyOrRefusal(undefined, 'no call number');
  switch (scheme) {
    case 'lcc':
      return lccKey(text);
    case 'ddc':
      return ddcKey(text);
    case 'clc':
      return clcKey(text);
    case 'udc':
      return udcKey(text);
    case 'local':
      return ok(foldCallNumber(text));
  }
}
