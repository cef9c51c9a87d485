/**
 * Counts the `?` of a statement, since libsql does not tell and does not check. Quoted text and comments are stepped over;
 * numbered and named parameters are refused, so that there is one way to bind.
 */
import { assert } from '#contract/assert.ts';

const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|--[^\n]*|\/\*[\s\S]*?\*\/|\?\d*|[:@$][A-Za-z_]\w*/g;

export function countPlaceholders(sql: string): number {
  let count = 0;
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token.startsWith('?')) {
      assert(token === '?', 'parameters are plain question marks');
      count += 1;
    } else {
      assert(!/^[:@$]/.test(token), 'parameters are plain question marks');
    }
  }
  return count;
}
