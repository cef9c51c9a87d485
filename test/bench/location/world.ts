/** A scene in its own time: turns of the readers, reads, moves and silences, with the truth beside them. */
import { createRandom, type Random } from '#sim/random/random.ts';
import { readChance, riceDb } from './radio.ts';
import type { LabAntenna, LabPlace, LabReader, LabTagSpec, Scene, Spot } from './scene.ts';

export interface LabRead {
  readonly timeMs: number;
  readonly reader: string;
  readonly antenna: number;
  readonly tag: string;
  readonly rssiDbm: number;
  /** Position in the list of tags. */
  readonly index: number;
  /** Place that the antenna looks at. */
  readonly at: string;
}

export interface ClosedTurn {
  readonly reader: string;
  readonly port: number;
}

export interface LabStep {
  /** In order of time. */
  readonly reads: readonly LabRead[];
  /** Turns that ended with this step, also of silent antennas. */
  readonly turns: readonly ClosedTurn[];
  readonly nowMs: number;
}

export interface LabTag {
  readonly spec: LabTagSpec;
  /** Truth; undefined while it is in a hand or gone. */
  place: string | undefined;
  movedMs: number;
  moves: number;
}

/** Weaker than half of the attempts succeed by this much: never heard. */
const INAUDIBLE_EDGES = 6;
const START_MS = Date.UTC(2026, 2, 2, 8);
const EARLIER_MS = 10;

interface Listener {
  readonly antenna: LabAntenna;
  readonly gainDb: number;
  /** Mean power of the tags it can hear, by number of the tag. */
  readonly heard: Map<number, number>;
}

export class World {
  readonly scene: Scene;
  readonly tags: readonly LabTag[];
  readonly startMs = START_MS;
  nowMs = START_MS;
  /** Antennas that read nothing though they have their turns, by `reader/port`. */
  readonly deaf = new Set<string>();
  /** Readers that are switched off: they have no turns. */
  readonly off = new Set<string>();
  readonly #places: ReadonlyMap<string, LabPlace>;
  readonly #listeners: readonly Listener[];
  readonly #byPort = new Map<string, Listener>();
  readonly #qualityDb: readonly number[];
  readonly #still: Random;
  readonly #air: Random;
  #turn = 0;

  constructor(scene: Scene, seed: number) {
    this.scene = scene;
    this.#still = createRandom(seed, `still ${scene.name}`);
    this.#air = createRandom(seed, `air ${scene.name}`);
    const { radio } = scene;
    this.#places = new Map(scene.places.map((place) => [place.id, place]));
    this.#listeners = scene.antennas.map((antenna) => ({
      antenna,
      gainDb: radio.antennaDb * this.#still.normal(),
      heard: new Map<number, number>(),
    }));
    for (const listener of this.#listeners)
      this.#byPort.set(keyOf(listener.antenna.reader, listener.antenna.port), listener);
    this.#qualityDb = scene.tags.map(
      () => radio.tagDb * this.#still.normal() - (this.#still.next() < radio.weakShare ? radio.weakDb : 0),
    );
    this.tags = scene.tags.map((spec) => ({ spec, place: spec.place, movedMs: START_MS, moves: 0 }));
    scene.tags.forEach(({ place, spot }, index) => {
      this.#stand(index, place, spot);
    });
  }

  /** Into a hand, or away. */
  lift(index: number): void {
    const tag = this.#tag(index);
    tag.place = undefined;
    tag.movedMs = this.nowMs;
    for (const { heard } of this.#listeners) heard.delete(index);
  }

  /** Down at a place, somewhere on it; the reflections are new. */
  put(index: number, place: string): void {
    const tag = this.#tag(index);
    const to = this.#places.get(place);
    if (to === undefined) throw new RangeError(`no place ${place}`);
    tag.place = place;
    tag.movedMs = this.nowMs;
    tag.moves += 1;
    this.#stand(index, place, this.scene.spotAt(to, this.#still.next(), this.#still.next()));
  }

  /** One turn of every reader. */
  step(): LabStep {
    const turnMs = Math.max(...this.scene.readers.map(({ dwellMs }) => dwellMs));
    const reads: LabRead[] = [];
    const turns: ClosedTurn[] = [];
    for (const reader of this.scene.readers) {
      if (this.off.has(reader.id)) continue;
      const port = this.#portOf(reader);
      const listener = this.#byPort.get(keyOf(reader.id, port));
      if (listener === undefined) continue;
      turns.push({ reader: reader.id, port });
      if (!this.deaf.has(keyOf(reader.id, port))) this.#listen(listener, reader.dwellMs, reads);
    }
    this.#turn += 1;
    this.nowMs += turnMs;
    reads.sort((a, b) => a.timeMs - b.timeMs);
    return { reads, turns, nowMs: this.nowMs };
  }

  /** Readers do not begin their rounds together. */
  #portOf(reader: LabReader): number {
    const offset = this.scene.readers.indexOf(reader) * 5;
    return ((this.#turn + offset) % reader.ports) + 1;
  }

  #listen(listener: Listener, dwellMs: number, reads: LabRead[]): void {
    const { radio } = this.scene;
    const { reader, port, place } = listener.antenna;
    for (let fromMs = 0; fromMs < dwellMs; fromMs += radio.hopMs) {
      const lengthMs = Math.min(radio.hopMs, dwellMs - fromMs);
      for (const [index, meanDbm] of listener.heard) {
        const wakeDbm = meanDbm + riceDb(this.#air, radio.fadingRice);
        const dbm = wakeDbm + riceDb(this.#air, radio.fadingRice);
        const chance = readChance(wakeDbm, radio) * (lengthMs / radio.hopMs);
        for (let attempt = 0; attempt < radio.attemptsPerHop; attempt += 1) {
          if (this.#air.next() >= chance) continue;
          const timeMs = this.nowMs + fromMs + Math.floor(this.#air.next() * (lengthMs - EARLIER_MS));
          const tag = this.scene.tags[index]?.id ?? '';
          reads.push({ timeMs, reader, antenna: port, tag, rssiDbm: Math.round(2 * dbm) / 2, index, at: place });
        }
      }
    }
  }

  #stand(index: number, place: string, spot: Spot): void {
    const { radio } = this.scene;
    const at = this.#places.get(place);
    if (at === undefined) throw new RangeError(`no place ${place}`);
    for (const { antenna, gainDb, heard } of this.#listeners) {
      const loss = this.scene.lossDb(antenna, at, spot) * (this.#still.next() < radio.ghostShare ? 0.5 : 1);
      const meanDbm =
        radio.ownDbm - loss + gainDb + (this.#qualityDb[index] ?? 0) + 2 * riceDb(this.#still, radio.stillRice);
      if (meanDbm > radio.sensitivityDbm - INAUDIBLE_EDGES * radio.edgeDb) heard.set(index, meanDbm);
      else heard.delete(index);
    }
  }

  #tag(index: number): LabTag {
    const tag = this.tags[index];
    if (tag === undefined) throw new RangeError(`no tag ${String(index)}`);
    return tag;
  }
}

export function keyOf(reader: string, port: number): string {
  return `${reader}/${String(port)}`;
}
