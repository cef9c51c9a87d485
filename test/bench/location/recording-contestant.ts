/** Our own where nobody knows more than the reads: a recording through the same edge and engine, as the command `locate` does it. */
import { LocateRun } from '#cli/locate/locate-run.ts';
import { locatePlan } from '#cli/locate/plan-file.ts';
import type { Contestant, ReportedMove } from './contestant.ts';
import type { Scene } from './scene.ts';
import type { LabStep } from './world.ts';

export interface RecordingOptions {
  readonly name: string;
  /** Tags that are told to stand where they stand: the antennas are calibrated by them. */
  readonly references?: readonly string[];
}

export class RecordingContestant implements Contestant {
  readonly name: string;
  readonly #run: LocateRun;
  #moves: ReportedMove[] = [];

  constructor(scene: Scene, { name, references = [] }: RecordingOptions) {
    this.name = name;
    const places = new Map(scene.tags.map(({ id, place }) => [id, place]));
    this.#run = new LocateRun(
      locatePlan.parse({
        readPoints: scene.antennas.map(({ reader, port, place, x, y, z }) => ({
          reader,
          antenna: port,
          place,
          x,
          // Shelving is seen from the front.
          y: scene.places.every((other) => other.y === 0) ? z : y,
        })),
        neighbours: scene.neighbours,
        references: references.map((tag) => ({ tag, place: places.get(tag) ?? '' })),
        schedule: scene.readers.map(({ id, ports, dwellMs }) => ({ reader: id, cycleMs: ports * dwellMs, dwellMs })),
      }),
    );
  }

  take({ reads }: LabStep): void {
    for (const { timeMs, reader, antenna, tag, rssiDbm } of reads) {
      this.#run.push({ timeMs, reader, antenna: String(antenna), tag, rssiDbm });
    }
    for (const { fact, at, tag, from, place } of this.#run.takeFacts()) {
      if (fact === 'moved') this.#moves.push({ atMs: at, tag, from: from ?? undefined, to: place ?? undefined });
    }
  }

  readerIs(): void {
    // A recording says nothing of its readers.
  }

  placeOf(tag: string): string | undefined {
    return this.#run.placeOf(tag)?.place ?? undefined;
  }

  confidenceOf(tag: string): number | undefined {
    return this.#run.placeOf(tag)?.confidence;
  }

  isMisshelved(): boolean {
    return false;
  }

  takeMoves(): readonly ReportedMove[] {
    const moves = this.#moves;
    this.#moves = [];
    return moves;
  }
}
