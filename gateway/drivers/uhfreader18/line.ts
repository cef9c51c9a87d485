/** How the driver speaks to a UHFReader18. */
import { FAMILY_18 } from '#contract/codec/uhfreader/family-18.table.ts';
import { answerShape } from '#contract/codec/uhfreader/framer.ts';
import {
  answerCodes,
  decodeAnswer,
  encodeCommand,
  type AnswerOf,
  type CommandOf,
} from '#contract/codec/uhfreader/message.ts';
import type { AskLine, LineProtocol } from '#gateway/drivers/ask-line.ts';

export type Command18 = CommandOf<typeof FAMILY_18>;
export type Answer18 = AnswerOf<typeof FAMILY_18>;
export type Line18 = AskLine<Command18, Answer18>;

const CODES = answerCodes(FAMILY_18);

export function protocol18(address: number): LineProtocol<Command18, Answer18> {
  return {
    shape: answerShape(CODES, address),
    encode: (command) => encodeCommand(FAMILY_18, address, command),
    decode: (frame) => decodeAnswer(FAMILY_18, frame),
  };
}
