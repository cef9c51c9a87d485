/**
 * A simulated 3M pad reader.
 *
 * Source: 3M RFID Reader Protocol Specification 1.0.
 */
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { encodeAnswer } from '#contract/codec/threem/answer.ts';
import { decodeCommand } from '#contract/codec/threem/command.ts';
import { openFrame, THREEM_SHAPE } from '#contract/codec/threem/framer.ts';
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';
import { answerCommand, type Pad } from './answer-command.ts';

export interface ThreemReaderOptions {
  readonly id: string;
  readonly pad: Pad;
  readonly on: DeviceLine;
}

/** Baud rate of the real device. */
export const BAUD = 19_200;

/** Starts it and waits until it takes bytes. */
export function startThreemReader({ id, pad, on }: ThreemReaderOptions): Promise<LineDevice> {
  return startLineDevice({
    id,
    on,
    serial: { baud: BAUD },
    newSession(reply) {
      const framer = new SerialFramer(THREEM_SHAPE);
      return {
        feed(chunk) {
          for (const event of framer.feed(chunk)) {
            // Noise and damaged frames get no answer from the real device either.
            const command = event.kind === 'frame' ? decodeCommand(openFrame(event.bytes)) : undefined;
            if (command?.ok === true) reply(encodeAnswer(answerCommand(command.value, pad)));
          }
        },
      };
    },
  });
}
