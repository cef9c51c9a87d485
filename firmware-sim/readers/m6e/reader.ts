/**
 * A simulated ThingMagic module on its line.
 *
 * Source: MercuryAPI, tm_reader.h: 115200 baud, 8N1.
 */
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';
import { M6eModule, type M6eModuleOptions } from './module.ts';

export interface M6eReaderOptions extends M6eModuleOptions {
  readonly id: string;
  readonly on: DeviceLine;
}

/** Baud rate of the real device. */
export const BAUD = 115_200;

/** Starts it and waits until it takes bytes. A power cut also ends its stream. */
export function startM6eReader({ id, on, ...options }: M6eReaderOptions): Promise<LineDevice> {
  const module = new M6eModule(options);
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
