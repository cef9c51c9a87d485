/** Plays a capture through the driver that made it, and prints what the driver makes of it. */
import { AppError } from '#contract/errors.ts';
import {
  captureEntry,
  captureHead,
  parseCaptureLine,
  type CaptureEntry,
  type CaptureHead,
} from '#gateway/capture/capture-file.ts';
import { replayLink } from '#gateway/capture/replay-link.ts';
import { findDriver } from '#gateway/drivers/registry.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { LineWriter, readLines, type InputLine } from './bench-lines.ts';
import { asError, type Command, text } from './command.ts';
import { createLog } from './log.ts';

const HELP = `Usage: shelfwise replay FILE [--speed NUMBER]

Plays what "shelfwise capture" recorded through the same driver, with the same settings, and prints what the driver makes
of it: one JSON object a line for each read, scan cycle, antenna, input or notification.

Options:
  --speed NUMBER  how many times faster than it was (default 1; 0 = without pauses)
  --log LEVEL     debug, info, warn or error (default warn)`;

/** A driver that does not ask what the gateway asked then is not waited for longer than its slowest time-out. */
const SEND_TIMEOUT_MS = 10_000;

export const replayCommand: Command = {
  name: 'replay',
  summary: 'play a capture through the same driver and print what it reads',
  help: HELP,
  wordsMax: 1,
  options: { speed: { type: 'string' }, log: { type: 'string' } },
  run: async (typed) => {
    const [file] = typed.words;
    if (file === undefined) throw new AppError('API_BAD_INPUT', `which file?\n\n${HELP}`);
    const lines = readLines(file);
    const head = await readHead(lines);
    const definition = findDriver(head.driver);
    if (definition === undefined) throw new AppError('API_BAD_INPUT', `there is no driver "${head.driver}" here`);
    const settings = definition.checkSettings(head.settings);
    if (!settings.ok) throw new AppError('API_BAD_INPUT', `settings of the capture: ${settings.error}`);
    const play: { isOver: boolean; fault?: unknown } = { isOver: false };
    const entries = readEntries(lines, (error) => (play.fault = error));
    const driver = definition.create(head.settings, {
      clock: systemClock,
      log: createLog(text(typed, 'log') ?? 'warn'),
      antennas: head.antennas,
      openLink: () =>
        Promise.resolve(
          replayLink({
            name: file,
            entries,
            speed: speedOf(text(typed, 'speed')),
            sendTimeoutMs: SEND_TIMEOUT_MS,
            onEnd: () => (play.isOver = true),
          }),
        ),
    });
    const out = new LineWriter();
    const stop = new AbortController();
    try {
      const { events } = await driver.open(stop.signal);
      for await (const batch of events) for (const event of batch) await out.put(JSON.stringify(event));
    } catch (error: unknown) {
      // The end of the capture is the end of its reader's line.
      if (!play.isOver) play.fault ??= error;
    }
    stop.abort();
    await out.flush();
    if (play.fault === undefined) return 0;
    throw asError(play.fault);
  },
};

function speedOf(given: string | undefined): number {
  const speed = Number(given ?? 1);
  if (Number.isFinite(speed) && speed >= 0 && given !== '') return speed === 0 ? Infinity : speed;
  throw new AppError('API_BAD_INPUT', `--speed takes a number from 0 on, not "${given ?? ''}"`);
}

async function readHead(lines: AsyncGenerator<InputLine>): Promise<CaptureHead> {
  const first = await lines.next();
  if (first.done === true) throw new AppError('API_BAD_INPUT', 'the capture is empty');
  return parseCaptureLine(captureHead, first.value.text ?? '', first.value.number);
}

async function* readEntries(
  lines: AsyncGenerator<InputLine>,
  onFault: (error: unknown) => void,
): AsyncGenerator<CaptureEntry> {
  try {
    for await (const { number, text: line } of lines) yield parseCaptureLine(captureEntry, line ?? '', number);
  } catch (error: unknown) {
    // The driver would take it for a broken line; the person who replays must see what it is.
    onFault(error);
  }
}
