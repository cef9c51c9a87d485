/**
 * Passwords of tags, by the names that the library's profile uses. They come from the gateway's own configuration and go
 * to the reader alone: never over MQTT, never into a log or a result.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '#contract/clock.ts';
import { tagSecretName } from '#contract/domain/tag-profile.ts';
import { AppError } from '#contract/errors.ts';
import { fromHex } from '#contract/hex.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { Outbox } from '#gateway/outbox/outbox.ts';

/** SLIX and Gen2 passwords alike have 32 bits. */
const PASSWORD_HEX = /^[0-9A-Fa-f]{8}$/;
/** A password, or a longer text that the passwords of tags follow from. */
export const TAG_SECRET = /^(?:[0-9A-Fa-f]{8}|[ -~]{10,128})$/;
export const TAG_SECRET_WORDS = 'eight hex digits (a password) or a text of 10 to 128 characters (to derive them from)';

/** Refusals remembered; the oldest go. */
const REFUSED_MAX = 10_000;

export type NoSecret = 'secret-missing' | 'wrong-password';

export interface TagSecrets {
  /** The password, or why it is not used. */
  find(tag: string, name: string): Result<Uint8Array, NoSecret>;
  /** The text that passwords are derived from, as it was given. */
  findText(tag: string, name: string): Result<string, NoSecret>;
  /** A tag refused it: it is never tried on that tag again. */
  refused(tag: string, name: string): void;
}

export function createTagSecrets(
  secrets: Readonly<Record<string, string>>,
  outbox: Pick<Outbox, 'database'>,
  clock: Clock,
): TagSecrets {
  const findText = (tag: string, name: string): Result<string, NoSecret> => {
    const text = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (text === undefined) return err('secret-missing');
    const refusal = outbox.database
      .prepare('SELECT at FROM refused_password WHERE tag = ? AND name = ?')
      .get([tag, name]);
    return refusal === undefined ? ok(text) : err('wrong-password');
  };
  return {
    findText,
    find(tag, name) {
      const text = findText(tag, name);
      if (!text.ok) return text;
      const bytes = PASSWORD_HEX.test(text.value) ? fromHex(text.value) : undefined;
      return bytes === undefined ? err('secret-missing') : ok(bytes);
    },
    refused(tag, name) {
      outbox.database.transaction(() => {
        outbox.database
          .prepare('INSERT OR REPLACE INTO refused_password (tag, name, at) VALUES (?, ?, ?)')
          .run([tag, name, clock.nowMs()]);
        outbox.database
          .prepare(
            `DELETE FROM refused_password WHERE (tag, name) IN
             (SELECT tag, name FROM refused_password ORDER BY at DESC LIMIT -1 OFFSET ${REFUSED_MAX})`,
          )
          .run();
      });
    },
  };
}

/** A folder with a file for each password, named as the profile names it. Errors: CFG_UNREADABLE, CFG_INVALID. */
export function readSecretsFolder(folder: string): Record<string, string> {
  const secrets: Record<string, string> = {};
  try {
    for (const name of readdirSync(folder)) {
      // Mounted secrets bring hidden entries of their own.
      if (!tagSecretName.safeParse(name).success) continue;
      secrets[name] = readFileSync(join(folder, name), 'utf8').trim();
    }
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `tagSecretsFolder ${folder} cannot be read`, { folder }, { cause });
  }
  const wrong = Object.keys(secrets).filter((name) => !TAG_SECRET.test(secrets[name] ?? ''));
  if (wrong.length === 0) return secrets;
  throw new AppError('CFG_INVALID', `${join(folder, wrong.join(', '))}: ${TAG_SECRET_WORDS}`, { wrong });
}
