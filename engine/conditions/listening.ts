/**
 * Which hours an antenna listened in: it was live for enough cycles and heard the items that stand before it. Silence of an
 * item counts in such hours only, so that a reader that dies, goes blind or loses its cable accuses nobody.
 */
const HOUR_MS = 3_600_000;
/** 64 days; older hours are forgotten. */
const HOURS_KEPT = 1536;
/** A scan window longer than this is no window. */
const WINDOW_HOURS_MAX = 24;
/** Share of the items before it that an antenna in order hears in half a minute; one that hears fewer is half deaf. */
const HEARD_SHARE_MIN = 0.4;

/** Bits of what kind of tag an antenna has ever heard, or an item carries. */
export const HF = 1;
export const UHF = 2;

export interface ScanWindow {
  readonly fromMs: number;
  readonly toMs: number;
  readonly cycles: number;
  readonly tags: number;
}

interface Ear {
  /** Kinds of tags it has heard. */
  techs: number;
  /** Items that are held to stand before it. */
  standing: number;
  /** The hour that is being counted, and its cycles so far. */
  hour: number;
  cycles: number;
  /** One bit an hour, in a ring. */
  readonly hours: Uint32Array;
  /** The newest hour in the ring. */
  newest: number;
}

export interface ListeningRules {
  readonly cyclesPerHour: number;
  readonly neighbours: number;
}

export class Listening {
  /** Read points whose memory changed. */
  readonly touched = new Set<string>();
  readonly #ears = new Map<string, Ear>();

  /** An antenna heard a tag of that kind. */
  hear(readPoint: string, tech: number): void {
    const ear = this.#ear(readPoint);
    if ((ear.techs & tech) !== 0) return;
    ear.techs |= tech;
    this.touched.add(readPoint);
  }

  /** An item came before the antenna (1) or left it (-1). */
  stand(readPoint: string, change: 1 | -1): void {
    this.#ear(readPoint).standing += change;
  }

  /** A live window of an antenna. */
  listen(readPoint: string, { fromMs, toMs, cycles, tags }: ScanWindow, rules: ListeningRules): void {
    const ear = this.#ear(readPoint);
    if (tags < Math.max(rules.neighbours, ear.standing * HEARD_SHARE_MIN) || ear.standing < rules.neighbours) return;
    const last = hourOf(toMs - 1);
    const first = Math.min(last, Math.max(hourOf(fromMs), last - WINDOW_HOURS_MAX + 1));
    const share = cycles / (last - first + 1);
    for (let hour = first; hour <= last; hour += 1) this.#count(readPoint, ear, { hour, cycles: share }, rules);
  }

  /** Whether the antenna ever heard a tag of one of these kinds. */
  canHear(readPoint: string, techs: number): boolean {
    return ((this.#ears.get(readPoint)?.techs ?? 0) & techs) !== 0;
  }

  /** Whole hours after that moment in which the antenna listened; counting ends at `enough`. */
  hoursSince(readPoint: string, sinceMs: number, enough: number): number {
    const ear = this.#ears.get(readPoint);
    if (ear === undefined) return 0;
    const first = Math.max(Math.ceil(sinceMs / HOUR_MS), ear.newest - HOURS_KEPT + 1);
    let count = 0;
    for (let hour = ear.newest; hour >= first && count < enough; hour -= 1) if (hasBit(ear.hours, hour)) count += 1;
    return count;
  }

  remember(readPoint: string): string | null {
    const ear = this.#ears.get(readPoint);
    if (ear === undefined) return null;
    return JSON.stringify([
      ear.techs,
      ear.hour,
      ear.cycles,
      ear.newest,
      [...ear.hours].map((word) => word.toString(36)).join(' '),
    ]);
  }

  /** Who stands before it is counted again from the tags. */
  recall(readPoint: string, body: string): void {
    const [techs, hour, cycles, newest, words] = JSON.parse(body) as [number, number, number, number, string];
    const hours = Uint32Array.from(words.split(' '), (word) => Number.parseInt(word, 36));
    Object.assign(this.#ear(readPoint), { techs, hour, cycles, newest, hours });
  }

  #count(
    readPoint: string,
    ear: Ear,
    window: { readonly hour: number; readonly cycles: number },
    rules: ListeningRules,
  ): void {
    if (window.hour !== ear.hour) {
      // A report of an hour that is over long since cannot be added up any more.
      if (window.hour < ear.hour) return;
      ear.hour = window.hour;
      ear.cycles = 0;
    }
    const before = ear.cycles;
    ear.cycles += window.cycles;
    this.touched.add(readPoint);
    if (before >= rules.cyclesPerHour || ear.cycles < rules.cyclesPerHour) return;
    for (let hour = Math.max(ear.newest, window.hour - HOURS_KEPT) + 1; hour <= window.hour; hour += 1)
      clearBit(ear.hours, hour);
    ear.newest = window.hour;
    setBit(ear.hours, window.hour);
  }

  #ear(readPoint: string): Ear {
    const known = this.#ears.get(readPoint);
    if (known !== undefined) return known;
    const ear: Ear = { techs: 0, standing: 0, hour: 0, cycles: 0, hours: new Uint32Array(HOURS_KEPT / 32), newest: 0 };
    this.#ears.set(readPoint, ear);
    return ear;
  }
}

function hourOf(atMs: number): number {
  return Math.floor(atMs / HOUR_MS);
}

function hasBit(words: Uint32Array, hour: number): boolean {
  const at = hour % HOURS_KEPT;
  return ((words[at >> 5] ?? 0) & (1 << (at & 31))) !== 0;
}

function setBit(words: Uint32Array, hour: number): void {
  const at = hour % HOURS_KEPT;
  words[at >> 5] = (words[at >> 5] ?? 0) | (1 << (at & 31));
}

function clearBit(words: Uint32Array, hour: number): void {
  const at = hour % HOURS_KEPT;
  words[at >> 5] = (words[at >> 5] ?? 0) & ~(1 << (at & 31));
}
