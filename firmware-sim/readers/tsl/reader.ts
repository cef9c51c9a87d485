/**
 * A simulated TSL handheld: answers `.iv`, `.bl`, `.sa`, `.vr`, and reads by itself while its trigger is held.
 *
 * Source: TSL ASCII protocol 2.5 (asciiprotocol.com).
 */
import { SerialFramer } from '#contract/codec/serial-framer.ts';
import { decodeTslLine, TSL_SHAPE } from '#contract/codec/tsl/line.ts';
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';

export interface TslTag {
  readonly epc: string;
  readonly rssiDbm: number;
}

export interface TslOptions {
  readonly id: string;
  /** What lies in front of it now. */
  readonly tags: () => readonly TslTag[];
  readonly on: DeviceLine;
  /** One inventory while the trigger is held. */
  readonly roundMs?: number;
}

export interface TslReader extends LineDevice {
  pull(): void;
  release(): void;
  scan(barcode: string): void;
  /** Bytes as they are. */
  sendRaw(text: string): void;
}

/** Baud rate of the real device. */
export const BAUD = 115_200;

export async function startTslReader({ id, tags, on, roundMs = 50 }: TslOptions): Promise<TslReader> {
  const replies = new Set<(text: string) => void>();
  let hasRssi = false;
  let trigger: NodeJS.Timeout | undefined;
  const say = (text: string): void => {
    for (const reply of replies) reply(text);
  };
  const inventory = (command: string): string => {
    const found = tags();
    const lines = found.flatMap(({ epc, rssiDbm }) => [`EP: ${epc}`, ...(hasRssi ? [`RI: ${rssiDbm}`] : [])]);
    const end = found.length === 0 ? ['ME: No Transponder found', 'ER: 005'] : ['OK:'];
    return response(command, [...lines, ...end]);
  };
  const answer = (command: string, rest: string): string => {
    const asked = `.${command}${rest}`;
    switch (command) {
      case 'iv':
        if (rest.includes('-r on')) hasRssi = true;
        return rest.includes('-n') ? response(asked, ['OK:']) : inventory(asked);
      case 'bl':
        return response(asked, ['BP: 78%', 'OK:']);
      case 'sa':
      case 'vr':
        return response(asked, ['OK:']);
      default:
        return response(asked, ['ER: 001']);
    }
  };
  const release = (): void => {
    if (trigger === undefined) return;
    clearInterval(trigger);
    trigger = undefined;
    say('SW: off\r\n');
  };
  const device = await startLineDevice({
    id,
    on,
    serial: { baud: BAUD },
    newSession(replyBytes) {
      const reply = (text: string): void => {
        replyBytes(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
      };
      replies.add(reply);
      const framer = new SerialFramer(TSL_SHAPE);
      return {
        feed(chunk) {
          for (const event of framer.feed(chunk)) {
            const line = event.kind === 'frame' ? decodeTslLine(event.bytes) : undefined;
            if (line?.kind === 'command') reply(answer(line.command, line.rest));
          }
        },
        close: () => replies.delete(reply),
      };
    },
    powerOff() {
      clearInterval(trigger);
      trigger = undefined;
      hasRssi = false;
    },
  });
  return {
    ...device,
    get link() {
      return device.link;
    },
    pull() {
      say('SW: single\r\n');
      trigger ??= setInterval(() => {
        say(inventory('.iv'));
      }, roundMs);
    },
    release,
    scan(barcode) {
      // eslint-disable-next-line no-control-regex -- these are what is escaped
      const escaped = barcode.replaceAll(/[\u001b\r\n]/g, '\u001b$&');
      say(response('.bc', [`BC: ${escaped}`, 'OK:']));
    },
    sendRaw: say,
  };
}

function response(command: string, lines: readonly string[]): string {
  return [`CS: ${command}`, ...lines, '', ''].join('\r\n');
}
