/**
 * Ranges as shelf ends print them: both ends belong, and the upper one covers everything that begins with it, as
 * librarians read "QA76 - QA99" (QA99.5 .B3 stands there too).
 */
import type { CallNumberRange, CallNumberScheme } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import { ok, type Result } from '#contract/result.ts';
import type { CallNumberError } from './key-part.ts';
import { shelfKey } from './shelf-key.ts';
import { udcEnd } from './udc.ts';

/** A range as two keys: a key belongs when `from <= key && key <= to`, by plain comparison. */
export interface KeyRange {
  readonly scheme: CallNumberScheme;
  readonly from: string;
  readonly to: string;
}

/** Above every character of a key. */
const LAST = '\uffff';

/** Errors: one of the ends cannot be read in its scheme. */
export function keyRange(
  range: CallNumberRange,
  settings: ShelvingSettings = DEFAULT_SHELVING,
): Result<KeyRange, CallNumberError> {
  const { scheme } = range;
  const from = shelfKey(scheme, range.from, settings);
  if (!from.ok) return from;
  const to = shelfKey(scheme, range.to, settings);
  if (!to.ok) return to;
  const open = (key: string): string => (scheme === 'udc' ? withoutEnd(key, udcEnd(settings.udcOrder)) : key);
  return ok({ scheme, from: open(from.value), to: open(to.value) + LAST });
}

/** Whether a key of {@link shelfKey} falls into the range; false when the schemes differ or the range cannot be read. */
export function isInRange(
  range: CallNumberRange,
  scheme: CallNumberScheme,
  key: string,
  settings: ShelvingSettings = DEFAULT_SHELVING,
): boolean {
  if (range.scheme !== scheme) return false;
  const keys = keyRange(range, settings);
  return keys.ok && keys.value.from <= key && key <= keys.value.to;
}

/** A UDC bound without a mark covers what begins with its digits, so its end sign goes. */
function withoutEnd(key: string, end: string): string {
  return key.endsWith(end) ? key.slice(0, -end.length) : key;
}
