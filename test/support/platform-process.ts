/** The platform in a process of its own, ordered about by messages. It ends with the process that started it. */
import { toHex } from '#contract/hex.ts';
import { SITE_NAMES } from '#sim/sites.ts';
import { startPlatform, type Platform } from './platform.ts';

export type Order =
  | { readonly kind: 'move'; readonly item: string; readonly place: string }
  | { readonly kind: 'unplug' | 'plug'; readonly reader: string }
  | { readonly kind: 'lay' | 'lift'; readonly uid: string }
  | { readonly kind: 'pad' }
  | { readonly kind: 'truth' }
  | { readonly kind: 'close-broker' }
  | { readonly kind: 'stop' };

/** What is really so at one moment. */
export interface TruthNow {
  /** Barcode and place of every item. */
  readonly places: readonly (readonly [string, string])[];
  readonly untouched: readonly string[];
  readonly misplaced: readonly { readonly barcode: string; readonly place: string }[];
  readonly people: number;
}

/** A tag on the pad of the return desk: its memory in hex, its AFI. */
export interface PadTag {
  readonly uid: string;
  readonly memory: string;
  readonly afi: number;
}

export interface Started {
  readonly url: string;
  readonly folder: string;
  readonly readers: Platform['simulation']['readers'];
  readonly admin: { readonly name: string; readonly password: string };
}

const platform = await startPlatform({ site: SITE_NAMES.find((name) => name === process.argv[2]) ?? 'standard' });

function truthNow(): TruthNow {
  const truth = platform.simulation.truth();
  return {
    places: platform.demo.items.map(({ barcode }) => [barcode, truth.placeOf(barcode) ?? ''] as const),
    untouched: truth.untouched(),
    misplaced: truth.misplaced(),
    people: Object.values(truth.peoplePerZone()).reduce((sum, people) => sum + people, 0),
  };
}

async function obey(order: Order): Promise<boolean | TruthNow | readonly PadTag[]> {
  switch (order.kind) {
    case 'lay':
      return platform.simulation.layTag(order.uid);
    case 'lift':
      return platform.simulation.liftTag(order.uid);
    case 'pad':
      return platform.simulation.padTags().map(({ uid, memory, afi }) => ({ uid, memory: toHex(memory), afi }));
    case 'move':
      return platform.simulation.moveItem(order.item, order.place);
    case 'unplug':
      await platform.simulation.unplug(order.reader);
      return true;
    case 'plug':
      await platform.simulation.plug(order.reader);
      return true;
    case 'truth':
      return truthNow();
    case 'close-broker':
      await platform.centre.broker?.close();
      return true;
    case 'stop':
      await platform.stop();
      return true;
  }
}

process.on('message', (order: Order) => {
  void obey(order).then((isDone) => {
    process.send?.(isDone);
    if (order.kind === 'stop') process.disconnect();
  });
});
process.on('disconnect', () => process.exit());
const { url, admin, folder, simulation } = platform;
process.send?.({ url, admin, folder, readers: simulation.readers } satisfies Started);
