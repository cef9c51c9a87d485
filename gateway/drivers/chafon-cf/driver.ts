/** Chafon CF readers (UHF, Gen2): asked for one round of all their antennas at a time. */
import { chafonCfFormat } from '#contract/codec/chafon-cf/format.ts';
import { CF_STATUS } from '#contract/codec/chafon-cf/messages.table.ts';
import { AppError } from '#contract/errors.ts';
import { AskLine } from '#gateway/drivers/ask-line.ts';
import type { DriverDefinition, DriverDeps, OpenReader } from '#gateway/drivers/driver.ts';
import { lineNoise, polling } from '#gateway/drivers/polling.ts';
import type { ReaderEvent } from '#gateway/drivers/reader-event.ts';
import { setting, statusOf } from '#gateway/drivers/uhfreader-line.ts';
import { accessCf } from './access.ts';
import { protocolCf, type AnswerCf, type LineCf, type ProtocolCf } from './line.ts';
import { chafonCfSettings, type ChafonCfSettings } from './settings.ts';

const CODE = { inventory: 0x0001, deviceInfo: 0x0070, setParameters: 0x0071, parameters: 0x0072 } as const;
const ANTENNAS_MAX = 8;
const ANSWER_MODE = 0;
/** So many rounds, not seconds. */
const BY_ROUNDS = 1;
const DB_TENTHS = 10;

export const chafonCfDriver: DriverDefinition<ChafonCfSettings> = {
  kind: 'chafon-cf',
  settings: chafonCfSettings,
  formats: [chafonCfFormat],
  create: (settings, deps) => ({
    async open(signal) {
      return new Session(await deps.openLink(signal), settings, deps).open(signal);
    },
  }),
};

type Link = Awaited<ReturnType<DriverDeps['openLink']>>;
type ReadEvent = Extract<ReaderEvent, { kind: 'read' }>;

/** One connection from its opening to its end. */
class Session {
  readonly #settings: ChafonCfSettings;
  readonly #deps: DriverDeps;
  readonly #antennas: readonly number[];
  readonly #protocol: ProtocolCf;
  readonly #line: LineCf;
  #heard: Map<string, ReadEvent> | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(link: Link, settings: ChafonCfSettings, deps: DriverDeps) {
    this.#settings = settings;
    this.#deps = deps;
    this.#antennas = deps.antennas.length > 0 ? deps.antennas : [1];
    this.#protocol = protocolCf(settings);
    this.#line = new AskLine(link, this.#protocol, { ...settings, onUnasked: (answer) => this.#takeUnasked(answer) });
  }

  async open(signal: AbortSignal): Promise<OpenReader> {
    const line = this.#line;
    const { clock } = this.#deps;
    const close = (): Promise<void> => line.close();
    signal.addEventListener('abort', () => void close(), { once: true });
    try {
      await this.#greet();
      await this.#prepare();
    } catch (error: unknown) {
      await close();
      throw error;
    }
    const poll = async (): Promise<readonly ReaderEvent[]> => {
      const events = await this.#alone(() => this.#inventory());
      return [...lineNoise(line.takeNoiseBytes(), clock.nowMs()), ...events];
    };
    const events = polling({ poll, pollMs: this.#settings.pollMs, clock, signal, close });
    return { events, access: accessCf(line, (work) => this.#alone(work)) };
  }

  /** Any answer will do, a refusal too; it also tells the order of the CRC. */
  async #greet(): Promise<void> {
    const isAnswer = (answer: AnswerCf): boolean =>
      answer.kind === 'device-info' || statusOf(answer, CODE.deviceInfo) !== undefined;
    while ((await this.#line.ask({ kind: 'device-info' }, isAnswer)) === undefined) this.#protocol.tryOtherOrder();
  }

  /** The reader keeps these over a power cut: they are written only when they differ, because its memory wears out. */
  async #prepare(): Promise<void> {
    const line = this.#line;
    const isAnswer = (answer: AnswerCf): boolean =>
      answer.kind === 'parameters' || statusOf(answer, CODE.parameters) !== undefined;
    const known = await line.ask({ kind: 'parameters' }, isAnswer);
    if (known?.kind !== 'parameters') {
      this.#deps.log.warn({ link: line.name }, 'the reader does not tell its parameters; they stay as they are');
      return;
    }
    if (Math.max(...this.#antennas) > ANTENNAS_MAX) {
      const sentence = `${line.name} has at most ${ANTENNAS_MAX} antennas; read points name ${this.#antennas.join(', ')}`;
      throw new AppError('DRV_READER_REFUSED', sentence, { link: line.name });
    }
    const { powerDbm = known.rfidPower, session = known.session, qValue = known.qValue } = this.#settings;
    const ant = this.#antennas.reduce((bits, antenna) => bits | (1 << (antenna - 1)), 0);
    const wanted = { ...known, workMode: ANSWER_MODE, ant, rfidPower: powerDbm, session, qValue };
    if (JSON.stringify(wanted) === JSON.stringify(known)) return;
    await setting(line, CODE.setParameters, { ...wanted, kind: 'set-parameters' });
  }

  async #inventory(): Promise<readonly ReaderEvent[]> {
    const { clock } = this.#deps;
    const heard = new Map<string, ReadEvent>();
    this.#heard = heard;
    const isEnd = (answer: AnswerCf): boolean => statusOf(answer, CODE.inventory) !== undefined;
    try {
      const last = await this.#line.ask({ kind: 'inventory', invType: BY_ROUNDS, invParam: 1 }, isEnd);
      const status = last === undefined ? undefined : statusOf(last, CODE.inventory);
      const atMs = clock.nowMs();
      if (status === undefined) return [...heard.values()];
      if (status === CF_STATUS.over) return [...heard.values(), { kind: 'cycle', antennas: this.#antennas, atMs }];
      return [...heard.values(), { kind: 'vendor', name: 'inventory-failed', detail: `status ${status}`, atMs }];
    } finally {
      this.#heard = undefined;
    }
  }

  /** A reader that was left in active mode goes on telling until it has heard that it shall not. */
  #takeUnasked(answer: AnswerCf): boolean {
    if (answer.kind === 'status') return answer.status === CF_STATUS.over;
    if (answer.kind !== 'inventory') return answer.kind === 'read' || answer.kind === 'write';
    const { antenna, epc, rssi } = answer;
    if (epc === '' || this.#heard === undefined) return true;
    const key = `${antenna} ${epc}`;
    const atMs = this.#deps.clock.nowMs();
    const earlier = this.#heard.get(key);
    const rssiDbm = Math.max(earlier?.rssiDbm ?? -Infinity, rssi / DB_TENTHS);
    const times = { firstMs: earlier?.firstMs ?? atMs, lastMs: atMs, count: (earlier?.count ?? 0) + 1 };
    this.#heard.set(key, { kind: 'read', antenna, rssiDbm, ...times, ids: { epc } });
    return true;
  }

  /** An inventory while a mask is set would miss all other tags. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
