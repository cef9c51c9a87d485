/** Who we are to a broker or a reader's web server: set beside the address, never in it, so that no log can show it. */
import { readFile } from 'node:fs/promises';
import { AppError } from '#contract/errors.ts';

export interface LinkCredentials {
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  /** A file that holds the password, read at each opening: a changed one takes effect with the next connection. */
  readonly passwordFile?: string | undefined;
}

/** Errors: DRV_LINK_LOST (the file cannot be read). */
export async function passwordOf(credentials: LinkCredentials | undefined): Promise<string | undefined> {
  const { password, passwordFile } = credentials ?? {};
  if (passwordFile === undefined) return password;
  try {
    // Editors and `echo` leave a line end behind.
    return (await readFile(passwordFile, 'utf8')).replace(/\r?\n$/, '');
  } catch (cause: unknown) {
    const sentence = `the password file ${passwordFile} cannot be read; check its path and its rights`;
    throw new AppError('DRV_LINK_LOST', sentence, { file: passwordFile }, { cause });
  }
}
