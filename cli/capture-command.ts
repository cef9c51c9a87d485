/** Records what goes over the wire of one reader, for a bug report or a test. */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import type { CaptureEntry, CaptureHead } from '#gateway/capture/capture-file.ts';
import { Recorder } from '#gateway/capture/recorder.ts';
import { readerConfig, type ReaderConfig } from '#gateway/config.ts';
import { findDriver } from '#gateway/drivers/registry.ts';
import { openLink, parseLinkAddress } from '#gateway/links/open-link.ts';
import { tapped } from '#gateway/links/tapped-link.ts';
import { loadSettings } from '#store/settings/load-settings.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { type Arguments, asError, type Command, text, wholeNumber } from './command.ts';
import { createLog } from './log.ts';
import { complain } from './terminal.ts';

const HELP = `Usage: shelfwise capture READER --config FILE [--seconds NUMBER] [--out FILE]
       shelfwise capture --driver KIND --link LINK [--seconds NUMBER] [--out FILE]

Opens one reader as the gateway would, and writes every piece of the wire with its time, one JSON object a line
("shelfwise replay FILE" plays it again). Most readers serve one program at a time: stop the gateway first.

Patron cards are never written: where a family's tags may be cards, an exchange that names a tag the driver did not tell
of appears with its length only. Such a capture is written when it ends.

Options:
  --config FILE     the gateway's configuration; READER is the id of one of its readers
  --driver KIND     instead of a configuration: the driver (see docs/operating.md)
  --link LINK       and the address, e.g. tcp://192.0.2.7:5084 or serial:///dev/ttyUSB0?baud=19200
  --seconds NUMBER  how long (default 60, at most 3600); Ctrl-C ends it earlier
  --out FILE        where to (default: standard output)
  --log LEVEL       debug, info, warn or error (default warn)`;

const SECONDS_MAX = 3600;
const SECONDS_DEFAULT = 60;

/** The readers of a gateway's configuration; what else it holds, its secret too, is not looked at. */
const readersOnly = z.looseObject({ gateway: z.looseObject({ readers: z.array(readerConfig) }) });

export const captureCommand: Command = {
  name: 'capture',
  summary: 'record the raw frames of a reader with their times',
  help: HELP,
  wordsMax: 1,
  options: {
    config: { type: 'string' },
    driver: { type: 'string' },
    link: { type: 'string' },
    seconds: { type: 'string' },
    out: { type: 'string' },
    log: { type: 'string' },
  },
  run: async (typed) => {
    const reader = readerOf(typed);
    const seconds = wholeNumber(typed, 'seconds', SECONDS_MAX) ?? SECONDS_DEFAULT;
    const out = text(typed, 'out');
    const stop = new AbortController();
    const end = (): void => {
      stop.abort();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
    const timer = setTimeout(end, seconds * 1000);
    const file = out === undefined ? undefined : createWriteStream(out);
    const writeLine = (line: object): void => {
      (file ?? process.stdout).write(`${JSON.stringify(line)}\n`);
    };
    try {
      const { pieces, failure } = await record(reader, {
        signal: stop.signal,
        stop: end,
        writeLine,
        log: logLevel(typed),
      });
      complain(`${pieces} pieces of the wire${out === undefined ? '' : ` in ${out}`}`);
      if (failure !== undefined) throw asError(failure);
      return 0;
    } finally {
      clearTimeout(timer);
      if (file !== undefined) {
        file.end();
        await once(file, 'close');
      }
    }
  },
};

function logLevel(typed: Arguments): string {
  return text(typed, 'log') ?? 'warn';
}

function readerOf(typed: Arguments): ReaderConfig {
  const [id] = typed.words;
  const file = text(typed, 'config');
  const driver = text(typed, 'driver');
  const link = text(typed, 'link');
  if (id !== undefined && file !== undefined) {
    const { readers } = loadSettings(readersOnly, { file, env: {} }).gateway;
    const found = readers.find((reader) => reader.id === id);
    if (found !== undefined) return found;
    const ids = readers.map((reader) => reader.id).join(', ');
    throw new AppError('API_BAD_INPUT', `${file} has no reader "${id}"; it has ${ids}`);
  }
  if (driver === undefined || link === undefined) {
    throw new AppError('API_BAD_INPUT', `name a reader and its --config, or a --driver and a --link\n\n${HELP}`);
  }
  const parsed = readerConfig.safeParse({
    id: 'capture',
    driver,
    link,
    antennas: [{ antenna: 1, readPoint: 'capture' }],
  });
  if (parsed.success) return parsed.data;
  throw new AppError('API_BAD_INPUT', z.prettifyError(parsed.error));
}

interface Recording {
  readonly signal: AbortSignal;
  readonly log: string;
  readonly stop: () => void;
  readonly writeLine: (line: object) => void;
}

async function record(
  reader: ReaderConfig,
  { signal, stop, writeLine, log }: Recording,
): Promise<{ readonly pieces: number; readonly failure?: unknown }> {
  const definition = findDriver(reader.driver);
  const address = parseLinkAddress(reader.link);
  if (definition === undefined || !address.ok) throw new Error('the reader was checked');
  let pieces = 0;
  const recorder = new Recorder({
    cards: definition.cards,
    uptimeMs: () => systemClock.uptimeMs(),
    write: (entry: CaptureEntry) => {
      pieces += 1;
      writeLine(entry);
    },
  });
  const antennas = reader.antennas.map(({ antenna }) => antenna);
  const head: CaptureHead = {
    capture: 1,
    driver: reader.driver,
    link: reader.link,
    antennas,
    settings: reader.settings,
    startedAt: new Date(systemClock.nowMs()).toISOString(),
  };
  writeLine(head);
  const driver = definition.create(reader.settings, {
    clock: systemClock,
    log: createLog(log),
    openLink: tapped(
      (given) => openLink(address.value, given, reader.credentials),
      (from, bytes) => {
        recorder.hear(from, bytes);
        if (recorder.isFull) stop();
      },
    ),
    antennas,
  });
  let failure: unknown;
  try {
    const opened = await driver.open(signal);
    for await (const events of opened.events) recorder.note(events);
  } catch (error: unknown) {
    if (!signal.aborted) failure = error;
  }
  recorder.finish();
  return { pieces, failure };
}
