/**
 * The registry as the broker sees it: read only, and perhaps not there yet, since the dashboard makes the file. Devices are
 * read from it each time they are asked for (one indexed row, some 10 microseconds), so that nothing can be stale.
 */
import type { Logger } from 'pino';
import type { RegistryReader } from '#store/registry/registry.ts';

const RETRY_MS = 1_000;

export interface DeviceDirectory {
  /** `undefined` while there is no registry: whoever asks must refuse. */
  registry(): RegistryReader | undefined;
  /** Runs `question` on the registry; `undefined` when there is none or when it fails. */
  ask<T>(question: (registry: RegistryReader) => T): { readonly answer: T } | undefined;
  close(): void;
}

export interface DirectoryDeps {
  readonly open: () => RegistryReader;
  readonly log: Logger;
  readonly uptimeMs: () => number;
}

export function createDeviceDirectory({ open, log, uptimeMs }: DirectoryDeps): DeviceDirectory {
  let reader: RegistryReader | undefined;
  let isMissingLogged = false;
  let retryAtMs = -Infinity;

  const registry = (): RegistryReader | undefined => {
    if (reader !== undefined || uptimeMs() < retryAtMs) return reader;
    try {
      reader = open();
      if (isMissingLogged) log.info('registry found');
      isMissingLogged = false;
    } catch (error: unknown) {
      retryAtMs = uptimeMs() + RETRY_MS;
      if (!isMissingLogged) log.warn({ err: error }, 'registry not there, every sign-in is refused');
      isMissingLogged = true;
    }
    return reader;
  };

  const drop = (): void => {
    reader?.close();
    reader = undefined;
    retryAtMs = uptimeMs() + RETRY_MS;
  };

  return {
    registry,
    ask: (question) => {
      const opened = registry();
      if (opened === undefined) return undefined;
      try {
        return { answer: question(opened) };
      } catch (error: unknown) {
        log.error({ err: error }, 'registry cannot be read');
        drop();
        return undefined;
      }
    },
    close: drop,
  };
}
