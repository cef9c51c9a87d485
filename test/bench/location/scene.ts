/** What a laboratory room is made of: places, antennas that look at them, tags that stand there, and what happens. */
import type { RadioCharacter } from './radio.ts';

export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface LabPlace extends Spot {
  readonly id: string;
  /** Shelving: which bay, and the tier from below. */
  readonly bay?: number;
  readonly tier?: number;
}

/** Looks at the place of the same position in the scene's list of places. */
export interface LabAntenna extends Spot {
  readonly reader: string;
  readonly port: number;
  readonly place: string;
}

/** A reader takes its ports in turn, each for `dwellMs`; ports without an antenna here are turns of other rooms. */
export interface LabReader {
  readonly id: string;
  readonly ports: number;
  readonly dwellMs: number;
}

export interface LabTagSpec {
  readonly id: string;
  /** Where it belongs; undefined where nobody says so. */
  readonly home?: string;
  readonly place: string;
  readonly spot: Spot;
}

export interface Scene {
  readonly name: string;
  readonly radio: RadioCharacter;
  readonly places: readonly LabPlace[];
  readonly antennas: readonly LabAntenna[];
  readonly readers: readonly LabReader[];
  readonly tags: readonly LabTagSpec[];
  /** Pairs of places whose antennas hear each other's tags. */
  readonly neighbours: readonly (readonly [string, string])[];
  /** How much weaker than in its own place the antenna hears a tag there, without anything that is chance. */
  lossDb(antenna: LabAntenna, place: LabPlace, spot: Spot): number;
  /** A spot at a place, chosen by two numbers from 0 to 1. */
  spotAt(place: LabPlace, along: number, deep: number): Spot;
}

export function cycleMsOf(scene: Scene): number {
  return Math.max(...scene.readers.map(({ ports, dwellMs }) => ports * dwellMs));
}

export function metres(a: Spot, b: Spot): number {
  return Math.hypot(a.x - b.x, a.y - b.y, a.z - b.z);
}
