/** Question and answer on the line to a 3M reader: one at a time, with a time-out, over noise. */
import { AppError } from '#contract/errors.ts';
import { decodeAnswer, type ThreemAnswer } from '#contract/codec/threem/answer.ts';
import { encodeCommand, type ThreemCommand } from '#contract/codec/threem/command.ts';
import { ThreemFramer, type ThreemEvent } from '#contract/codec/threem/framer.ts';
import type { Link } from '#gateway/links/link.ts';

interface Question {
  readonly accepts: (answer: ThreemAnswer) => boolean;
  settle(answer: ThreemAnswer | undefined): void;
}

export class ThreemLine {
  readonly #link: Link;
  readonly #answerTimeoutMs: number;
  readonly #framer = new ThreemFramer();
  #question: Question | undefined;
  #noiseBytes = 0;
  #end: { readonly error: unknown } | undefined;

  constructor(link: Link, answerTimeoutMs: number) {
    this.#link = link;
    this.#answerTimeoutMs = answerTimeoutMs;
    void this.#pump();
  }

  /** Bytes since the last call that belonged to no answer. */
  takeNoiseBytes(): number {
    const bytes = this.#noiseBytes;
    this.#noiseBytes = 0;
    return bytes;
  }

  /**
   * Sends a command; undefined when no answer that `accepts` takes came in time. Late answers to earlier questions are
   * passed over.
   *
   * Errors: DRV_LINK_LOST.
   */
  async ask(command: ThreemCommand, accepts: (answer: ThreemAnswer) => boolean): Promise<ThreemAnswer | undefined> {
    if (this.#end !== undefined) throw this.#end.error;
    const answer = this.#answer(accepts);
    await this.#link.send(encodeCommand(command));
    const settled = await answer;
    // The await above gave the pump time to end the line.
    const end = this.#end as { readonly error: unknown } | undefined;
    if (settled === undefined && end !== undefined) throw end.error;
    return settled;
  }

  async close(): Promise<void> {
    this.#finish(new AppError('DRV_LINK_LOST', `${this.#link.name}: closed`, { link: this.#link.name }));
    await this.#link.close();
  }

  #answer(accepts: Question['accepts']): Promise<ThreemAnswer | undefined> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        // A false start byte may be waiting for bytes that never come.
        this.#take(this.#framer.flush());
        settle(undefined);
      }, this.#answerTimeoutMs);
      const settle = (answer: ThreemAnswer | undefined): void => {
        clearTimeout(timer);
        this.#question = undefined;
        resolve(answer);
      };
      this.#question = { accepts, settle };
    });
  }

  async #pump(): Promise<void> {
    try {
      for await (const chunk of this.#link.bytes) this.#take(this.#framer.feed(chunk));
      this.#finish(new AppError('DRV_LINK_LOST', `${this.#link.name}: closed`, { link: this.#link.name }));
    } catch (error: unknown) {
      this.#finish(error);
    }
  }

  #take(events: readonly ThreemEvent[]): void {
    for (const event of events) {
      if (event.kind === 'noise') {
        this.#noiseBytes += event.bytes;
        continue;
      }
      const answer = decodeAnswer(event);
      if (answer.ok && this.#question?.accepts(answer.value) === true) this.#question.settle(answer.value);
      else this.#noiseBytes += event.body.length;
    }
  }

  #finish(error: unknown): void {
    this.#end ??= { error };
    this.#question?.settle(undefined);
  }
}
