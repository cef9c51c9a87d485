/** Takes one text out of a URL's query; anything else counts as not given. */
export function text<K extends string>(search: Readonly<Record<string, unknown>>, key: K): Partial<Record<K, string>> {
  const value = search[key];
  return typeof value === 'string' && value !== '' ? ({ [key]: value } as Partial<Record<K, string>>) : {};
}
