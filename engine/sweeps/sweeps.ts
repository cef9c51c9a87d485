/** The sweeps of one library: reads go in as they come, rows are made at each tick for those that changed. */
import { tagKeyOf } from '#contract/domain/item.ts';
import type { FindSignal, SweepRow } from '#contract/domain/sweep.ts';
import type { SweepInput } from '#contract/wire/input-sweep.ts';
import type { TagObservation } from '#contract/wire/observation.ts';
import type { MemoryRow } from '#engine/engine-rows.ts';
import { sweepResult, type SweepSurroundings } from './sweep-result.ts';
import { newSession, takeRead, type SweepRead, type SweepSession, type SweptTag } from './sweep-session.ts';

/** Ended sweeps stay open for late reads (a wand may have walked out of the network) until newer ones push them out. */
const SESSIONS_MAX = 20;
/** A sweep without any read for so long is over, whoever forgot to say so. */
const SILENT_MS = 30_000;

type TagMemory = readonly [reads: number, barcode: string | null, isil: string | null, passes: SweptTag['passes']];

export class Sweeps {
  readonly #sessions = new Map<string, SweepSession>();
  readonly #dirty = new Set<SweepSession>();
  readonly #touchedTags = new Map<SweepSession, Set<SweptTag>>();
  readonly #rows: SweepRow[] = [];
  readonly #signals = new Map<string, FindSignal>();
  readonly #forgotten: MemoryRow[] = [];

  /** A wand's sighting; `times` are on the broker's clock. */
  takeTag(
    library: string,
    observation: TagObservation,
    times: { readonly firstMs: number; readonly lastMs: number; readonly atMs: number },
  ): void {
    const tag = tagKeyOf(observation.id);
    if (tag === undefined) return;
    const { rssi, position, reads, reader, content } = observation;
    if (observation.find === true) {
      const rssiDbm = rssi?.maxDbm ?? null;
      const percent = Math.round(rssiDbm === null ? Math.min(100, reads * 34) : percentOf(rssiDbm));
      this.#signals.set(`${reader} ${tag}`, { library, wand: reader, tag, atMs: times.lastMs, rssiDbm, percent });
    }
    if (position === undefined || reads === 0) return;
    const session = this.#session(position.session, { wand: reader, source: 'wand', startedMs: times.firstMs });
    this.#take(session, {
      tag,
      atMs: times.atMs,
      lastMs: times.lastMs,
      reads,
      weight: rssi === undefined ? reads : reads * rssi.meanMw,
      shelf: position.shelfTag,
      barcode: content?.itemId ?? null,
      isil: content?.isil ?? null,
    });
  }

  /** Replaces what the session held. */
  takeUpload({ session: name, wand, place, reads }: SweepInput): void {
    const times = reads.map(({ at }) => Date.parse(at));
    const startedMs = times.reduce((least, at) => Math.min(least, at), times[0] ?? 0);
    const old = this.#sessions.get(name);
    if (old !== undefined) this.#forget(old);
    const session = this.#session(name, { wand, source: 'upload', startedMs });
    session.target = place;
    reads.forEach(({ tag, barcode = null, rssiDbm, shelf = '' }, i) => {
      const atMs = times[i] ?? startedMs;
      const key = tag === undefined || !/^(?:epc|uid|tid):/.test(tag) ? `item:${barcode ?? tag ?? ''}` : tag;
      const weight = rssiDbm === undefined ? 1 : 10 ** (rssiDbm / 10);
      const written = barcode ?? (key.startsWith('item:') ? (tag ?? null) : null);
      this.#take(session, { tag: key, atMs, lastMs: atMs, reads: 1, weight, shelf, barcode: written, isil: null });
    });
    session.endedMs = session.lastMs;
  }

  /** A wand said that a sweep began or ended. */
  takeReply(result: unknown, atMs: number): void {
    if (typeof result !== 'object' || result === null) return;
    const { session: name, ended, place, wand } = result as Readonly<Record<string, unknown>>;
    const over = typeof ended === 'string' ? this.#sessions.get(ended) : undefined;
    if (over !== undefined) this.#end(over, atMs);
    if (typeof name !== 'string' || typeof wand !== 'string') return;
    const begun = this.#session(name, { wand, source: 'wand', startedMs: atMs });
    if (typeof place === 'string') begun.target = place;
    this.#touch(begun);
  }

  tick(nowMs: number, around: SweepSurroundings): void {
    for (const session of this.#sessions.values()) {
      if (session.endedMs === null && nowMs - session.lastMs > SILENT_MS) this.#end(session, session.lastMs);
    }
    for (const session of this.#dirty) this.#rows.push(sweepResult(session, around));
    this.#dirty.clear();
  }

  /** Rows and memory since the last call. */
  takeChange(slice: string): { sweeps: SweepRow[]; signals: FindSignal[]; memory: MemoryRow[] } {
    const memory: MemoryRow[] = this.#forgotten.splice(0).map((row) => ({ ...row, slice }));
    for (const [session, tags] of this.#touchedTags) {
      const head = { ...session, tags: undefined };
      memory.push({ slice, key: session.session, body: JSON.stringify(head) });
      for (const { tag, reads, barcode, isil, passes } of tags) {
        const body: TagMemory = [reads, barcode, isil, passes];
        memory.push({ slice, key: `${session.session} ${tag}`, body: JSON.stringify(body) });
      }
    }
    this.#touchedTags.clear();
    const signals = [...this.#signals.values()];
    this.#signals.clear();
    return { sweeps: this.#rows.splice(0), signals, memory };
  }

  restore(rows: Iterable<readonly [key: string, body: string]>): void {
    const tags: (readonly [string, string, string])[] = [];
    for (const [key, body] of rows) {
      const blank = key.indexOf(' ');
      if (blank >= 0) tags.push([key.slice(0, blank), key.slice(blank + 1), body]);
      else this.#sessions.set(key, { ...(JSON.parse(body) as Omit<SweepSession, 'tags'>), tags: new Map() });
    }
    for (const [name, tag, body] of tags) {
      const [reads, barcode, isil, passes] = JSON.parse(body) as TagMemory;
      this.#sessions.get(name)?.tags.set(tag, { tag, reads, barcode, isil, passes });
    }
    // What was dirty then is made anew: the row is the same if nothing had changed.
    for (const session of this.#sessions.values()) this.#dirty.add(session);
  }

  #session(name: string, head: { wand: string; source: 'wand' | 'upload'; startedMs: number }): SweepSession {
    const known = this.#sessions.get(name);
    if (known !== undefined) return known;
    for (const other of this.#sessions.values()) {
      if (other.wand === head.wand && other.endedMs === null) this.#end(other, other.lastMs);
    }
    const session = newSession({ session: name, target: null, ...head });
    this.#sessions.set(name, session);
    const oldest = [...this.#sessions.values()].sort((a, b) => a.lastMs - b.lastMs)[0];
    if (this.#sessions.size > SESSIONS_MAX && oldest !== undefined && oldest !== session) this.#forget(oldest);
    return session;
  }

  #take(session: SweepSession, read: SweepRead): void {
    const tag = takeRead(session, read);
    if (tag === undefined) return;
    if (session.endedMs !== null) session.endedMs = Math.max(session.endedMs, session.lastMs);
    this.#touch(session).add(tag);
  }

  #end(session: SweepSession, atMs: number): void {
    session.endedMs = Math.max(session.lastMs, atMs);
    this.#touch(session);
  }

  #touch(session: SweepSession): Set<SweptTag> {
    this.#dirty.add(session);
    const touched = this.#touchedTags.get(session) ?? new Set();
    this.#touchedTags.set(session, touched);
    return touched;
  }

  #forget(session: SweepSession): void {
    this.#sessions.delete(session.session);
    this.#dirty.delete(session);
    this.#touchedTags.delete(session);
    const row = (key: string): MemoryRow => ({ slice: '', key, body: null });
    this.#forgotten.push(row(session.session));
    for (const tag of session.tags.keys()) this.#forgotten.push(row(`${session.session} ${tag}`));
  }
}

/** What a wand hears at arm's length, and what it hears with the tag before it. */
const FAR_DBM = -75;
const NEAR_DBM = -30;

function percentOf(rssiDbm: number): number {
  return Math.min(100, Math.max(0, (100 * (rssiDbm - FAR_DBM)) / (NEAR_DBM - FAR_DBM)));
}
