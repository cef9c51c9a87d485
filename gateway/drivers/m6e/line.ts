/** Questions and answers of a ThingMagic module. Source: MercuryAPI, serial_reader.c and serial_reader_l3.c. */
import { bytesOfLayout } from '#contract/codec/layout.ts';
import { encodeFrame, openFrame, responseShape, type M6eFrame } from '#contract/codec/m6e/frame.ts';
import { OPCODE, STOP_READING } from '#contract/codec/m6e/messages.table.ts';
import { ok } from '#contract/result.ts';
import type { AskLine, LineProtocol } from '#gateway/drivers/ask-line.ts';

export type M6eLine = AskLine<M6eFrame, M6eFrame>;

export const M6E_PROTOCOL: LineProtocol<M6eFrame, M6eFrame> = {
  shape: responseShape(new Set(Object.values(OPCODE))),
  encode: encodeFrame,
  decode: (frame) => ok(openFrame(frame)),
};

const NOTHING = new Uint8Array(0);

export function commandFrame(opcode: number, data: Uint8Array = NOTHING): M6eFrame {
  return { opcode, data };
}

/** For error messages and faults: as the maker's lists have it. */
export function statusText(status: number): string {
  return `status ${status.toString(16).padStart(4, '0').toUpperCase()}`;
}

export const STOP = commandFrame(OPCODE.multiProtocol, bytesOfLayout(STOP_READING, { timeoutMs: 0, option: 2 }));
const STOP_OPTION = 2;

/** A module in its boot loader refuses to stop, one that was not reading may do so too: both do not read. */
function isStopped({ opcode, status, data }: M6eFrame): boolean {
  return opcode === OPCODE.multiProtocol && (status !== 0 || data.length === 0 || data[0] === STOP_OPTION);
}

/** Streams no more when this resolves. Errors: DRV_LINK_LOST, DRV_READER_SILENT. */
export async function stopReading(line: M6eLine): Promise<void> {
  const isVersion = ({ opcode }: M6eFrame): boolean => opcode === OPCODE.version;
  for (;;) {
    if ((await line.ask(STOP, isStopped)) !== undefined) return;
    // Firmware that does not answer a stop when there is nothing to stop.
    if ((await line.ask(commandFrame(OPCODE.version), isVersion)) !== undefined) return;
  }
}

/** The answer to a command, asked again until it comes. Errors: DRV_LINK_LOST, DRV_READER_SILENT. */
export async function insist(line: M6eLine, command: M6eFrame, timeoutMs?: number): Promise<M6eFrame> {
  for (;;) {
    const answer = await line.ask(command, ({ opcode }) => opcode === command.opcode, timeoutMs);
    if (answer !== undefined) return answer;
  }
}
