/**
 * Devices that type what they read, one code a line: barcode scanners and desk readers in serial (or "HID as serial")
 * mode, or a stream of lines over TCP. They measure no RSSI and complete no cycles, so no tag is ever called lost here;
 * and since silence is their normal state, a dead one shows only when its line breaks.
 */
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { LineSplitter } from '#gateway/drivers/keyboard-wedge/line-splitter.ts';
import { keyboardWedgeSettings, type KeyboardWedgeSettings } from '#gateway/drivers/keyboard-wedge/settings.ts';
import { MessageStream } from '#gateway/drivers/message-stream.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';

const UTF8 = new TextDecoder();
/** Gen2 has no longer EPC. */
const EPC_DIGITS_MAX = 124;

export const keyboardWedgeDriver: DriverDefinition<KeyboardWedgeSettings> = {
  kind: 'keyboard-wedge',
  settings: keyboardWedgeSettings,
  formats: [],
  create: (settings, { clock, antennas, openLink }) => ({
    async open(signal) {
      const link = await openLink(signal);
      const stream = new MessageStream({
        link,
        splitter: new LineSplitter(),
        clock,
        signal,
        advice: 'check its cable',
        onMessage: (bytes) => [
          toEvent(UTF8.decode(bytes), settings, { antenna: antennas[0] ?? 1, atMs: clock.nowMs() }),
        ],
      });
      // There is nothing else it could say: its line is open, and that is all we shall know.
      stream.heard();
      return { events: stream.events };
    },
  }),
};

function toEvent(
  line: string,
  { prefix, suffix, epcDigitsMin }: KeyboardWedgeSettings,
  { antenna, atMs }: { readonly antenna: number; readonly atMs: number },
): ReaderEvent {
  let code = line.startsWith(prefix) ? line.slice(prefix.length) : line;
  if (suffix !== '' && code.endsWith(suffix)) code = code.slice(0, -suffix.length);
  code = code.trim();
  const isEpc =
    code.length >= epcDigitsMin &&
    code.length <= EPC_DIGITS_MAX &&
    code.length % 4 === 0 &&
    /^[0-9a-fA-F]+$/.test(code);
  // It may be a patron's card: what it says goes into no log.
  if (!isEpc) return { kind: 'vendor', name: 'barcode', detail: `${code.length} characters`, atMs };
  return { kind: 'read', antenna, count: 1, firstMs: atMs, lastMs: atMs, ids: { epc: code.toUpperCase() } };
}
