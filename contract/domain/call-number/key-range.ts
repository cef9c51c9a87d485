/**
 * Ranges as shelf ends print them: both ends belong, and the upper one covers everything that begins with it, as
 * librarians read "QA76 - QA99" (QA99.5 .B3 stands there too).
 */
import type { CallNumberRange, CallNumberScheme } from '#contract/domain/plan.ts';
import { ok, type Result } from '#contract/result.ts';
import type { CallNumberError } from './key-part.ts';
import { shelfKey } from './shelf-key.ts';
import { UDC_END } from './udc.ts';

/** A range as two keys: a key belongs when `from <= key && key <= to`, by plain comparison. */
export interface KeyRange {
  readonly scheme: CallNumberScheme;
  readonly from: string;
  readonly to: string;
}

/** Above every character of a key. */
const LAST = '\uffff';

/** Errors: one of the ends cannot be read in its scheme. */
export function keyRange(range: CallNumberRange): Result<KeyRange, CallNumberError> {
  const from = shelfKey(range.scheme, range.from);
  if (!from.ok) return from;
  const to = shelfKey(range.scheme, range.to);
  if (!to.ok) return to;
  return ok({
    scheme: range.scheme,
    from: openEnd(range.scheme, from.value),
    to: openEnd(range.scheme, to.value) + LAST,
  });
}

/** Whether a key of {@link shelfKey} falls into the range; false when the schemes differ or the range cannot be read. */
export function isInRange(range: CallNumberRange, scheme: CallNumberScheme, key: string): boolean {
  if (range.scheme !== scheme) return false;
  const keys = keyRange(range);
  return keys.ok && keys.value.from <= key && key <= keys.value.to;
}

/** A UDC bound without a mark covers what begins with its digits, so its end sign goes. */
function openEnd(scheme: CallNumberScheme, key: string): string {
  return scheme === 'udc' && key.endsWith(UDC_END) ? key.slice(0, -UDC_END.length) : key;
}
