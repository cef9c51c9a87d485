/** One text per call number, such that plain comparison of the texts is the order on the shelf. */
import type { CallNumberScheme } from '#contract/domain/plan.ts';
import { DEFAULT_SHELVING, type ShelvingSettings } from '#contract/domain/shelving-settings.ts';
import { ok, type Result } from '#contract/result.ts';
import { clcKey } from './clc.ts';
import { ddcKey } from './ddc.ts';
import { foldCallNumber, keyOrRefusal, type CallNumberError } from './key-part.ts';
import { lccKey } from './lcc.ts';
import { splitPrefix } from './prefix.ts';
import { udcKey } from './udc.ts';

/** Far more than fits on a spine; a longer text is no call number. */
const CHARACTERS_MAX = 500;

/**
 * The key of a call number within its scheme. Keys of different schemes are never compared with each other, nor keys made
 * under different settings.
 *
 * Errors: a sentence that says what is missing (list the item apart; never call it misplaced).
 */
export function shelfKey(
  scheme: CallNumberScheme,
  text: string,
  settings: ShelvingSettings = DEFAULT_SHELVING,
): Result<string, CallNumberError> {
  if (text.trim() === '') return keyOrRefusal(undefined, 'no call number');
  if (text.length > CHARACTERS_MAX) return keyOrRefusal(undefined, 'too long to be a call number');
  if (scheme === 'local') return ok(foldCallNumber(text));
  // In CLC a letter in front of a whole class number can only be a prefix; elsewhere what can be read as it is, is read so.
  const plain = scheme === 'clc' && /^\p{L}+ [A-Z]{1,2}\d/iu.test(text) ? undefined : plainKey(scheme, text, settings);
  if (plain?.ok === true) return plain;
  const split = splitPrefix(text, settings.prefixes);
  const rest = split === undefined ? undefined : plainKey(scheme, split.rest, settings);
  if (split === undefined || rest?.ok !== true) return plain ?? plainKey(scheme, text, settings);
  return settings.prefixOrder === 'interfiled' ? rest : ok(`~${split.prefix} ${rest.value}`);
}

function plainKey(
  scheme: Exclude<CallNumberScheme, 'local'>,
  text: string,
  settings: ShelvingSettings,
): Result<string, CallNumberError> {
  switch (scheme) {
    case 'lcc':
      return lccKey(text);
    case 'ddc':
      return ddcKey(text, settings.ddcSections);
    case 'clc':
      return clcKey(text, settings);
    case 'udc':
      return udcKey(text, settings.udcOrder);
  }
}
