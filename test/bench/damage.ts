/** Damaged frames, the same in every run, and what they leave behind in memory. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const CHANGES_MAX = 4;

/** A copy with changed bytes, and now and then a cut or a doubled tail. */
export function damaged(originals: readonly Uint8Array[], next: (below: number) => number): Uint8Array {
  let bytes = (originals[next(originals.length)] ?? new Uint8Array()).slice();
  for (let change = next(CHANGES_MAX); change >= 0; change -= 1) bytes[next(bytes.length)] = next(256);
  const damage = next(8);
  if (damage === 0) bytes = bytes.slice(0, next(bytes.length));
  else if (damage === 1) bytes = Uint8Array.from([...bytes, ...bytes.subarray(next(bytes.length))]);
  return bytes;
}

/** Random numbers that repeat. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Bytes of living objects. */
export function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
