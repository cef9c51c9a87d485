/**
 * A simulated FEIG OBID reader, on a serial line or on the network.
 *
 * Source: FEIG ID ISC.MR102 manual H01113-4e-ID-B, 3.1 (38400 baud, even parity); see feig-device.ts.
 */
import { FeigDevice, type FeigDeviceOptions } from '#sim/readers/feig/feig-device.ts';
import type { Passage } from '#sim/readers/feig/data-buffer.ts';
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';

export type FeigReaderOptions = { readonly id: string; readonly on: DeviceLine } & Pick<FeigDeviceOptions, 'pad'> &
  Partial<FeigDeviceOptions>;

export interface FeigReader extends LineDevice {
  /** A tag goes through the gate; without a time, now. */
  pass(passage: Omit<Passage, 'atMs'> & { readonly atMs?: number }): void;
  /** Data sets that nobody has cleared. */
  readonly waiting: number;
}

/** Of the real device, as delivered. */
export const SERIAL = { baud: 38_400, parity: 'even' } as const;

const USUAL: Omit<FeigDeviceOptions, 'pad'> = {
  mode: 'host',
  address: 0,
  frames: 'both',
  blockOrder: 'reversed',
  tagsPerAnswer: 24,
  sizeMax: 200,
  blockCount: 9,
  isGate: false,
  keepAliveMs: 3000,
  acknowledgeMs: 5000,
  nowMs: () => Date.now(),
};

/** What one device does, without a line: for readers that call the gateway. */
export function newFeigDevice(options: Pick<FeigDeviceOptions, 'pad'> & Partial<FeigDeviceOptions>): FeigDevice {
  return new FeigDevice({ ...USUAL, ...options });
}

/** Starts it and waits until it takes bytes. */
export async function startFeigReader({ id, on, ...options }: FeigReaderOptions): Promise<FeigReader> {
  const device = newFeigDevice(options);
  const { nowMs = USUAL.nowMs } = options;
  const line = await startLineDevice({
    id,
    on,
    serial: SERIAL,
    newSession: (reply) => device.newSession(reply),
    powerOff: () => {
      device.forget();
    },
  });
  return {
    ...line,
    get link() {
      return line.link;
    },
    get waiting() {
      return device.waiting;
    },
    pass: ({ atMs = nowMs(), ...passage }) => {
      device.pass({ ...passage, atMs });
    },
  };
}
