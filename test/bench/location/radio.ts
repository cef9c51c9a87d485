/**
 * The radio of the laboratory. Its physics, constants and seeds are its own: nothing here is shared with `firmware-sim/radio` or
 * `test/engine/location`, on which the engine's numbers were tuned, so that what is measured here was not tuned to be right here.
 *
 * - The power of a tag at an antenna has a constant part: distance, boards and panels (the scene says), the antenna's own gain,
 *   the tag's own quality, and a pattern of reflections that stays as long as tag and furniture stay (Rician, twice the same way).
 * - On top of it fades every hop of the reader's frequency: Rician again, the way to the tag and the way back each for itself.
 * - The way to the tag decides whether it wakes up and is read, both decide how loud it is: weak antennas report their better
 *   moments, so that they look stronger than they are.
 *
 * Source: J. D. Griffin and G. D. Durgin, Complete link budgets for backscatter-radio and RFID systems, 2009 (two-way fading).
 */
import type { Random } from '#sim/random/random.ts';

export interface RadioCharacter {
  /** Mean power of a good tag right where it belongs. */
  readonly ownDbm: number;
  /** Rice factors: power of the direct ray over that of all reflections. Small ones are wild. */
  readonly stillRice: number;
  readonly fadingRice: number;
  /** Spread of the antennas' gains, and of the tags. */
  readonly antennaDb: number;
  readonly tagDb: number;
  /** Share of the tags that hardly answer, and how much weaker they are. */
  readonly weakShare: number;
  readonly weakDb: number;
  /** Share of the pairs of tag and antenna with a strong reflection, which takes off half of the way's loss. */
  readonly ghostShare: number;
  /** Half of the attempts succeed at this power; a fourth or three quarters about an edge away. */
  readonly sensitivityDbm: number;
  readonly edgeDb: number;
  readonly hopMs: number;
  /** Attempts in one hop at best. */
  readonly attemptsPerHop: number;
}

/** One-way fade in dB of an amplitude with this Rice factor; 0 dB on average power. */
export function riceDb(random: Random, rice: number): number {
  const scattered = Math.sqrt(1 / (2 * (rice + 1)));
  const real = Math.sqrt(rice / (rice + 1)) + scattered * random.normal();
  const imaginary = scattered * random.normal();
  return Math.max(-FADE_DB_MAX, 20 * Math.log10(Math.hypot(real, imaginary)));
}

/** Deeper fades are below every reader's noise anyway. */
const FADE_DB_MAX = 30;

export function readChance(dbm: number, { sensitivityDbm, edgeDb }: RadioCharacter): number {
  return 1 / (1 + Math.exp((sensitivityDbm - dbm) / edgeDb));
}
