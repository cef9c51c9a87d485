/** What a visitor comes for, as a list of steps, and how long each takes. */
import type { Random } from '#sim/random/random.ts';
import type { ZoneId } from '#sim/world/zones.ts';
import type { Rates } from './rates.ts';
import type { Whereabouts } from './routes.ts';

/** What a visitor has still to do, in order. */
export type Step =
  | { readonly kind: 'go'; readonly to: Whereabouts }
  /** Hands one item in at the desk, or, unless it was `brought`, keeps it to borrow it. */
  | { readonly kind: 'return'; readonly brought: boolean }
  | { readonly kind: 'take' }
  | { readonly kind: 'stay' }
  /** Finished with one item: back onto its shelf, onto a wrong one, or along to the desk. */
  | { readonly kind: 'put-down' };

const MINUTE_MS = 60_000;
const READS_ONLY_SHARE = 0.2;
const READING_ROOM: Readonly<Record<'ground-shelves' | 'upper-shelves', ZoneId>> = {
  'ground-shelves': 'ground-reading',
  'upper-shelves': 'upper-quiet',
};

/** The steps of a whole visit, from the street and back to it. */
export function planVisit(random: Random, rates: Rates, brings: number): Step[] {
  const steps: Step[] = [{ kind: 'go', to: 'hall' }];
  for (let n = 0; n < brings; n += 1) steps.push({ kind: 'return', brought: true });
  const shelves = random.next() < 0.45 ? 'ground-shelves' : 'upper-shelves';
  const room = READING_ROOM[shelves];
  if (random.next() < READS_ONLY_SHARE) {
    steps.push({ kind: 'go', to: room }, { kind: 'stay' });
  } else {
    const takes = takesOf(random, rates.takesPerVisitor / (1 - READS_ONLY_SHARE));
    steps.push({ kind: 'go', to: shelves });
    for (let n = 0; n < takes; n += 1) steps.push({ kind: 'take' });
    if (random.next() < 0.6) steps.push({ kind: 'go', to: room });
    steps.push({ kind: 'stay' });
    if (takes > 0) steps.push({ kind: 'go', to: shelves });
    for (let n = 0; n < takes; n += 1) steps.push({ kind: 'put-down' });
  }
  const takes = steps.filter(({ kind }) => kind === 'take').length;
  steps.push({ kind: 'go', to: 'hall' });
  for (let n = 0; n < takes; n += 1) steps.push({ kind: 'return', brought: false });
  return [...steps, { kind: 'go', to: null }];
}

/** 0 to 3 with that mean, as long as it lies between 0 and 3. */
function takesOf(random: Random, mean: number): number {
  let takes = 0;
  for (let n = 0; n < 3; n += 1) if (random.next() < mean / 3) takes += 1;
  return takes;
}

/** How long a step takes after it was begun. */
export function stepMs(kind: Step['kind'], random: Random, rates: Rates): number {
  switch (kind) {
    case 'go':
      return 6000 + 6000 * random.next();
    case 'return':
      return 4000 + 4000 * random.next();
    case 'take':
    case 'put-down':
      return 15_000 + random.exponential(30_000);
    case 'stay':
      // Log-normal with the wished mean: most stay short, a few very long.
      return rates.stayMinutes * MINUTE_MS * Math.exp(0.7 * random.normal() - 0.245);
  }
}
