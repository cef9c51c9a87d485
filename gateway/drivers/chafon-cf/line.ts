/** How the driver speaks to a Chafon CF reader. The order of the CRC bytes is that of the reader's answers. */
import { answerShape, encodeFrame, openFrame, type CrcOrder } from '#contract/codec/chafon-cf/framer.ts';
import { FAMILY_CF } from '#contract/codec/chafon-cf/messages.table.ts';
import {
  answerCodes,
  commandData,
  readAnswer,
  type AnswerOf,
  type CommandOf,
} from '#contract/codec/uhfreader/message.ts';
import { err, ok } from '#contract/result.ts';
import type { AskLine, LineProtocol } from '#gateway/drivers/ask-line.ts';
import type { ChafonCfSettings } from './settings.ts';

export type CommandCf = CommandOf<typeof FAMILY_CF>;
export type AnswerCf = AnswerOf<typeof FAMILY_CF>;
export type LineCf = AskLine<CommandCf, AnswerCf>;

const CODES = answerCodes(FAMILY_CF);
const ADDRESS_ANY = 0xff;

export interface ProtocolCf extends LineProtocol<CommandCf, AnswerCf> {
  /** Nothing came: perhaps the reader wants the other order. */
  tryOtherOrder(): void;
}

/** One for each connection. */
export function protocolCf({ address, crcOrder }: Pick<ChafonCfSettings, 'address' | 'crcOrder'>): ProtocolCf {
  let order: CrcOrder = crcOrder === 'auto' ? 'high-first' : crcOrder;
  return {
    shape: answerShape(CODES),
    encode: (command) => encodeFrame({ address, crcOrder: order, ...commandData(FAMILY_CF.commands, command) }),
    decode(bytes) {
      const frame = openFrame(bytes);
      const answer = readAnswer(FAMILY_CF.answers, frame);
      const isOurs = address === ADDRESS_ANY || frame.address === address;
      if (answer === undefined || !isOurs) {
        return err({ code: 'bad-value', offsetBytes: 1, detail: 'no answer of this reader' });
      }
      if (crcOrder === 'auto') order = frame.crcOrder;
      return ok(answer as AnswerCf);
    },
    tryOtherOrder() {
      if (crcOrder === 'auto') order = order === 'high-first' ? 'low-first' : 'high-first';
    },
  };
}
