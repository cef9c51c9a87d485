/** Lines in, lines out: what `decode` and `encode` share. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { concatBytes } from '#contract/bytes.ts';
import type { Format } from '#contract/codec/format.ts';
import { AppError } from '#contract/errors.ts';

/**
 * The longest frame is an LLRP message of 1 MiB: 2 MiB in hex, at most 3 MiB with a space behind each byte, and JSON of
 * many small parameters is longer still. A line beyond this is reported and skipped, so that memory stays bounded.
 */
export const LINE_CHARS_MAX = 64 * 1024 * 1024;

/** One line of input; `undefined` stands for one that was too long. */
export interface InputLine {
  readonly number: number;
  readonly text: string | undefined;
}

/**
 * Lines of a file, or of standard input without one; empty lines and those that begin with `#` are left out. Of the
 * `line` notation a CR ends a line too, and the text has one character for each byte, since only the format knows the
 * character set.
 */
export async function* readLines(
  file: string | undefined,
  notation: Format['notation'] = 'text',
): AsyncGenerator<InputLine> {
  let rest = '';
  let isSkipping = false;
  let number = 0;
  const take = function* (text: string): Generator<InputLine> {
    number += 1;
    if (isSkipping) yield { number, text: undefined };
    else {
      const lines = notation === 'line' ? text.split('\r') : [text.trim()];
      for (const line of lines) if (line.trim() !== '' && !line.startsWith('#')) yield { number, text: line };
    }
    isSkipping = false;
  };
  for await (const chunk of readText(file, notation === 'line' ? 'latin1' : 'utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield* take(line);
    if (rest.length > LINE_CHARS_MAX) {
      isSkipping = true;
      rest = '';
    }
  }
  if (rest !== '' || isSkipping) yield* take(rest);
}

async function* readText(file: string | undefined, encoding: 'utf8' | 'latin1'): AsyncGenerator<string> {
  const source = file === undefined || file === '-' ? process.stdin : createReadStream(file);
  source.setEncoding(encoding);
  try {
    for await (const chunk of source) yield String(chunk);
  } catch (error: unknown) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError('CFG_UNREADABLE', `${file ?? 'standard input'} cannot be read: ${reason}`, {}, { cause: error });
  }
}

/** Buffered standard output that waits for a slow reader, and ends quietly when the reader has seen enough (`| head`). */
export class LineWriter {
  #pending: (string | Uint8Array)[] = [];
  #chars = 0;
  #isGone = false;

  constructor() {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      this.#isGone = true;
    });
  }

  /** Nobody reads any more. */
  get isGone(): boolean {
    return this.#isGone;
  }

  async put(line: string): Promise<void> {
    this.#pending.push(line, '\n');
    this.#chars += line.length + 1;
    if (this.#chars >= FLUSH_CHARS) await this.flush();
  }

  /** A line that is bytes, whatever their character set. */
  async putBytes(line: Uint8Array): Promise<void> {
    this.#pending.push(line, '\n');
    this.#chars += line.length + 1;
    if (this.#chars >= FLUSH_CHARS) await this.flush();
  }

  /** Text as it is, behind what was put before. */
  async write(text: string): Promise<void> {
    this.#pending.push(text);
    await this.flush();
  }

  async flush(): Promise<void> {
    const encoder = new TextEncoder();
    const bytes = concatBytes(
      this.#pending.map((piece) => (typeof piece === 'string' ? encoder.encode(piece) : piece)),
    );
    this.#pending = [];
    this.#chars = 0;
    if (bytes.length === 0 || this.#isGone || process.stdout.write(bytes)) return;
    // A reader that went away never drains.
    const drained = new AbortController();
    const { signal } = drained;
    await Promise.race([once(process.stdout, 'drain', { signal }), once(process.stdout, 'close', { signal })]).catch(
      () => undefined,
    );
    drained.abort();
  }
}

/** One write for many lines; small enough that a person sees lines as they come from a slow pipe. */
const FLUSH_CHARS = 32_768;

/** An input that could not be read, as it is printed. */
export function errorLine(code: string, message: string, offset: number): string {
  return JSON.stringify({ error: { code, message, offset } });
}
