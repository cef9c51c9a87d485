/** A gate of one reader: what its watch decides goes out as observations, and sets light and sound off at once. */
import type { Logger } from 'pino';
import type { Clock } from '#contract/clock.ts';
import { securityOfHf, type SecurityState, type TagProfile } from '#contract/domain/tag-profile.ts';
import { fromHex } from '#contract/hex.ts';
import type { FlowObservation, Observation } from '#contract/wire/observation.ts';
import { readUhfSecurity } from '#gateway/commands/uhf-formats.ts';
import type { OpenReader } from '#gateway/drivers/driver.ts';
import type { ReadEvent, ReaderEvent } from '#gateway/drivers/reader-event.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import type { GateSettings } from './gate-settings.ts';
import { GateWatch } from './gate-watch.ts';

/** People are told of once a minute: facilities count them, nobody waits for one. */
const PEOPLE_MS = 60_000;
/** Counters in the field count so far, and begin again at a restart. */
const TOTAL_BITS = 32;

export interface GateOptions {
  /** Of the reader; its people counts go by this name. */
  readonly reader: string;
  readonly settings: GateSettings;
  readonly clock: Clock;
  readonly log: Logger;
  profile(): TagProfile;
  /** Undefined while the reader is away, and where it has no outputs. */
  setOutput(): OpenReader['setOutput'];
  emit(observations: readonly Observation[]): void;
  onDecision(decision: 'alarm' | 'pass' | 'unknown'): void;
}

export class Gate {
  readonly #options: GateOptions;
  readonly #watch: GateWatch;
  readonly #totals = { in: 0, out: 0 };
  #toldTotals = { in: 0, out: 0 };
  #toldMs: number;
  #quiet: NodeJS.Timeout | undefined;
  #isSounding = false;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#toldMs = options.clock.nowMs();
    const securityOf = (read: ReadEvent): SecurityState => securityOfRead(read, options.profile());
    this.#watch = new GateWatch({ settings: options.settings, securityOf });
  }

  take(events: readonly ReaderEvent[]): void {
    const { alarms, people } = this.#watch.take(events, this.#now());
    for (const way of people) this.#totals[way] += 1;
    // Before anything is written down: who is heard half a second later is on the street.
    if (alarms.length > 0) this.#sound();
    this.#tell(alarms);
  }

  tick(): void {
    this.#tell(this.#watch.tick(this.#now()));
    const { settings, clock } = this.#options;
    if (settings.line !== undefined && clock.nowMs() - this.#toldMs >= PEOPLE_MS) this.#tellPeople(settings.line);
  }

  close(): void {
    this.#tell(this.#watch.end(this.#now()));
    clearTimeout(this.#quiet);
    if (this.#isSounding) this.#switch(false);
  }

  #now(): Moment {
    const { clock } = this.#options;
    return { uptimeMs: clock.uptimeMs(), wallMs: clock.nowMs() };
  }

  #tell(observations: readonly (Observation & { readonly kind: 'gate' })[]): void {
    if (observations.length === 0) return;
    for (const { decision } of observations) this.#options.onDecision(decision);
    this.#options.emit(observations);
  }

  #sound(): void {
    clearTimeout(this.#quiet);
    this.#switch(true);
    this.#quiet = setTimeout(() => {
      this.#switch(false);
    }, this.#options.settings.alarmMs);
  }

  #switch(isOn: boolean): void {
    const { settings, log, reader } = this.#options;
    this.#isSounding = isOn;
    const set = this.#options.setOutput();
    if (set === undefined) {
      if (isOn && settings.outputs.length > 0) log.warn({ reader }, 'the gate cannot sound: the reader has no outputs');
      return;
    }
    for (const port of settings.outputs) {
      set(port, isOn).then(
        (done) => {
          if (!done.ok) log.warn({ reader, port, code: done.error.code }, 'an output of the gate was not switched');
        },
        (error: unknown) => {
          log.warn({ reader, port, err: error }, 'an output of the gate was not switched');
        },
      );
    }
  }

  #tellPeople(line: string): void {
    const { clock, reader } = this.#options;
    const [fromMs, toMs] = [this.#toldMs, clock.nowMs()];
    const flow: FlowObservation = {
      kind: 'flow',
      sensor: reader,
      line,
      periodFrom: new Date(fromMs).toISOString(),
      periodTo: new Date(toMs).toISOString(),
      in: this.#totals.in - this.#toldTotals.in,
      out: this.#totals.out - this.#toldTotals.out,
      totalIn: this.#totals.in,
      totalOut: this.#totals.out,
      totalBits: TOTAL_BITS,
    };
    this.#toldTotals = { ...this.#totals };
    this.#toldMs = toMs;
    this.#options.emit([flow]);
  }
}

/** By the marks of the library's profile; what was not read is unknown and never sounds. */
export function securityOfRead({ ids }: Pick<ReadEvent, 'ids'>, profile: TagProfile): SecurityState {
  if (ids.uid !== undefined) return securityOfHf({ afi: ids.afi }, { ...profile.hf, usesEas: false });
  const epc = ids.epc === undefined ? undefined : fromHex(ids.epc);
  if (epc === undefined) return 'unknown';
  const pc = ids.pc === undefined ? undefined : Number.parseInt(ids.pc, 16);
  return readUhfSecurity({ epc, pc }, profile.uhf).state;
}
