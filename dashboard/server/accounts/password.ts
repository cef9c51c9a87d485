/** People's passwords: argon2id with OWASP's second recommended setting, about 30 ms and 19 MiB a check. */
import { randomBytes } from 'node:crypto';
import argon2 from 'argon2';
import { AppError } from '#contract/errors.ts';

const SETTING = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Hashes at once: each takes a core and 19 MiB, and the rest of the process wants to live. */
const AT_ONCE_MAX = 2;
/** With 30 ms each, the last in the queue waits about half a second. */
const WAITING_MAX = 32;

let running = 0;
const waiting: (() => void)[] = [];

export async function hashPassword(password: string): Promise<string> {
  return inTurn(() => argon2.hash(password, SETTING));
}

/**
 * Whether the password belongs to the hash. Without one (no such account) the same work is done and the answer is no, so
 * that the time taken tells nothing about who exists.
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const isKnown = passwordHash?.startsWith('$argon2id$') === true;
  const against = isKnown ? passwordHash : await nobodysHash();
  const isRight = await inTurn(() => argon2.verify(against, password));
  return isRight && isKnown;
}

let nobody: Promise<string> | undefined;

function nobodysHash(): Promise<string> {
  nobody ??= hashPassword(randomBytes(32).toString('base64url'));
  return nobody;
}

/** To be called once at the start: the first unknown name must not take twice as long. */
export async function warmUpPasswords(): Promise<void> {
  await nobodysHash();
}

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE_MAX) {
    if (waiting.length >= WAITING_MAX) {
      throw new AppError('API_TOO_MANY', 'Too many people sign in at this moment. Try again in a few seconds.', {
        retryAfterSeconds: 5,
      });
    }
    await new Promise<void>((resolve) => waiting.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // The turn is handed on rather than given back, so that nobody slips in between.
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

const CONSONANTS = 'bdfghjklmnprstvz';
const VOWELS = 'aeiou';
const GROUPS = 5;

/** A password that can be read aloud and typed from a terminal: `kiruba-patome-…`, 15 syllables, about 94 bits. */
export function readablePassword(): string {
  const syllable = (): string => `${pick(CONSONANTS)}${pick(VOWELS)}`;
  return Array.from({ length: GROUPS }, () => syllable() + syllable() + syllable()).join('-');
}

function pick(letters: string): string {
  // Bytes beyond the last whole multiple are thrown away: otherwise the first letters come up more often.
  const limit = 256 - (256 % letters.length);
  for (;;) {
    const byte = randomBytes(1)[0] ?? 255;
    if (byte < limit) return letters.charAt(byte % letters.length);
  }
}
