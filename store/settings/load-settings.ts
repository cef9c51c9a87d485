/**
 * Settings of a role: a YAML or JSON text checked against the role's schema, with secrets taken from the environment or
 * from files it names. Every fault is reported at once, each with its path; a secret never appears in a message.
 */
import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';
import type { z, ZodType } from 'zod';
import { AppError } from '#contract/errors.ts';

export interface SecretSource {
  /** Where it belongs, dots between the levels: `gateway.secret`, `readers.0.password`. */
  readonly path: string;
  /** Name of the variable that holds it; the same with `_FILE` names a file that does. */
  readonly env: string;
}

export interface SettingsSource {
  readonly file?: string | undefined;
  readonly text?: string | undefined;
  /** Handed in: only a `config.ts` reads the real one. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** A secret found here wins over one in the text. */
  readonly secrets?: readonly SecretSource[];
}

export interface SettingsFault {
  readonly path: string;
  readonly message: string;
}

/** The settings, frozen. Errors: `CFG_UNREADABLE` (no such file, or not YAML), `CFG_INVALID` (`facts.faults` names all). */
export function loadSettings<Schema extends ZodType>(schema: Schema, source: SettingsSource): z.output<Schema> {
  const draft = parseText(readSource(source), source.file ?? 'the settings');
  const faults: SettingsFault[] = [];
  for (const secret of source.secrets ?? []) {
    const found = readSecret(secret, source.env);
    if ('fault' in found) faults.push({ path: secret.path, message: found.fault });
    else if (found.value !== undefined && !setAt(draft, secret.path.split('.'), found.value)) {
      faults.push({ path: secret.path, message: `there is no place for ${secret.env}` });
    }
  }
  const parsed = schema.safeParse(draft);
  if (!parsed.success) {
    const known = new Set(faults.map((fault) => fault.path));
    for (const issue of parsed.error.issues) {
      const path = issue.path.map(String).join('.');
      // Why a secret is missing has been said already.
      if (!known.has(path)) faults.push({ path, message: issue.message });
    }
  }
  if (faults.length > 0 || !parsed.success) {
    const list = faults.map((fault) => `${fault.path === '' ? '(whole)' : fault.path}: ${fault.message}`).join('; ');
    throw new AppError('CFG_INVALID', `${source.file ?? 'the settings'}: ${list}`, {
      file: source.file ?? null,
      faults,
    });
  }
  return freeze(parsed.data);
}

function readSource({ file, text }: SettingsSource): string {
  if (file === undefined) return text ?? '';
  try {
    return readFileSync(file, 'utf8');
  } catch (cause: unknown) {
    throw new AppError('CFG_UNREADABLE', `the settings file ${file} cannot be read`, { file }, { cause });
  }
}

function parseText(content: string, name: string): unknown {
  if (content.trim() === '') return {};
  try {
    return JSON.parse(content) as unknown;
  } catch {
    // Not JSON; YAML reports what is wrong with line and column.
  }
  const document = parseDocument(content);
  const problems = document.errors.map((problem) => problem.message.split('\n', 1)[0] ?? '');
  try {
    if (problems.length === 0) return (document.toJS() as unknown) ?? {};
  } catch (cause: unknown) {
    problems.push(cause instanceof Error ? cause.message : 'unknown reason');
  }
  throw new AppError('CFG_UNREADABLE', `${name} is neither JSON nor YAML: ${problems.join('; ')}`, { name, problems });
}

function readSecret(
  { env: name }: SecretSource,
  env: SettingsSource['env'],
): { readonly value: string | undefined } | { readonly fault: string } {
  const value = env[name];
  const file = env[`${name}_FILE`];
  if (file === undefined) return { value };
  if (value !== undefined) return { fault: `both ${name} and ${name}_FILE are set` };
  try {
    // Editors and `echo` leave a line end behind.
    return { value: readFileSync(file, 'utf8').replace(/\r?\n$/, '') };
  } catch {
    return { fault: `${name}_FILE names ${file}, which cannot be read` };
  }
}

/** Sets a leaf, making missing levels on the way; `false` where something else is in the way. */
function setAt(root: unknown, path: readonly string[], value: string): boolean {
  let level: unknown = root;
  for (const [index, key] of path.entries()) {
    if (typeof level !== 'object' || level === null) return false;
    if (Array.isArray(level) && !(/^\d+$/.test(key) && Number(key) < level.length)) return false;
    const holder = level as Record<string, unknown>;
    if (index === path.length - 1) holder[key] = value;
    else level = holder[key] ??= {};
  }
  return true;
}

function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!isPlain || Object.isFrozen(value)) return value;
  Object.values(value).forEach(freeze);
  return Object.freeze(value);
}
