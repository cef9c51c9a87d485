import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Of this program. `package.json` lies one folder above, beside the source as beside the bundle in `dist/`. */
export function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return z.object({ version: z.string() }).parse(manifest).version;
}
