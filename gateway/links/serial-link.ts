/** Serial links. The only file that knows the serialport package. */
import { SerialPort } from 'serialport';
import type { Link } from '#gateway/links/link.ts';
import { linkLost, streamLink } from '#gateway/links/stream-link.ts';

const SEND_TIMEOUT_MS = 5000;
const ADVICE = 'check the cable, the device path and that no other program holds the port';

export interface SerialAddress {
  readonly path: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

/** The package's stream keeps the port when it is destroyed: nobody could open it again before the process ends. */
class OwnedPort extends SerialPort {
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.isOpen)
      this.close(() => {
        done(error);
      });
    else done(error);
  }
}

/** Errors: DRV_LINK_LOST (no such port, no right to open it, held by another program). */
export function openSerialLink(address: SerialAddress, signal: AbortSignal): Promise<Link> {
  const options = { name: `serial://${address.path}`, advice: ADVICE, sendTimeoutMs: SEND_TIMEOUT_MS };
  const { path, baud, parity, dataBits, stopBits } = address;
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(linkLost(options, 'stopped'));
      return;
    }
    const port = new OwnedPort({ path, baudRate: baud, parity, dataBits, stopBits, autoOpen: false });
    port.open((error) => {
      if (error) reject(linkLost(options, error.message, error));
      else resolve(streamLink(port, options));
    });
  });
}
