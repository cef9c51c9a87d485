/**
 * Chance that repeats: the same seed gives the same library, the same visitors and the same moves.
 *
 * Source: sfc32 of Chris Doty-Humphrey's PractRand (Small Fast Counting, 32 bits, public domain), seeded as he does
 * with twelve rounds thrown away; text seeds are hashed with FNV-1a.
 */
/** Taken out once: a look-up of a global costs more than these do. */
const { PI, cos, floor, imul, log, sqrt } = Math;

export interface Random {
  /** 0 (included) to 1 (excluded). */
  next(): number;
  /** Whole number from 0 to `count - 1`. */
  below(count: number): number;
  /** Standard normal. */
  normal(): number;
  /** Exponential with this mean. */
  exponential(mean: number): number;
  pick<T>(from: readonly T[]): T;
  /** All there is to know, for {@link restoreRandom}. */
  state(): RandomState;
}

export type RandomState = readonly [number, number, number, number];

/** A generator of its own for one purpose, so that drawing more for one thing does not change another. */
export function createRandom(seed: number | string, purpose = ''): Random {
  const text = `${seed}/${purpose}`;
  const state = new Uint32Array([fnv1a(text), fnv1a(`${text}!`), fnv1a(`${text}?`), 1]);
  for (let i = 0; i < 12; i += 1) draw(state);
  return over(state);
}

/** Goes on where {@link Random.state} was taken. */
export function restoreRandom(state: RandomState): Random {
  return over(Uint32Array.from(state));
}

/** 32 bits from text. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A standard normal that is always the same for the same two numbers: static, hence not drawn. */
export function hashNormal(a: number, b: number): number {
  const uniform = (mix(a, b, 0x9e3779b9) + 1) / 4_294_967_297;
  return sqrt(-2 * log(uniform)) * cos((2 * PI * mix(b, a, 0x85ebca6b)) / 4_294_967_296);
}

function mix(a: number, b: number, salt: number): number {
  let h = imul(a ^ salt, 0x85ebca6b) ^ imul(b + 0x165667b1, 0xc2b2ae35);
  h = imul(h ^ (h >>> 15), 0x2c1b3c6d);
  h = imul(h ^ (h >>> 12), 0x297a2d39);
  return (h ^ (h >>> 15)) >>> 0;
}

function draw(state: Uint32Array): number {
  const [a = 0, b = 0, c = 0, counter = 0] = state;
  const sum = (a + b + counter) | 0;
  state[3] = counter + 1;
  state[0] = b ^ (b >>> 9);
  state[1] = (c + (c << 3)) | 0;
  state[2] = ((c << 21) | (c >>> 11)) + sum;
  return sum >>> 0;
}

function over(state: Uint32Array): Random {
  const next = (): number => draw(state) / 4_294_967_296;
  const below = (count: number): number => floor(next() * count);
  return {
    next,
    below,
    normal: () => sqrt(-2 * log(1 - next())) * cos(2 * PI * next()),
    exponential: (mean) => -mean * log(1 - next()),
    pick<T>(from: readonly T[]): T {
      const chosen = from[below(from.length)];
      if (chosen === undefined) throw new RangeError('nothing to pick from');
      return chosen;
    },
    state: () => [state[0] ?? 0, state[1] ?? 0, state[2] ?? 0, state[3] ?? 0],
  };
}
