/** What an address says, without some of it. */
export function without<T extends object, K extends keyof T>(search: T, ...keys: readonly K[]): Omit<T, K> {
  const rest = { ...search };
  for (const key of keys) Reflect.deleteProperty(rest, key);
  return rest;
}
