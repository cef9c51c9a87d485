/** A Node duplex stream as a {@link Link}: what TCP sockets and serial ports have in common. */
import type { Duplex } from 'node:stream';
import { AppError } from '#contract/errors.ts';
import type { Link } from '#gateway/links/link.ts';

export interface StreamLinkOptions {
  readonly name: string;
  /** What a person can do about a lost link. */
  readonly advice: string;
  /** Bytes that the device does not take for this long mean that it is gone. */
  readonly sendTimeoutMs: number;
}

/** The error of every link that is gone, with its name and the fix. */
export function linkLost(
  options: Pick<StreamLinkOptions, 'name' | 'advice'>,
  reason: string,
  cause?: unknown,
): AppError {
  return new AppError(
    'DRV_LINK_LOST',
    `${options.name}: ${reason}; ${options.advice}`,
    { link: options.name },
    { cause },
  );
}

export function streamLink(stream: Duplex, options: StreamLinkOptions): Link {
  let isClosed = false;
  let failure: AppError | undefined;
  // Without a listener an error between two reads would end the process; it is thrown at the next use.
  stream.on('error', (error) => {
    failure ??= linkLost(options, error.message, error);
  });

  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      for await (const chunk of stream) yield chunk as Uint8Array;
    } catch (error: unknown) {
      if (isClosed) return;
      throw failure ?? linkLost(options, error instanceof Error ? error.message : 'failed', error);
    }
    if (!isClosed) throw failure ?? linkLost(options, 'the other end closed it');
  }

  return {
    name: options.name,
    bytes: bytes(),
    send: (data) => sendAll(stream, data, options),
    close() {
      isClosed = true;
      if (stream.closed) return Promise.resolve();
      return new Promise((resolve) => {
        stream.once('close', () => {
          resolve();
        });
        stream.destroy();
      });
    },
  };
}

function sendAll(stream: Duplex, data: Uint8Array, options: StreamLinkOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed || !stream.writable) {
      reject(linkLost(options, 'it is closed'));
      return;
    }
    const timer = setTimeout(() => {
      reject(linkLost(options, `took no bytes for ${options.sendTimeoutMs} ms`));
      stream.destroy();
    }, options.sendTimeoutMs);
    stream.write(data, (error) => {
      clearTimeout(timer);
      if (error) reject(linkLost(options, error.message, error));
      else resolve();
    });
  });
}
