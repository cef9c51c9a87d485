/** Questions and answers of an M100 module. Source: M100/QM100 firmware manual V2.1 and V2.3.3. */
import { encodeFrame, M100_ANSWER_SHAPE, openFrame, TYPE, type M100Frame } from '#contract/codec/m100/frame.ts';
import { COMMAND, ERROR } from '#contract/codec/m100/messages.table.ts';
import { ok } from '#contract/result.ts';
import type { AskLine, LineProtocol } from '#gateway/drivers/ask-line.ts';

export type M100Line = AskLine<M100Frame, M100Frame>;

export const M100_PROTOCOL: LineProtocol<M100Frame, M100Frame> = {
  shape: M100_ANSWER_SHAPE,
  encode: encodeFrame,
  decode: (frame) => ok(openFrame(frame)),
};

const NOTHING = new Uint8Array(0);

export function commandFrame(command: number, parameters: Uint8Array = NOTHING): M100Frame {
  return { type: TYPE.command, command, parameters };
}

/** The error code of a refusal; undefined for everything else. */
export function errorOf({ type, command, parameters }: M100Frame): number | undefined {
  return type === TYPE.response && command === COMMAND.failed ? parameters[0] : undefined;
}

/** Polls fail with these; while a module still polls they are no answers to other questions. */
const POLL_ERRORS: ReadonlySet<number | undefined> = new Set([ERROR.noTag, ERROR.hopping]);

/** Whether a frame answers the command `code`, with yes or with no. */
export function answers(code: number): (frame: M100Frame) => boolean {
  return (frame) => {
    if (frame.type !== TYPE.response) return false;
    if (frame.command === code) return true;
    // The manual's own example confirms a select mode as if the select had been set.
    if (code === COMMAND.setSelectMode && frame.command === COMMAND.setSelect) return true;
    return frame.command === COMMAND.failed && !POLL_ERRORS.has(errorOf(frame));
  };
}

export const STOP = commandFrame(COMMAND.stopMultiplePoll);

/** Polls no more when this resolves. Errors: DRV_LINK_LOST, DRV_READER_SILENT. */
export async function stopPolling(line: M100Line): Promise<void> {
  // Any confirmed answer will do: a module that was not polling may call it a wrong command.
  while ((await line.ask(STOP, answers(COMMAND.stopMultiplePoll))) === undefined);
}
