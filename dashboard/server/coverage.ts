/** Which shelves an antenna hears, from what the engine holds of the books that stand there just now. */
import type { Coverage } from '#contract/wire/rest-calibration.ts';
import type { LibraryPlan } from './plans.ts';
import type { Sources } from './sources.ts';

/** Enough to tell half from a third; one answer reads 40 × 60 rows at most, a few milliseconds. */
const ITEMS_A_PLACE = 40;
const PLACES_MAX = 60;
/** Shelves beside the shelves beside its own: further away a tag is heard by chance. */
const STEPS_AWAY = 2;

export function coverageOf(
  { state, registry }: Pick<Sources, 'state' | 'registry'>,
  library: string,
  asked: { readonly plan: LibraryPlan; readonly readPoint: string; readonly own: readonly string[] },
): Coverage['rows'] {
  const { plan, readPoint, own } = asked;
  const reader = state.need();
  const rows = placesAround(plan, own).map((place): Coverage['rows'][number] => {
    let tags = 0;
    let reads = 0;
    let live = 0;
    let seen = 0;
    let dbm = 0;
    let measured = 0;
    for (const { item } of reader.itemsAt(library, place, { after: '', limit: ITEMS_A_PLACE })) {
      for (const tag of registry.item(library, item)?.tags ?? []) {
        const evidence = reader.tagEvidence(library, tag);
        if (evidence === undefined) continue;
        tags += 1;
        const heard = evidence.readPoints.find((at) => at.readPoint === readPoint && !at.isLost);
        if (heard === undefined) continue;
        reads += 1;
        live += heard.cyclesLive;
        seen += heard.cyclesSeen;
        if (heard.meanDbm === null) continue;
        dbm += heard.meanDbm;
        measured += 1;
      }
    }
    return {
      place,
      isOwn: own.includes(place),
      tags,
      heard: reads,
      share: live > 0 ? seen / live : null,
      meanDbm: measured > 0 ? dbm / measured : null,
    };
  });
  return rows.filter(({ isOwn, heard }) => isOwn || heard > 0);
}

/** Its own places, then those beside them, nearest first. */
function placesAround({ index }: LibraryPlan, own: readonly string[]): readonly string[] {
  const found = new Set(own);
  let edge: readonly string[] = own;
  for (let step = 0; step < STEPS_AWAY; step += 1) {
    edge = edge.flatMap((place) => index.neighbours(place)).filter((place) => !found.has(place));
    for (const place of edge) found.add(place);
  }
  return [...found].slice(0, PLACES_MAX);
}
