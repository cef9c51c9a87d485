/**
 * A simulated M100 module on its line.
 *
 * Source: M100/QM100 firmware manual V2.1 and V2.3.3: 115200 baud, 8N1.
 */
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';
import { M100Module, type M100ModuleOptions } from './module.ts';

export interface M100ReaderOptions extends M100ModuleOptions {
  readonly id: string;
  readonly on: DeviceLine;
}

/** Baud rate of the real device. */
export const BAUD = 115_200;

/** Starts it and waits until it takes bytes. A power cut also ends its polling. */
export function startM100Reader({ id, on, ...options }: M100ReaderOptions): Promise<LineDevice> {
  const module = new M100Module(options);
  return startLineDevice({
    id,
    on,
    serial: { baud: BAUD },
    newSession: (reply) => module.connect(reply),
    powerOff: () => {
      module.reset();
    },
  });
}
