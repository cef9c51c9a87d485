/** UHFReader288 readers (UHF, Gen2): asked for each antenna in turn, or telling on their own. */
import type { Logger } from 'pino';
import { FAMILY_288 } from '#contract/codec/uhfreader/family-288.table.ts';
import { uhfreader288Format } from '#contract/codec/uhfreader/format.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { closeAfter } from '#gateway/drivers/streaming.ts';
import { setting, statusOf, uhfreaderProtocol } from '#gateway/drivers/uhfreader-line.ts';
import { access288 } from './access.ts';
import { Inventory } from './inventory.ts';
import { antennaCoding, antennasCommand, type Answer288, type Line288 } from './line.ts';
import { READ_MODE, RealTime } from './real-time.ts';
import { uhfreader288Settings, type Uhfreader288Settings } from './settings.ts';

const READER_INFO = 0x21;
const SET_POWER = 0x2f;
const SET_ANTENNAS = 0x3f;
const SET_READ_MODE = 0x76;

export const uhfreader288Driver: DriverDefinition<Uhfreader288Settings> = {
  kind: 'uhfreader288',
  settings: uhfreader288Settings,
  formats: [uhfreader288Format],
  create: (settings, deps) => ({
    async open(signal) {
      const session = new Session(await deps.openLink(signal), settings, deps);
      return session.open(signal);
    },
  }),
};

type Link = Awaited<ReturnType<DriverDeps['openLink']>>;

/** One connection from its opening to its end. */
class Session {
  readonly #settings: Uhfreader288Settings;
  readonly #deps: DriverDeps;
  readonly #antennas: readonly number[];
  readonly #line: Line288;
  readonly #inventory: Inventory;
  readonly #realTime: RealTime;
  readonly #close: () => Promise<void>;
  #turns = 0;

  constructor(link: Link, settings: Uhfreader288Settings, deps: DriverDeps) {
    const { clock } = deps;
    const antennas = deps.antennas.length > 0 ? deps.antennas : [1];
    const onUnasked = (answer: Answer288): boolean =>
      settings.mode === 'answer' ? this.#takeUnasked(answer) : this.#realTime.takeUnasked(answer);
    const line = new AskLine(link, uhfreaderProtocol(FAMILY_288, settings.address), { ...settings, onUnasked });
    const antennasOf = antennaCoding(settings, antennas);
    this.#settings = settings;
    this.#deps = deps;
    this.#antennas = antennas;
    this.#line = line;
    this.#inventory = new Inventory({ line, settings, antennasOf, clock });
    this.#realTime = new RealTime({ line, settings, antennas, antennasOf, clock });
    const goodbye = async (): Promise<void> => {
      if (settings.mode === 'real-time') await this.#realTime.stop();
    };
    this.#close = closeAfter(goodbye, () => line.close());
  }

  async open(signal: AbortSignal): Promise<OpenReader> {
    const line = this.#line;
    const close = this.#close;
    signal.addEventListener('abort', () => void close(), { once: true });
    const { mode, pollMs, cycleMs, scanMs, answerTimeoutMs } = this.#settings;
    const isAsked = mode === 'answer';
    try {
      await prepare(line, this.#settings, { antennas: this.#antennas, log: this.#deps.log });
      if (!isAsked) await this.#realTime.start();
    } catch (error: unknown) {
      await line.close();
      throw error;
    }
    const { clock } = this.#deps;
    const poll = async (): Promise<readonly ReaderEvent[]> => {
      const events = isAsked ? await this.#inventory.run(this.#nextAntenna()) : await this.#realTime.poll();
      return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...events];
    };
    const events = polling({ poll, pollMs: isAsked ? pollMs : cycleMs, clock, signal, close });
    const working = <T>(work: () => Promise<T>): Promise<T> => (isAsked ? work() : this.#realTime.hold(work));
    return { events, access: access288(line, working, scanMs + answerTimeoutMs) };
  }

  #nextAntenna(): number {
    const antenna = this.#antennas[this.#turns % this.#antennas.length] ?? 1;
    this.#turns += 1;
    return antenna;
  }

  /** A reader that was left in real-time mode goes on telling until it has heard that it shall not. */
  #takeUnasked(answer: Answer288): boolean {
    return answer.kind === 'tag' || answer.kind === 'heartbeat' || this.#inventory.takeUnasked(answer);
  }
}

/**
 * Finds the reader, takes it out of real-time mode, which it keeps over a power cut, and sets what differs. What it keeps
 * is written only then: its memory wears out.
 *
 * Errors: DRV_READER_SILENT, DRV_LINK_LOST; DRV_READER_REFUSED for a power it does not take.
 */
async function prepare(
  line: Line288,
  { powerDbm }: Uhfreader288Settings,
  { antennas, log }: { readonly antennas: readonly number[]; readonly log: Logger },
): Promise<void> {
  const info = await readerInfo(line);
  const known = info.kind === 'reader-info' ? info : undefined;
  // Readers older than this mode refuse it, and are not in it.
  await line.ask(
    { kind: 'set-read-mode', readMode: READ_MODE.answer },
    (answer) => statusOf(answer, SET_READ_MODE) !== undefined,
  );
  if (powerDbm !== undefined && known?.power !== powerDbm) {
    await setting(line, SET_POWER, { kind: 'set-power', power: [powerDbm] });
  }
  const command = antennasCommand(antennas);
  if (command.kind === 'set-antennas' && known?.ant === command.ant) return;
  const answer = await line.ask(command, (candidate) => statusOf(candidate, SET_ANTENNAS) !== undefined);
  const status = answer === undefined ? undefined : statusOf(answer, SET_ANTENNAS);
  // Readers with one antenna have nothing to switch.
  if (status !== 0) log.warn({ link: line.name, status, antennas }, 'the reader did not switch its antennas');
}

/** Any answer will do, a refusal too. */
async function readerInfo(line: Line288): Promise<Answer288> {
  const isAnswer = (answer: Answer288): boolean =>
    answer.kind === 'reader-info' || statusOf(answer, READER_INFO) !== undefined;
  for (;;) {
    const answer = await line.ask({ kind: 'reader-info' }, isAnswer);
    if (answer !== undefined) return answer;
  }
}
