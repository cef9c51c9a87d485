/** Secrets of the people counters, a file each. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deviceId } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';

/** By device id. Files whose name is no device id are somebody else's. Errors: `CFG_UNREADABLE`. */
export async function secretsIn(folder: string | undefined): Promise<Readonly<Record<string, string>>> {
  if (folder === undefined) return {};
  try {
    const ids = (await readdir(folder)).filter((name) => deviceId.safeParse(name).success);
    const secrets = await Promise.all(ids.map((id) => readFile(join(folder, id), 'utf8')));
    return Object.fromEntries(ids.map((id, index) => [id, (secrets[index] ?? '').trim()]));
  } catch (cause: unknown) {
    throw new AppError(
      'CFG_UNREADABLE',
      `the secrets of the people counters in ${folder} cannot be read`,
      { folder },
      { cause },
    );
  }
}
