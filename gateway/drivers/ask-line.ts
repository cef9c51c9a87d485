/**
 * Question and answer on a serial line, one at a time, with a time-out, over noise: what all polled readers share. What a
 * reader says without being asked goes to `onUnasked`.
 */
import type { CodecError } from '#contract/codec/codec-error.ts';
import { SerialFramer, type FrameShape, type SerialEvent } from '#contract/codec/serial-framer.ts';
import { AppError } from '#contract/errors.ts';
import type { Result } from '#contract/result.ts';
import type { Link } from '#gateway/links/link.ts';

/** How one family speaks. */
export interface LineProtocol<Command, Answer> {
  readonly shape: FrameShape;
  encode(command: Command): Uint8Array;
  decode(frame: Uint8Array): Result<Answer, CodecError>;
}

export interface AskLineOptions<Answer> {
  readonly answerTimeoutMs: number;
  /** Unanswered questions in a row that mean a dead reader. */
  readonly missesMax: number;
  /** Takes an answer nobody asked for (a notification); false when it means nothing to it either. */
  readonly onUnasked?: (answer: Answer) => boolean;
  /** Told once when the line is over, and why; for readers that speak by themselves, where no question would notice. */
  readonly onEnd?: (error: unknown) => void;
  /**
   * After so long a silence an unfinished frame is given up, so that a false start does not swallow the next frame.
   * Absent: only an unanswered question does that.
   */
  readonly quietMs?: number;
}

interface Question<Answer> {
  readonly accepts: (answer: Answer) => boolean;
  settle(answer: Answer | undefined): void;
}

/** Takes the link over: closing the line closes the link. */
export class AskLine<Command, Answer> {
  readonly #link: Link;
  readonly #protocol: LineProtocol<Command, Answer>;
  readonly #options: AskLineOptions<Answer>;
  readonly #framer: SerialFramer;
  #question: Question<Answer> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #noiseBytes = 0;
  #misses = 0;
  #end: { readonly error: unknown } | undefined;
  #quiet: NodeJS.Timeout | undefined;

  constructor(link: Link, protocol: LineProtocol<Command, Answer>, options: AskLineOptions<Answer>) {
    this.#link = link;
    this.#protocol = protocol;
    this.#options = options;
    this.#framer = new SerialFramer(protocol.shape);
    void this.#pump();
  }

  /** Of the link, for error messages. */
  get name(): string {
    return this.#link.name;
  }

  /** Bytes since the last call that belonged to no answer. */
  takeNoiseBytes(): number {
    const bytes = this.#noiseBytes;
    this.#noiseBytes = 0;
    return bytes;
  }

  /**
   * Sends a command when the questions before it are settled; undefined when no answer that `accepts` takes came in time.
   * Late answers to earlier questions are passed over.
   *
   * Errors: DRV_LINK_LOST; DRV_READER_SILENT after `missesMax` unanswered questions in a row.
   */
  ask(
    command: Command,
    accepts: (answer: Answer) => boolean,
    timeoutMs = this.#options.answerTimeoutMs,
  ): Promise<Answer | undefined> {
    const asked = this.#turn.then(() => this.#askNow(command, accepts, timeoutMs));
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  /** What ended the line, for readers that talk on their own and may not be asked for long; undefined while it stands. */
  get failure(): { readonly error: unknown } | undefined {
    return this.#end;
  }

  /** Sends what has no answer. Errors: DRV_LINK_LOST. */
  async tell(command: Command): Promise<void> {
    if (this.#end !== undefined) throw this.#end.error;
    await this.#link.send(this.#protocol.encode(command));
  }

  async close(): Promise<void> {
    this.#finish(new AppError('DRV_LINK_LOST', `${this.name}: closed`, { link: this.name }));
    await this.#link.close();
  }

  async #askNow(
    command: Command,
    accepts: (answer: Answer) => boolean,
    timeoutMs: number,
  ): Promise<Answer | undefined> {
    if (this.#end !== undefined) throw this.#end.error;
    const answer = this.#answer(accepts, timeoutMs);
    const sent = this.#link.send(this.#protocol.encode(command));
    try {
      // A port that was pulled may never take the bytes: the end of the line settles the answer.
      await Promise.race([sent, answer]);
    } catch (error: unknown) {
      this.#question?.settle(undefined);
      throw error;
    }
    const settled = await answer;
    // The await above gave the pump time to end the line.
    const end = this.#end as { readonly error: unknown } | undefined;
    if (settled === undefined && end !== undefined) throw end.error;
    this.#misses = settled === undefined ? this.#misses + 1 : 0;
    if (this.#misses < this.#options.missesMax) return settled;
    const sentence = `${this.name} left ${this.#misses} questions unanswered; check its power, cable and baud rate`;
    throw new AppError('DRV_READER_SILENT', sentence, { link: this.name });
  }

  #answer(accepts: Question<Answer>['accepts'], timeoutMs: number): Promise<Answer | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // A false start byte may be waiting for bytes that never come.
        this.#take(this.#framer.flush());
        settle(undefined);
      }, timeoutMs);
      const settle = (answer: Answer | undefined): void => {
        clearTimeout(timer);
        this.#question = undefined;
        resolve(answer);
      };
      this.#question = { accepts, settle };
    });
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#link.bytes) {
        this.#take(this.#framer.feed(chunk));
        this.#watchQuiet();
      }
      this.#finish(new AppError('DRV_LINK_LOST', `${this.name}: closed`, { link: this.name }));
    } catch (error: unknown) {
      this.#finish(error);
    }
  }

  #take(events: readonly SerialEvent[]): void {
    for (const event of events) {
      if (event.kind === 'noise') {
        this.#noiseBytes += event.bytes;
        continue;
      }
      const answer = this.#protocol.decode(event.bytes);
      if (answer.ok && this.#question?.accepts(answer.value) === true) this.#question.settle(answer.value);
      else if (!answer.ok || this.#options.onUnasked?.(answer.value) !== true) this.#noiseBytes += event.bytes.length;
    }
  }

  #watchQuiet(): void {
    const { quietMs } = this.#options;
    clearTimeout(this.#quiet);
    if (quietMs === undefined || this.#end !== undefined) return;
    this.#quiet = setTimeout(() => {
      this.#take(this.#framer.flush());
    }, quietMs);
  }

  #finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    clearTimeout(this.#quiet);
    this.#question?.settle(undefined);
    this.#options.onEnd?.(error);
  }
}
