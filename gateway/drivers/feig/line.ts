/**
 * Questions to one FEIG reader. Answers carry the command and nothing else of the question, so a late answer could be
 * taken for that of the next question: after each unanswered question the line is cleared first, with a question of
 * another command. Answers come in order, so what was late came before its answer.
 */
import { COMMAND, STATUS } from '#contract/codec/feig/codes.ts';
import {
  ADDRESS_ANY,
  BODY_BYTES_MAX,
  encodeFrame,
  FEIG_SHAPE,
  openFrame,
  type FrameForm,
} from '#contract/codec/feig/frame.ts';
import { AppError } from '#contract/errors.ts';
import { ok } from '#contract/result.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { FeigSettings } from '#gateway/drivers/feig/settings.ts';
import type { Link } from '#gateway/links/link.ts';

export interface FeigQuestion {
  readonly command: number;
  readonly body: Uint8Array;
}

export interface FeigAnswer {
  readonly form: FrameForm;
  readonly address: number;
  readonly command: number;
  readonly status: number;
  readonly data: Uint8Array;
}

export type FeigLineSettings = Pick<FeigSettings, 'address' | 'frames' | 'answerTimeoutMs' | 'missesMax' | 'quietMs'>;

export interface FeigLineEvents {
  /** An answer that nobody asked for; false when it means nothing. */
  onUnasked?(answer: FeigAnswer): boolean;
  onEnd?(error: unknown): void;
}

const PING: FeigQuestion = { command: COMMAND.softwareVersion, body: new Uint8Array(0) };

/** Takes the link over. */
export class FeigLine {
  readonly #line: AskLine<FeigQuestion, FeigAnswer>;
  readonly #address: number;
  readonly #frames: FeigSettings['frames'];
  #form: FrameForm;
  #isStale = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(link: Link, settings: FeigLineSettings, events: FeigLineEvents = {}) {
    this.#address = settings.address;
    this.#frames = settings.frames;
    this.#form = settings.frames === 'advanced' ? 'advanced' : 'standard';
    this.#line = new AskLine(
      link,
      { shape: FEIG_SHAPE, encode: (question) => this.#encode(question), decode: (frame) => ok(readAnswer(frame)) },
      {
        ...settings,
        onUnasked: (answer) => this.#isOurs(answer) && events.onUnasked?.(answer) === true,
        onEnd: (error) => events.onEnd?.(error),
      },
    );
  }

  get name(): string {
    return this.#line.name;
  }

  takeNoiseBytes(): number {
    return this.#line.takeNoiseBytes();
  }

  /**
   * Waits until the reader answers, in the form of frames that it knows. A reader that was just plugged in may be slow.
   *
   * Errors: DRV_LINK_LOST, DRV_READER_SILENT.
   */
  async greet(): Promise<void> {
    for (;;) {
      const answer = await this.#askNow(PING);
      if (answer !== undefined && this.#isForm(answer)) return;
      if (this.#frames === 'detect') this.#form = this.#form === 'standard' ? 'advanced' : 'standard';
    }
  }

  /** A reader that knows advanced frames only says "unknown command" to a standard one. */
  #isForm({ form, status }: FeigAnswer): boolean {
    if (this.#frames !== 'detect') return true;
    if (status === STATUS.unknownCommand && this.#form === 'standard') return false;
    this.#form = form;
    return true;
  }

  /**
   * One question, one try; undefined when it was not answered in time.
   *
   * Errors: DRV_LINK_LOST; DRV_READER_SILENT after `missesMax` unanswered questions in a row.
   */
  ask(question: FeigQuestion): Promise<FeigAnswer | undefined> {
    const asked = this.#turn.then(async () => {
      if (this.#isStale) {
        if ((await this.#askNow(PING)) === undefined) return undefined;
        this.#isStale = false;
      }
      const answer = await this.#askNow(question);
      this.#isStale = answer === undefined;
      return answer;
    });
    this.#turn = asked.catch(() => undefined);
    return asked;
  }

  /** Sends what needs no answer. Errors: DRV_LINK_LOST. */
  tell(question: FeigQuestion): Promise<void> {
    return this.#line.tell(question);
  }

  close(): Promise<void> {
    return this.#line.close();
  }

  /** The reader is not set as the configuration says. */
  refused(what: string, status: number): AppError {
    const sentence = `${this.name}: ${what} (status ${status.toString(16).toUpperCase().padStart(2, '0')})`;
    return new AppError('DRV_READER_REFUSED', sentence, { link: this.name, status });
  }

  #askNow(question: FeigQuestion): Promise<FeigAnswer | undefined> {
    return this.#line.ask(question, (answer) => answer.command === question.command && this.#isOurs(answer));
  }

  #isOurs({ address }: FeigAnswer): boolean {
    return this.#address === ADDRESS_ANY || address === this.#address;
  }

  #encode({ command, body }: FeigQuestion): Uint8Array {
    const form = body.length > BODY_BYTES_MAX.standard ? 'advanced' : this.#form;
    return encodeFrame({ form, address: this.#address, command, body });
  }
}

/** A frame without status is a question, ours or another gateway's: it is nobody's answer. */
const NO_COMMAND = -1;

function readAnswer(frame: Uint8Array): FeigAnswer {
  const { form, address, command, body } = openFrame(frame);
  const [status] = body;
  if (status === undefined) return { form, address, command: NO_COMMAND, status: 0, data: body };
  return { form, address, command, status, data: body.slice(1) };
}
