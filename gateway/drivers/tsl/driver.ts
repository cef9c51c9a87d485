/**
 * TSL handhelds by their ASCII protocol: UHF, one antenna, RSSI. Each inventory that runs to its end is one scan cycle,
 * whoever asked for it; with the trigger released there is none, and nothing is concluded.
 */
import { tslFormat } from '#contract/codec/tsl/format.ts';
import { decodeTslLine, encodeTslLine, TSL_SHAPE } from '#contract/codec/tsl/line.ts';
import { ok } from '#contract/result.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition } from '#gateway/drivers/driver.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { TslResponses, type TslAnswer } from '#gateway/drivers/tsl/responses.ts';
import { tslSettings, type TslSettings } from '#gateway/drivers/tsl/settings.ts';

interface TslCommand {
  readonly command: string;
  readonly rest: string;
}
type Line = AskLine<TslCommand, TslAnswer>;

export const tslDriver: DriverDefinition<TslSettings> = {
  kind: 'tsl',
  settings: tslSettings,
  formats: [tslFormat],
  create: (settings, { clock, antennas, openLink }) => ({
    async open(signal) {
      const link = await openLink(signal);
      const responses = new TslResponses(antennas[0] ?? 1);
      const protocol = {
        shape: TSL_SHAPE,
        encode: ({ command, rest }: TslCommand) => encodeTslLine({ kind: 'command', command, rest, end: 'crlf' }),
        // Every line passes here exactly once and in order, asked for or not.
        decode: (frame: Uint8Array) => ok(responses.hear(decodeTslLine(frame), clock.nowMs())),
      };
      const line: Line = new AskLine(link, protocol, { ...settings, onUnasked: () => true });
      const close = (): void => {
        void line.close();
      };
      signal.addEventListener('abort', close, { once: true });
      try {
        await prepare(line, settings);
      } catch (error: unknown) {
        await line.close();
        throw error;
      }
      const isTrigger = settings.inventory === 'trigger';
      let askedMs = -Infinity;
      const poll = async (): Promise<readonly ReaderEvent[]> => {
        const isDue = !isTrigger || clock.uptimeMs() - askedMs >= settings.pollMs;
        if (isDue) askedMs = clock.uptimeMs();
        const answer = isDue ? await ask(line, isTrigger ? BATTERY : INVENTORY) : undefined;
        const atMs = clock.nowMs();
        const alive: readonly ReaderEvent[] = answer === undefined ? [] : [{ kind: 'alive', atMs }];
        return [...lineNoise(line.takeNoiseBytes(), atMs), ...alive, ...responses.takeEvents()];
      };
      // What the hand reads waits for no question.
      const pollMs = isTrigger ? Math.min(TELL_MS, settings.pollMs) : settings.pollMs;
      return { events: polling({ poll, pollMs, clock, signal, close: () => line.close() }) };
    },
  }),
};

/** A tone that follows the hand must not come late. */
const TELL_MS = 50;
const BATTERY: TslCommand = { command: 'bl', rest: '' };
const INVENTORY: TslCommand = { command: 'iv', rest: '' };

function ask(line: Line, command: TslCommand): Promise<TslAnswer | undefined> {
  return line.ask(command, (answer) => answer.kind === 'done' && answer.command === command.command);
}

/**
 * Tells the reader what we want to know. It forgets at power-off, so this is done at each opening; `-n` sets without
 * reading.
 *
 * Errors: DRV_READER_SILENT.
 */
async function prepare(line: Line, { session, powerDbm }: TslSettings): Promise<void> {
  const power = powerDbm === undefined ? '' : ` -o${powerDbm}`;
  const sessions = session === undefined ? '' : ` -qs ${session}`;
  const setUp: TslCommand = { command: 'iv', rest: ` -r on -e on${power}${sessions} -n` };
  while ((await ask(line, BATTERY)) === undefined);
  while ((await ask(line, setUp)) === undefined);
  await ask(line, { command: 'sa', rest: ' -aon' });
}
