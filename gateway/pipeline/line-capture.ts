/** Records the raw bytes of a reader's line into the gateway's folder for a while, on demand, while the reader goes on. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '#contract/clock.ts';
import type { Format } from '#contract/codec/format.ts';
import { err, ok, type Result } from '#contract/result.ts';
import type { CaptureResult } from '#contract/wire/commands.ts';
import { type CaptureHead } from '#gateway/capture/capture-file.ts';
import { Recorder } from '#gateway/capture/recorder.ts';
import type { Refusal } from '#gateway/commands/reader-port.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Tap } from '#gateway/links/tapped-link.ts';

/** Each at most 64 MB on the wire; the oldest go. */
const FILES_MAX = 20;
/** How often it is looked at whether the file is full. */
const LOOK_MS = 250;

export interface CaptureWish {
  readonly reader: string;
  readonly head: Omit<CaptureHead, 'capture' | 'startedAt'>;
  /** Of a family whose tags may be patrons' cards. */
  readonly cards: Format | undefined;
  readonly seconds: number;
  readonly signal: AbortSignal;
}

export class LineCapture {
  readonly #folder: string;
  readonly #clock: Clock;
  #recorder: Recorder | undefined;

  /** `folder` is the gateway's. */
  constructor(folder: string, clock: Clock) {
    this.#folder = join(folder, 'captures');
    this.#clock = clock;
  }

  /** For the link of the reader. */
  readonly tap: Tap = (from, bytes) => {
    this.#recorder?.hear(from, bytes);
  };

  /** What the driver made of the bytes: only tags it tells of are written down. */
  note(events: readonly ReaderEvent[]): void {
    this.#recorder?.note(events);
  }

  async record({ reader, head, cards, seconds, signal }: CaptureWish): Promise<Result<CaptureResult, Refusal>> {
    if (this.#recorder !== undefined) return err({ code: 'busy', detail: 'this reader is being recorded already' });
    const uptimeMs = (): number => this.#clock.uptimeMs();
    let [bytes, chunks] = [0, 0];
    const startedAt = new Date(this.#clock.nowMs()).toISOString();
    const path = join(this.#folder, `${reader}-${startedAt.replaceAll(/[:.]/g, '-')}.ndjson`);
    const lines: string[] = [`${JSON.stringify({ capture: 1, ...head, startedAt })}\n`];
    const recorder = new Recorder({
      cards,
      uptimeMs,
      write: (entry) => {
        chunks += 1;
        lines.push(`${JSON.stringify(entry)}\n`);
      },
    });
    this.#recorder = recorder;
    try {
      await this.#makeRoom();
      const file = createWriteStream(path, { mode: 0o600, flags: 'wx' });
      const failed = once(file, 'error').then(([error]) => {
        throw error instanceof Error ? error : new Error('the capture cannot be written');
      });
      const flush = (): void => {
        for (const line of lines.splice(0)) {
          bytes += line.length;
          file.write(line);
        }
      };
      const endMs = uptimeMs() + seconds * 1000;
      while (uptimeMs() < endMs && !recorder.isFull && !signal.aborted) {
        // Ended early by the command's time: what was recorded is kept.
        const rest = pause(Math.min(LOOK_MS, endMs - uptimeMs()), undefined, { signal }).catch(() => undefined);
        await Promise.race([rest, failed]);
        flush();
      }
      this.#recorder = undefined;
      recorder.finish();
      flush();
      file.end();
      await Promise.race([once(file, 'close'), failed]);
      return ok({ file: path, bytes, chunks });
    } catch (error: unknown) {
      return err({ code: 'internal', detail: error instanceof Error ? error.message : 'not recorded' });
    } finally {
      this.#recorder = undefined;
    }
  }

  async #makeRoom(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const files = (await readdir(this.#folder)).filter((name) => name.endsWith('.ndjson'));
    // The time is in the name, but the reader stands before it.
    const oldest = files
      .toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1))
      .slice(0, Math.max(0, files.length - FILES_MAX + 1));
    for (const name of oldest) await rm(join(this.#folder, name), { force: true });
  }
}

const TIME_CHARS = '2026-03-02T09-30-00-000Z.ndjson'.length;

function timeOf(name: string): string {
  return name.slice(-TIME_CHARS);
}
