/**
 * Decides at the gate, from the tags alone: no network, no ILS. A secured tag that is carried through sounds the alarm at
 * once; what else went through is told when it has gone.
 *
 *     heard --loud enough, twice--> near --secured--> alarm
 *       |                             \--else, when it is gone--> pass
 *       \--heard for parkedMs--> lies there: must become riseDb louder than it lies
 *
 * With light barriers only what is heard while somebody stands in the gate counts.
 */
import type { SecurityState } from '#contract/domain/tag-profile.ts';
import type { GateObservation } from '#contract/wire/observation.ts';
import type { ReadEvent, ReaderEvent, TagIds } from '#gateway/drivers/reader-event.ts';
import type { Moment } from '#gateway/presence/antenna.ts';
import { Beams } from './beams.ts';
import type { GateSettings } from './gate-settings.ts';
import { Passage, type Direction, type Side } from './passage.ts';

/** One read may be a reflection; two in a third of a second are somebody. */
const READS_MIN = 1.5;
/** Unheard for so long, a tag that went through is gone. */
const GONE_MS = 1500;
/** One that lies at the edge of the field is not heard for seconds, and still lies there. */
const FORGET_MS = 60_000;
/** Pushed about by the dozen: a trolley and several people. The longest unheard go first. */
const TAGS_MAX = 1000;
const NAME_CHARS_MAX = 128;

export interface GateWatchOptions {
  readonly settings: GateSettings;
  /** What the marks on a tag mean to this library. */
  securityOf(read: ReadEvent): SecurityState;
}

export interface GateNews {
  /** What is to sound now. */
  readonly alarms: readonly GateObservation[];
  /** People who went through since the last news, by direction. */
  readonly people: readonly Direction[];
}

export class GateWatch {
  readonly #options: GateWatchOptions;
  readonly #passages = new Map<string, Passage>();
  readonly #beams: Beams | undefined;

  constructor(options: GateWatchOptions) {
    this.#options = options;
    if (options.settings.beams !== undefined) this.#beams = new Beams();
  }

  /** `uptimeMs` measures, `nowMs` is what the observations say. */
  take(events: readonly ReaderEvent[], { uptimeMs, wallMs }: Moment): GateNews {
    const people: Direction[] = [];
    const alarms: GateObservation[] = [];
    for (const event of events) {
      if (event.kind === 'gpi') people.push(...this.#beam(event.port, event.high, uptimeMs));
      else if (event.kind === 'read') {
        const alarm = this.#read(event, uptimeMs, wallMs);
        if (alarm !== undefined) alarms.push(alarm);
      }
    }
    return { alarms, people };
  }

  /** Passages that are over. To be called a few times a second. */
  tick({ uptimeMs, wallMs }: Moment): readonly GateObservation[] {
    const over: GateObservation[] = [];
    for (const [tag, passage] of this.#passages) {
      const isNear = passage.nearMs !== undefined;
      if (uptimeMs - passage.lastMs < (isNear ? GONE_MS : FORGET_MS)) continue;
      this.#passages.delete(tag);
      over.push(...this.#toldLate(tag, passage, { uptimeMs, wallMs }));
    }
    return over;
  }

  /** What was under way when the gate is no longer watched. */
  end(now: Moment): readonly GateObservation[] {
    const under = [...this.#passages].flatMap(([tag, passage]) => this.#toldLate(tag, passage, now));
    this.#passages.clear();
    return under;
  }

  /** What went through without an alarm. */
  #toldLate(tag: string, passage: Passage, { uptimeMs, wallMs }: Moment): readonly GateObservation[] {
    const { nearMs, security, isDecided } = passage;
    if (nearMs === undefined || isDecided) return [];
    const direction = this.#beams?.directionAt(nearMs) ?? passage.direction;
    const atMs = wallMs - (uptimeMs - nearMs);
    const decision = security === 'unsecured' || security === 'none' ? 'pass' : 'unknown';
    return [this.#observation({ tag, atMs, decision, rule: RULES[security], direction })];
  }

  #beam(port: number, isHigh: boolean, uptimeMs: number): readonly Direction[] {
    const { beams } = this.#options.settings;
    if (beams === undefined || this.#beams === undefined) return [];
    const side = port === beams.inside ? 'inside' : port === beams.outside ? 'outside' : undefined;
    if (side === undefined) return [];
    const through = this.#beams.change(side, isHigh === beams.brokenIsHigh, uptimeMs);
    return through === undefined ? [] : [through];
  }

  #read(read: ReadEvent, uptimeMs: number, wallMs: number): GateObservation | undefined {
    const tag = nameOf(read.ids);
    if (tag === undefined) return undefined;
    const passage = this.#passage(tag, uptimeMs);
    passage.add(read.rssiDbm, this.#sideOf(read.antenna), uptimeMs);
    const security = this.#options.securityOf(read);
    // A read that does not carry the mark takes nothing back.
    if (security !== 'unknown') passage.security = security;
    if (passage.isDecided || !this.#isNear(passage, uptimeMs)) return undefined;
    passage.nearMs ??= uptimeMs;
    if (passage.security !== 'secured') return undefined;
    const lies = uptimeMs - passage.firstMs >= this.#options.settings.parkedMs;
    if (this.#options.settings.alarms === 'out' && !lies && passage.comesIn) return undefined;
    passage.isDecided = true;
    const { direction } = passage;
    return this.#observation({ tag, atMs: wallMs, decision: 'alarm', rule: RULES.secured, direction });
  }

  #passage(tag: string, uptimeMs: number): Passage {
    const known = this.#passages.get(tag);
    // Behind all others: the first is the one heard longest ago.
    this.#passages.delete(tag);
    const passage = known ?? new Passage(uptimeMs);
    this.#passages.set(tag, passage);
    if (this.#passages.size > TAGS_MAX) {
      const oldest = this.#passages.keys().next();
      if (oldest.done !== true) this.#passages.delete(oldest.value);
    }
    return passage;
  }

  #isNear({ level, firstMs }: Passage, uptimeMs: number): boolean {
    const { nearDbm, riseDb, parkedMs } = this.#options.settings;
    if (this.#beams !== undefined && !this.#beams.isSomebodyIn(uptimeMs)) return false;
    if (level.reads < READS_MIN || level.leastDbm < nearDbm) return false;
    return uptimeMs - firstMs < parkedMs || level.leastDbm >= level.parkedDbm + riseDb;
  }

  #sideOf(antenna: number): Side | undefined {
    const { inside, outside } = this.#options.settings;
    if (inside.includes(antenna)) return 'inside';
    return outside.includes(antenna) ? 'outside' : undefined;
  }

  #observation(what: {
    readonly tag: string;
    readonly atMs: number;
    readonly decision: GateObservation['decision'];
    readonly rule: string;
    readonly direction: Direction | null;
  }): GateObservation {
    const { tag, atMs, decision, rule, direction } = what;
    const { place } = this.#options.settings;
    return { kind: 'gate', gate: place, at: new Date(atMs).toISOString(), direction, decision, rule, tag };
  }
}

/** Public, so never renamed. */
const RULES: Readonly<Record<SecurityState, string>> = {
  secured: 'secured-tag',
  unsecured: 'unsecured-tag',
  none: 'no-security-mark',
  unknown: 'mark-not-read',
};

function nameOf({ epc, uid }: TagIds): string | undefined {
  const name = uid === undefined ? epc && `epc:${epc}` : `uid:${uid}`;
  return name?.slice(0, NAME_CHARS_MAX);
}
