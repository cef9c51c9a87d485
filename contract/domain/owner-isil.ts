/**
 * Whose tag it is. One library's ISIL comes in many forms: tags cut it to 9 or 11 characters behind the country, URN Code 40
 * knows upper case only, some leave the hyphen out.
 */

/** Shorter rests say nothing when cut: `GB-U` begins half of Britain. */
const CUT_CHARS_MIN = 11;

/** Two forms of one ISIL have the same key. */
export function isilKey(isil: string): string {
  return isil.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
}

/** Says whether an ISIL on a tag is one of the library's own; undefined while the library has told none. */
export function ownerCheck(isils: readonly string[]): ((isil: string) => boolean) | undefined {
  const keys = isils.map(isilKey).filter((key) => key !== '');
  if (keys.length === 0) return undefined;
  const known = new Set(keys);
  return (isil) => {
    const key = isilKey(isil);
    if (known.has(key)) return true;
    // A tag has room for the country and 9 or 11 more characters: a longer name is cut there.
    return key.length >= CUT_CHARS_MIN && keys.some((own) => own.startsWith(key));
  };
}
