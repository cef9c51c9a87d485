/**
 * Carries out one active ROSpec: its AISpecs in turn, the antennas of each in turn, in slices short enough that reports
 * leave while the antenna still listens. A ROSpec whose stop trigger is null goes round its specs until it is stopped,
 * as the readers on the market do; one with a LoopSpec goes round as often as that says.
 */
import type { Clock } from '#contract/clock.ts';
import type { RoReportSpec } from '#contract/codec/llrp/report-spec.ts';
import type { Aispec, Rospec } from '#contract/codec/llrp/rospec.ts';
import type { TagReport } from '#contract/codec/llrp/tag-report.ts';
import type { Ear } from '#sim/radio/field.ts';
import { inventoryAnswer, type Gen2Tag } from '#sim/readers/gen2-tag.ts';
import type { Performed } from './access-table.ts';
import { extraContent } from './extensions.ts';
import { DEFAULT_REPORT, ReportBuffer, type Heard } from './report-buffer.ts';

export interface InventoryDeps {
  readonly antennas: number;
  readonly clock: Clock;
  readonly ear: (antennaId: number) => Ear | undefined;
  readonly epcOf: (item: number) => string | undefined;
  /** Tags with memory. Present: EPCs are theirs, `epcOf` is not asked, and the reader takes AccessSpecs. */
  readonly tagOf?: ((item: number) => Gen2Tag | undefined) | undefined;
  /** Carries out the AccessSpecs of the reader on a tag. */
  readonly perform?: (tag: Gen2Tag, antennaId: number, rospecId: number) => Performed | undefined;
  /** Wall clock time of the last start; absent: the reader has a clock. */
  readonly bootMs?: number | undefined;
}

export interface InventoryHooks {
  readonly report: (tags: readonly TagReport[]) => void;
  readonly aispecEnded: (rospecId: number, specIndex: number) => void;
  readonly looped: (rospecId: number, loops: number) => void;
  /** The stop trigger fired, or the last loop is done. */
  readonly finished: () => void;
}

const SLICE_MS = 140;
/** After such a pause of the whole process the lost slices are not made up. */
const LATE_MS = 1000;

export class Inventory {
  readonly #rospec: Rospec;
  readonly #deps: InventoryDeps;
  readonly #hooks: InventoryHooks;
  readonly #report: RoReportSpec;
  readonly #buffer = new ReportBuffer();
  #timer: NodeJS.Timeout | undefined;
  #specAt = 0;
  #loops = 0;
  #specStartedMs = 0;
  #specTags = 0;
  #sliceAt = 0;
  #dueMs: number;
  #reportedMs: number;
  readonly #startedMs: number;

  constructor(rospec: Rospec, deps: InventoryDeps, hooks: InventoryHooks, fallback: RoReportSpec = DEFAULT_REPORT) {
    this.#rospec = rospec;
    this.#deps = deps;
    this.#hooks = hooks;
    this.#report = rospec.report ?? fallback;
    const now = deps.clock.uptimeMs();
    this.#startedMs = now;
    this.#dueMs = now;
    this.#reportedMs = now;
    this.#specStartedMs = now;
    this.#schedule();
  }

  /** GET_REPORT: all there is, now. */
  flush(): void {
    const tags = this.#buffer.drain({
      content: this.#report.content,
      rospecId: this.#rospec.id,
      extra: extraContent(this.#report.custom),
      bootMs: this.#deps.bootMs,
    });
    this.#reportedMs = this.#deps.clock.uptimeMs();
    if (tags.length > 0) this.#hooks.report(tags);
  }

  /** Ends it without a word; what was heard and not reported goes out first, unless nobody ever asked for reports. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#report.trigger !== 'none') this.flush();
  }

  get #spec(): Aispec | undefined {
    const spec = this.#rospec.specs[this.#specAt];
    return spec?.kind === 'aispec' ? spec : undefined;
  }

  #schedule(): void {
    const spec = this.#spec;
    if (spec === undefined) return;
    const now = this.#deps.clock.uptimeMs();
    if (now - this.#dueMs > LATE_MS) {
      this.#dueMs = now;
      this.#specStartedMs = now;
    }
    const leftMs = Math.min(aispecMs(spec) - (this.#dueMs - this.#specStartedMs), this.#rospecLeftMs());
    const sliceMs = Math.max(1, Math.min(SLICE_MS, leftMs));
    this.#dueMs += sliceMs;
    this.#timer = setTimeout(
      () => {
        this.#listen(spec, sliceMs);
      },
      Math.max(0, this.#dueMs - now),
    );
  }

  #listen(spec: Aispec, sliceMs: number): void {
    const { clock, ear, antennas } = this.#deps;
    const ports = spec.antennaIds.includes(0) ? allPorts(antennas) : spec.antennaIds;
    const antennaId = ports[this.#sliceAt % ports.length] ?? 1;
    this.#sliceAt += 1;
    ear(antennaId)?.listen(clock.nowMs() - sliceMs, sliceMs, (item, rssiDbm, atMs) => {
      const answer = this.#answerOf(item, antennaId);
      if (answer === undefined) return;
      this.#specTags += 1;
      this.#buffer.add({ ...answer, antennaId, specIndex: this.#specAt + 1, rssiDbm, atMs });
      if (this.#report.trigger.startsWith('n-tags') && this.#report.n > 0 && this.#buffer.size >= this.#report.n) {
        this.flush();
      }
    });
    this.#flushByTime();
    this.#advance(spec);
  }

  /** What the tag said of itself, before it was accessed. */
  #answerOf(item: number, antennaId: number): Pick<Heard, 'epc' | 'pc' | 'tid' | 'performed'> | undefined {
    const { epcOf, tagOf, perform } = this.#deps;
    if (tagOf === undefined) {
      const epc = epcOf(item);
      return epc === undefined ? undefined : { epc };
    }
    const tag = tagOf(item);
    if (tag === undefined) return undefined;
    const { epc, pc } = inventoryAnswer(tag);
    const performed = perform?.(tag, antennaId, this.#rospec.id);
    return { epc, pc: Number.parseInt(pc, 16), tid: tag.banks[2], performed };
  }

  #advance(spec: Aispec): void {
    const elapsedMs = this.#dueMs - this.#specStartedMs;
    const isRospecOver = this.#rospecLeftMs() <= 0;
    if (isRospecOver || elapsedMs >= aispecMs(spec) || this.#specTags >= aispecTags(spec)) this.#endAispec();
    if (isRospecOver || this.#spec === undefined) {
      this.#hooks.finished();
      return;
    }
    this.#schedule();
  }

  #endAispec(): void {
    if (/^n-.*aispec-end$/.test(this.#report.trigger)) this.flush();
    this.#hooks.aispecEnded(this.#rospec.id, this.#specAt + 1);
    this.#specAt += 1;
    this.#specStartedMs = this.#dueMs;
    this.#specTags = 0;
    this.#sliceAt = 0;
    const { specs, boundary } = this.#rospec;
    const next = specs[this.#specAt];
    if (next?.kind === 'loop') {
      this.#loops += 1;
      this.#hooks.looped(this.#rospec.id, this.#loops);
      if (next.count === 0 || this.#loops < next.count) this.#specAt = 0;
    } else if (next === undefined && boundary.stop.kind !== 'gpi' && specs.every(({ kind }) => kind !== 'loop')) {
      this.#specAt = 0;
    }
  }

  #flushByTime(): void {
    const { trigger, n } = this.#report;
    const unitMs = trigger.startsWith('n-seconds') ? 1000 : trigger.startsWith('n-milliseconds') ? 1 : 0;
    if (unitMs > 0 && n > 0 && this.#deps.clock.uptimeMs() - this.#reportedMs >= n * unitMs) this.flush();
  }

  #rospecLeftMs(): number {
    const { stop } = this.#rospec.boundary;
    return stop.kind === 'duration' ? stop.durationMs - (this.#dueMs - this.#startedMs) : Infinity;
  }
}

function aispecMs(spec: Aispec): number {
  if (spec.stop.kind === 'duration') return spec.stop.durationMs;
  if (spec.stop.kind === 'tag-observation' && spec.stop.timeoutMs > 0) return spec.stop.timeoutMs;
  return Infinity;
}

function aispecTags(spec: Aispec): number {
  const { stop } = spec;
  const isByTags = stop.kind === 'tag-observation' && stop.observation.includes('n-tags') && stop.tags > 0;
  return isByTags ? stop.tags : Infinity;
}

function allPorts(antennas: number): readonly number[] {
  return Array.from({ length: antennas }, (_, i) => i + 1);
}
