/** Which data sets have been handed on already, though the reader gives them again because it does not know that yet. */
import { TR_DATA1, writeBuffer, type BufferContent } from '#contract/codec/feig/buffer.ts';
import { toHex } from '#contract/hex.ts';

type Form = Parameters<typeof writeBuffer>[0];

export class ToldSets {
  readonly #form: Form;
  #told: readonly string[] = [];

  constructor(form: Form) {
    this.#form = form;
  }

  /**
   * The data sets that follow those handed on last time. The reader gives the oldest first, so these stand at the
   * beginning or not at all. Without a time in them, equal ones may as well be new: nothing is left out.
   */
  fresh(content: BufferContent): BufferContent {
    const texts = this.#texts(content);
    const isAgain =
      (content.trData1 & TR_DATA1.time) !== 0 &&
      texts.length >= this.#told.length &&
      this.#told.every((text, at) => text === texts[at]);
    return isAgain ? { ...content, dataSets: content.dataSets.slice(this.#told.length) } : content;
  }

  /** All of `content` has been handed on. */
  add(content: BufferContent): void {
    this.#told = this.#texts(content);
  }

  /** The reader has removed them. */
  clear(): void {
    this.#told = [];
  }

  #texts(content: BufferContent): readonly string[] {
    return content.dataSets.map((one) => toHex(writeBuffer(this.#form, { ...content, dataSets: [one] })));
  }
}
