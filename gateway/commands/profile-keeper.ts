/** The library's tag profile as the broker last sent it, on disk, so that it holds with the line cut and after a restart. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import type { Logger } from 'pino';
import { DEFAULT_TAG_PROFILE, tagProfile, type TagProfile } from '#contract/domain/tag-profile.ts';
import { desiredConfig } from '#contract/wire/commands.ts';

const PAYLOAD_BYTES_MAX = 65_536;

export interface ProfileKeeper {
  readonly profile: TagProfile;
  /** Takes what came on the topic `config`. */
  take(payload: Uint8Array): void;
}

export interface ProfileKeeperOptions {
  readonly path: string;
  readonly log: Logger;
  readonly onApplied: () => void;
}

export function openProfileKeeper({ path, log, onApplied }: ProfileKeeperOptions): ProfileKeeper {
  let profile = readKept(path, log) ?? DEFAULT_TAG_PROFILE;
  return {
    get profile() {
      return profile;
    },
    take(payload) {
      const wanted = parse(payload);
      if (wanted === undefined) {
        log.warn({ bytes: payload.length, applied: profile.version }, 'configuration from the broker does not fit');
        return;
      }
      // An older one comes with a registry that was restored from a backup: what people see there is what holds.
      if (wanted.version === profile.version && JSON.stringify(wanted) === JSON.stringify(profile)) return;
      try {
        keep(path, wanted);
      } catch (error: unknown) {
        // Used all the same; the broker sends it again after a restart.
        log.error({ err: error, path }, 'tag profile cannot be kept');
      }
      profile = wanted;
      log.info({ version: wanted.version }, 'tag profile applied');
      onApplied();
    },
  };
}

function parse(payload: Uint8Array): TagProfile | undefined {
  if (payload.length > PAYLOAD_BYTES_MAX) return undefined;
  try {
    return desiredConfig.safeParse(JSON.parse(new TextDecoder().decode(payload))).data?.tagProfile;
  } catch {
    // Not JSON: the caller says so.
    return undefined;
  }
}

function readKept(path: string, log: Logger): TagProfile | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    // Nothing was ever sent.
    return undefined;
  }
  try {
    return tagProfile.parse(JSON.parse(text));
  } catch (error: unknown) {
    log.warn({ err: error, path }, 'kept tag profile cannot be read, the built-in one holds until the broker sends it');
    return undefined;
  }
}

/** Whole or not at all, also when the power goes. */
function keep(path: string, profile: TagProfile): void {
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    writeSync(file, JSON.stringify(profile));
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}
