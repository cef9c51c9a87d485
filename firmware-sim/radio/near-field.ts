/**
 * An antenna that looks at one place: a desk, a trolley, a return slot. What lies there lies right in front of it, so
 * nearly every attempt succeeds, and nothing from elsewhere comes in.
 */
import type { Random } from '#sim/random/random.ts';
import type { Stock } from '#sim/world/stock.ts';
import type { Ear } from './field.ts';
import { FADING_SIGMA_DB } from './physics.ts';

const MEAN_DBM = -47;
const READ_CHANCE = 0.8;
/** One inventory round. */
const ROUND_MS = 300;

export interface NearFieldOptions {
  readonly place: string;
  readonly stock: Stock;
  readonly random: Random;
  /** Whether the item has a tag that this radio reads. */
  readonly isTagged: (item: number) => boolean;
}

export function nearField({ place, stock, random, isTagged }: NearFieldOptions): Ear {
  return {
    listen(fromMs, lengthMs, onRead) {
      for (const item of stock.itemsAt(place)) {
        if (!isTagged(item)) continue;
        for (let left = lengthMs / ROUND_MS; left > 0; left -= 1) {
          if (random.next() >= READ_CHANCE * Math.min(1, left)) continue;
          const rssiDbm = Math.round(MEAN_DBM + FADING_SIGMA_DB * random.normal());
          onRead(item, rssiDbm, fromMs + random.next() * lengthMs);
        }
      }
    },
  };
}
