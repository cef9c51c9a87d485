/**
 * A capture as a link: the driver meets the reader of that day again.
 *
 * What the reader said comes when its turn is: after the driver has sent as much as the gateway had sent then, and with
 * the pauses of the capture, divided by `speed`. What was withheld is left out. A driver that asks something else than
 * the gateway did then gets the answers of then, which it passes over as late ones.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fromHex } from '#contract/hex.ts';
import type { CaptureEntry } from '#gateway/capture/capture-file.ts';
import type { Link } from '#gateway/links/link.ts';

export interface ReplayOptions {
  readonly name: string;
  readonly entries: AsyncIterable<CaptureEntry>;
  /** 2 = twice as fast; Infinity = no pauses. */
  readonly speed: number;
  /** How long a driver may take to send what the gateway had sent then. */
  readonly sendTimeoutMs: number;
  /** Everything was played. */
  onEnd(): void;
}

export function replayLink(options: ReplayOptions): Link {
  const { name, entries, speed, sendTimeoutMs } = options;
  const closed = new AbortController();
  const { signal } = closed;
  let sends = 0;
  let wake: (() => void) | undefined;

  const isClosed = (): boolean => signal.aborted;
  const sent = async (count: number): Promise<void> => {
    const limit = performance.now() + sendTimeoutMs;
    while (sends < count && performance.now() < limit && !isClosed()) {
      await Promise.race([
        new Promise<void>((resolve) => (wake = resolve)),
        pause(Math.max(1, limit - performance.now()), undefined, { signal }).catch(() => undefined),
      ]);
    }
  };

  async function* bytes(): AsyncGenerator<Uint8Array, void, undefined> {
    let expected = 0;
    let lastMs = 0;
    for await (const entry of entries) {
      const gapMs = (entry.ms - lastMs) / speed;
      lastMs = entry.ms;
      if (isClosed()) return;
      if (entry.from === 'gateway') {
        expected += 1;
        await sent(expected);
        continue;
      }
      if (gapMs >= 1) await pause(gapMs, undefined, { signal }).catch(() => undefined);
      const chunk = 'hex' in entry && typeof entry.hex === 'string' ? fromHex(entry.hex) : undefined;
      if (chunk !== undefined && !isClosed()) yield chunk;
    }
    options.onEnd();
  }

  return {
    name,
    bytes: bytes(),
    send() {
      sends += 1;
      wake?.();
      return Promise.resolve();
    },
    close() {
      closed.abort();
      wake?.();
      return Promise.resolve();
    },
  };
}
