/** A TSL handheld and somebody who carries it: rests until told to sweep, then goes along the shelves with the trigger held. */
import { WandWalk } from '#sim/people/wand-walk.ts';
import { createRandom } from '#sim/random/random.ts';
import { startTslReader, type TslReader } from '#sim/readers/tsl/reader.ts';
import type { Stock } from '#sim/world/stock.ts';
import { SHELF_TAG_PREFIX } from '#sim/world/tag-numbers.ts';
import type { ReaderConfig, SimulationOptions } from './simulation-options.ts';
import type { Tags } from './tags.ts';

export const WAND = 'wand-1';
const ROUND_MS = 80;

export interface Wand {
  /** Without a wand there is none. */
  readonly config?: ReaderConfig;
  readonly reader?: TslReader;
  orderOn(place: string): readonly number[];
  sweep(place: string | undefined): boolean;
  end(): void;
  close(): Promise<void>;
}

export async function startWand(
  { demo, seed, clock, hasWand = false, host = '127.0.0.1', ports = {} }: SimulationOptions,
  { stock, tags }: { readonly stock: Stock; readonly tags: Tags },
): Promise<Wand> {
  const walk = new WandWalk({ demo, stock, random: createRandom(seed, 'wand'), epcOf: (item) => tags.epcOf(item) });
  const orderOn = (place: string): readonly number[] => walk.orderOn(place);
  if (!hasWand) return { orderOn, sweep: () => false, end: () => undefined, close: () => Promise.resolve() };
  const reader = await startTslReader({
    id: WAND,
    tags: () => walk.heard(clock.nowMs()),
    on: { kind: 'tcp', host, port: ports[WAND] ?? 0 },
    roundMs: ROUND_MS,
  });
  let over: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(over);
    walk.end();
    reader.release();
  };
  return {
    config: {
      id: WAND,
      driver: 'tsl',
      link: reader.link,
      antennas: [{ antenna: 1, readPoint: `rp-${WAND}` }],
      settings: {},
      wand: { shelfTags: [SHELF_TAG_PREFIX] },
    },
    reader,
    orderOn,
    sweep(place) {
      const lengthMs = walk.begin(place, clock.nowMs());
      if (lengthMs === undefined) return false;
      clearTimeout(over);
      reader.pull();
      over = setTimeout(end, lengthMs);
      return true;
    },
    end,
    async close() {
      clearTimeout(over);
      await reader.close();
    },
  };
}
