/**
 * A simulated UHFReader on its line.
 *
 * Source: UHFReader288MP User's Manual V1.14, UHFReader18 User's Manual V2.0: 57600 baud, 8N1.
 */
import type { Family } from '#contract/codec/uhfreader/message.ts';
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';
import { UhfreaderDevice } from './device.ts';
import { Firmware18, type Firmware18Options } from './firmware-18.ts';
import { Firmware288, type Firmware288Options } from './firmware-288.ts';

export interface UhfreaderPlace {
  readonly id: string;
  readonly on: DeviceLine;
}

/** Baud rate of the real devices. */
export const BAUD = 57_600;

/** A UHFReader288. Starts it and waits until it takes bytes. */
export function startUhfreader288(options: UhfreaderPlace & Firmware288Options): Promise<LineDevice> {
  const firmware = new Firmware288(options);
  const device = new UhfreaderDevice(firmware);
  // The reader goes round whether or not somebody listens.
  const round = (): void => {
    if (!firmware.isRealTime || !device.isConnected) return;
    for (const answer of firmware.nextRound()) device.push(answer);
  };
  return start(options, device, { everyMs: firmware.roundMs, run: round });
}

/** A UHFReader18. Starts it and waits until it takes bytes. */
export function startUhfreader18(options: UhfreaderPlace & Firmware18Options): Promise<LineDevice> {
  const firmware = new Firmware18(options);
  const device = new UhfreaderDevice(firmware);
  const round = (): void => {
    if (!firmware.isPushing || !device.isConnected) return;
    for (const answer of firmware.nextRound()) device.push(answer);
  };
  return start(options, device, { everyMs: firmware.roundMs, run: round });
}

function start<Of extends Family>(
  { id, on }: UhfreaderPlace,
  device: UhfreaderDevice<Of>,
  { everyMs, run }: { readonly everyMs: number; readonly run: () => void },
): Promise<LineDevice> {
  let timer: NodeJS.Timeout | undefined;
  return startLineDevice({
    id,
    on,
    serial: { baud: BAUD },
    newSession: (reply) => device.connect(reply),
    powerOn: () => {
      timer = setInterval(run, everyMs);
    },
    powerOff: () => {
      clearInterval(timer);
      device.reset();
    },
  });
}
