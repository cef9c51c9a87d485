/** Serial ports for simulated readers, and pairs of them that exist only in the kernel. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, lstatSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SerialPort } from 'serialport';
import { AppError } from '#contract/errors.ts';

export interface SerialLine {
  write(bytes: Uint8Array): void;
  onData(receive: (chunk: Uint8Array) => void): void;
  readonly close: () => Promise<void>;
}

/** Opens a port; throws what the driver of the system says when it cannot. */
export async function openSerial(path: string, baud: number): Promise<SerialLine> {
  const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
  await new Promise<void>((resolve, reject) => {
    port.open((error) => {
      if (error === null) resolve();
      else reject(error);
    });
  });
  // A line that breaks ends in 'close'; there is nobody to tell on the device's side.
  port.on('error', () => undefined);
  return {
    write: (bytes) => {
      port.write(bytes);
    },
    onData: (receive) => {
      port.on('data', receive);
    },
    close: async () => {
      if (!port.isOpen) return;
      await new Promise<void>((resolve) => {
        port.close(() => {
          resolve();
        });
      });
    },
  };
}

export interface SerialPair {
  readonly device: string;
  readonly gateway: string;
  close(): Promise<void>;
}

const PAIR_WAIT_MS = 5000;

/** Ends socat when its standard input ends, which it does however this process ends: no orphan holds the ports. */
const KEEPER = 'socat "$1" "$2" & read -r _; kill $!';

/** Whether pairs of serial ports can be made here. */
export function hasSocat(searchPath: string): boolean {
  return searchPath.split(delimiter).some((folder) => existsSync(join(folder, 'socat')));
}

/** Two connected pseudo terminals in `folder`, made by socat. Throws CFG_INVALID where socat is not installed. */
export async function openSerialPair(folder: string): Promise<SerialPair> {
  const device = join(folder, 'tty-device');
  const gateway = join(folder, 'tty-gateway');
  // Left behind by a process that was killed, a link may lead to a terminal of somebody else by now.
  for (const link of [device, gateway]) rmSync(link, { force: true });
  const ends = [`pty,raw,echo=0,link=${device}`, `pty,raw,echo=0,link=${gateway}`];
  const child = spawn('/bin/sh', ['-c', KEEPER, 'sh', ...ends], { stdio: ['pipe', 'ignore', 'ignore'] });
  let failure: unknown;
  child.once('error', (error) => (failure = error));
  const until = performance.now() + PAIR_WAIT_MS;
  while (!isThere(device) || !isThere(gateway)) {
    if (failure !== undefined || performance.now() > until || child.exitCode !== null) {
      child.stdin.end();
      throw new AppError('CFG_INVALID', 'socat could not make a pair of serial ports', { folder }, { cause: failure });
    }
    await delay(10);
  }
  return {
    device,
    gateway,
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
    },
  };
}

function isThere(path: string): boolean {
  return existsSync(path) && lstatSync(path).isSymbolicLink();
}
