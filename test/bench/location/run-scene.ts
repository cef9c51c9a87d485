/** Lets several contestants look at one world at once and holds what each says against the truth. */
import { createRandom, type Random } from '#sim/random/random.ts';
import type { Contestant } from './contestant.ts';
import { CONFIDENCE_BINS, note, noMeasures, type Measures } from './measures.ts';
import { cycleMsOf, type Scene } from './scene.ts';
import { World } from './world.ts';

/** Besides two scan cycles, what a move may take until it is shown. */
const NOTICE_MS = 30_000;
/** Who stood wrong for this long belongs on the list. */
const LISTED_MS = 120_000;
const SAMPLE_MS = 5000;

export interface Silence {
  readonly fromMs: number;
  /** Infinity: for ever. */
  readonly toMs: number;
  /** Antennas without a read, though they have their turns. */
  readonly deaf?: readonly string[];
  /** A reader that is off. */
  readonly off?: string;
}

export interface RunOptions {
  readonly scene: Scene;
  readonly seed: number;
  readonly lengthMs: number;
  readonly warmUpMs: number;
  /** Pauses between two moves, on average; none without. */
  readonly moveEveryMs?: number;
  /** Share of the moves that go to another shelf than the book's own. */
  readonly misplacedShare?: number;
  /** How many stand wrong from the first moment. */
  readonly straysShare?: number;
  readonly silences?: readonly Silence[];
  /** Called after every turn, with the time since the start. */
  readonly onStep?: (contestants: readonly Contestant[], afterMs: number) => void;
  readonly contestants: (scene: Scene, startMs: number) => readonly Contestant[];
}

export interface RunResult {
  readonly world: World;
  readonly contestants: readonly Contestant[];
  readonly measures: readonly Measures[];
  readonly moves: number;
  readonly reads: number;
}

interface Watch {
  readonly index: number;
  readonly place: string;
  readonly atMs: number;
  /** By contestant: when it was first right. */
  readonly rightMs: number[];
}

export function runScene(options: RunOptions): RunResult {
  const run = new SceneRun(options);
  run.run();
  return run;
}

class SceneRun implements RunResult {
  readonly world: World;
  readonly contestants: readonly Contestant[];
  readonly measures: readonly Measures[];
  moves = 0;
  reads = 0;
  readonly #options: RunOptions;
  readonly #hands: Random;
  readonly #noticeMs: number;
  readonly #inHand: { readonly index: number; readonly dueMs: number; readonly place: string }[] = [];
  readonly #lines: readonly Set<number>[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #neighbours = new Set<string>();
  #watched: Watch[] = [];
  #nextMoveMs: number;
  #nextSampleMs: number;

  constructor(options: RunOptions) {
    const { scene, seed, moveEveryMs } = options;
    this.#options = options;
    this.world = new World(scene, seed);
    this.#hands = createRandom(seed, `hands ${scene.name}`);
    this.contestants = options.contestants(scene, this.world.startMs);
    this.measures = this.contestants.map(noMeasures);
    this.#lines = this.contestants.map(() => new Set<number>());
    this.#noticeMs = 2 * cycleMsOf(scene) + NOTICE_MS;
    this.#indexes = new Map(scene.tags.map(({ id }, index) => [id, index]));
    for (const [a, b] of scene.neighbours) this.#neighbours.add(`${a} ${b}`).add(`${b} ${a}`);
    this.#nextMoveMs = moveEveryMs === undefined ? Infinity : this.world.startMs + options.warmUpMs;
    this.#nextSampleMs = this.world.startMs + options.warmUpMs;
    const strays = Math.round(scene.tags.length * (options.straysShare ?? 0));
    for (let n = 0; n < strays; n += 1)
      this.world.put(this.#hands.below(scene.tags.length), this.#hands.pick(scene.places).id);
  }

  run(): void {
    const { world } = this;
    const endMs = world.startMs + this.#options.lengthMs;
    while (world.nowMs < endMs) {
      this.#silence();
      this.#move();
      const step = world.step();
      this.reads += step.reads.length;
      this.contestants.forEach((contestant, i) => {
        contestant.take(step);
        this.#judge(contestant, i, step.reads);
      });
      this.#watch();
      this.#options.onStep?.(this.contestants, world.nowMs - world.startMs);
      if (world.nowMs >= this.#nextSampleMs) this.#sample();
    }
    this.#finish();
  }

  #silence(): void {
    const afterMs = this.world.nowMs - this.world.startMs;
    for (const { fromMs, toMs, deaf = [], off } of this.#options.silences ?? []) {
      const isOn = afterMs >= fromMs && afterMs < toMs;
      for (const key of deaf) {
        if (isOn) this.world.deaf.add(key);
        else this.world.deaf.delete(key);
      }
      if (off === undefined || isOn === this.world.off.has(off)) continue;
      if (isOn) this.world.off.add(off);
      else this.world.off.delete(off);
      for (const contestant of this.contestants) contestant.readerIs(off, isOn ? 'off' : 'on', this.world.nowMs);
    }
  }

  /** Takes a book off its shelf; a few seconds later it stands elsewhere. */
  #move(): void {
    const { world } = this;
    const { scene, moveEveryMs = Infinity, misplacedShare = 0.5, lengthMs } = this.#options;
    const isLate = world.nowMs > world.startMs + lengthMs - this.#noticeMs - SAMPLE_MS;
    while (this.#nextMoveMs <= world.nowMs && !isLate) {
      this.#nextMoveMs += this.#hands.exponential(moveEveryMs);
      const index = this.#hands.below(scene.tags.length);
      const tag = world.tags[index];
      if (tag?.place === undefined || world.nowMs - tag.movedMs < 2 * this.#noticeMs) continue;
      const isMisplaced = tag.spec.home === undefined || this.#hands.next() < misplacedShare;
      const place = isMisplaced ? this.#hands.pick(scene.places).id : (tag.spec.home ?? tag.place);
      if (place === tag.place) continue;
      world.lift(index);
      this.#inHand.push({ index, place, dueMs: world.nowMs + 4000 + this.#hands.exponential(12_000) });
    }
    for (const held of this.#inHand.filter(({ dueMs }) => dueMs <= world.nowMs)) {
      this.#inHand.splice(this.#inHand.indexOf(held), 1);
      world.put(held.index, held.place);
      this.moves += 1;
      this.#watched.push({
        index: held.index,
        place: held.place,
        atMs: world.nowMs,
        rightMs: this.contestants.map(() => Infinity),
      });
    }
  }

  #judge(contestant: Contestant, i: number, reads: readonly { readonly index: number; readonly tag: string }[]): void {
    const { world } = this;
    const measures = this.measures[i];
    if (measures === undefined) return;
    const isWarm = world.nowMs - world.startMs > this.#options.warmUpMs;
    for (const { tag } of contestant.takeMoves()) {
      const known = world.tags[this.#indexes.get(tag) ?? -1];
      if (isWarm && known?.place !== undefined && world.nowMs - known.movedMs > this.#noticeMs)
        measures.falseMoves += 1;
    }
    if (!isWarm) return;
    for (const { index, tag } of reads) note(measures.atReads, contestant.placeOf(tag) === world.tags[index]?.place);
  }

  #watch(): void {
    const { nowMs } = this.world;
    for (const watch of this.#watched) {
      const tag = this.#idOf(watch.index);
      this.contestants.forEach((contestant, i) => {
        if (watch.rightMs[i] === Infinity && contestant.placeOf(tag) === watch.place)
          watch.rightMs[i] = nowMs - watch.atMs;
        if (nowMs - watch.atMs < this.#noticeMs) return;
        const measures = this.measures[i];
        if (measures === undefined) return;
        note(measures.noticed, contestant.placeOf(tag) === watch.place);
        measures.noticeMs.push(watch.rightMs[i] ?? Infinity);
      });
    }
    this.#watched = this.#watched.filter(({ atMs }) => nowMs - atMs < this.#noticeMs);
  }

  /** Confidence and lines, every few seconds. */
  #sample(): void {
    const { world } = this;
    this.#nextSampleMs += SAMPLE_MS;
    this.contestants.forEach((contestant, i) => {
      const measures = this.measures[i];
      const lines = this.#lines[i];
      if (measures === undefined || lines === undefined) return;
      world.tags.forEach(({ spec, place, moves }, index) => {
        const confidence = contestant.confidenceOf(spec.id);
        if (confidence !== undefined && contestant.placeOf(spec.id) !== undefined) {
          const bin = measures.confidence[Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS))];
          if (bin !== undefined) {
            bin.sum += confidence;
            note(bin.share, contestant.placeOf(spec.id) === place);
          }
        }
        const isListed = contestant.isMisshelved(spec.id);
        if (isListed && !lines.has(index)) {
          const isRight = place !== undefined && place !== spec.home;
          note(measures.lines, isRight);
          if (!isRight && moves === 0) measures.falseLinesOfStill += 1;
        }
        if (isListed) lines.add(index);
        else lines.delete(index);
      });
    });
  }

  #finish(): void {
    const { world } = this;
    this.contestants.forEach((contestant, i) => {
      const measures = this.measures[i];
      if (measures === undefined) return;
      for (const { spec, place, movedMs } of world.tags) {
        if (place === undefined) continue;
        const shown = contestant.placeOf(spec.id);
        note(measures.atEnd, shown === place);
        note(measures.nearAtEnd, shown === place || this.#neighbours.has(`${shown ?? ''} ${place}`));
        if (spec.home !== undefined && place !== spec.home && world.nowMs - movedMs >= LISTED_MS) {
          note(measures.found, contestant.isMisshelved(spec.id));
        }
      }
    });
  }

  #idOf(index: number): string {
    return this.#options.scene.tags[index]?.id ?? '';
  }
}
