/**
 * A simulated desk reader that types: the EPC of each tag once when it comes into the field, a code a line. It tells
 * nothing of tags that stay or go, and knows no questions.
 */
import { startLineDevice, type DeviceLine, type LineDevice } from '#sim/readers/line-device.ts';

export interface KeyboardWedgeOptions {
  readonly id: string;
  /** EPCs in the field now. */
  readonly tags: () => readonly { readonly epc: string }[];
  readonly on: DeviceLine;
  /** How often it looks. */
  readonly roundMs?: number;
  /** A tag that was out of the field for so long is typed again. */
  readonly goneMs?: number;
}

export interface KeyboardWedge extends LineDevice {
  /** A line typed by hand: a barcode, noise. */
  type(text: string): void;
}

/** Of most such devices with a serial port. */
export const BAUD = 9600;

export async function startKeyboardWedge(options: KeyboardWedgeOptions): Promise<KeyboardWedge> {
  const { id, on, tags, roundMs = 500, goneMs = 3000 } = options;
  const replies = new Set<(bytes: Uint8Array) => void>();
  const heardAt = new Map<string, number>();
  const type = (text: string): void => {
    for (const reply of replies) reply(new TextEncoder().encode(`${text}\r\n`));
  };
  const look = (): void => {
    // It types whether or not somebody listens; here nobody would ever know.
    if (replies.size === 0) return;
    const nowMs = performance.now();
    for (const [epc, atMs] of heardAt) if (nowMs - atMs > goneMs) heardAt.delete(epc);
    for (const { epc } of tags()) {
      if (!heardAt.has(epc)) type(epc);
      heardAt.set(epc, nowMs);
    }
  };
  const line = await startLineDevice({
    id,
    on,
    serial: { baud: BAUD },
    newSession(reply) {
      replies.add(reply);
      heardAt.clear();
      return { feed: () => undefined, close: () => replies.delete(reply) };
    },
  });
  let timer: NodeJS.Timeout | undefined = setInterval(look, roundMs);
  const unplug = (): Promise<void> => {
    clearInterval(timer);
    timer = undefined;
    heardAt.clear();
    return line.unplug();
  };
  return {
    ...line,
    get link() {
      return line.link;
    },
    async plug() {
      await line.plug();
      timer ??= setInterval(look, roundMs);
    },
    unplug,
    close: unplug,
    type,
  };
}
