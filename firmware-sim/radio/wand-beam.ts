/**
 * How a wand hears the shelves it is carried along: a lobe of a hand's length, soft at its edges, that reaches the shelves
 * above and below as well. What it reads comes in no order, and one in twenty tags it misses in every pass.
 */
import { fnv1a, type Random } from '#sim/random/random.ts';

/** One tag on the walk. Shelves are numbered in the order in which they are swept, one above the other. */
export interface Standing {
  readonly epc: string;
  readonly shelf: number;
  /** Along the shelf, from the end where the sweep begins. */
  readonly metres: number;
}

/** Where the wand points. */
export interface Aim {
  readonly shelf: number;
  readonly metres: number;
}

const NEAR_DBM = -45;
/** What a tag loses that much off the middle of the lobe; four times as much twice as far. */
const LOBE_METRES = 0.3;
const LOBE_LOSS_DB = 12;
/** Through the board to the shelf above or below. */
const SHELF_LOSS_DB = 9;
const FADING_SIGMA_DB = 4;
const SENSITIVITY_DBM = -62;
const EDGE_DB = 2;
const HEARING_DBM = SENSITIVITY_DBM - 8;
const UNREAD_IN_THOUSAND = 50;

/** One inventory. */
export function hearBeam(
  standing: readonly Standing[],
  aim: Aim,
  random: Random,
): { readonly epc: string; readonly rssiDbm: number }[] {
  return standing.flatMap(({ epc, shelf, metres }) => {
    const lobe = ((metres - aim.metres) / LOBE_METRES) ** 2;
    const meanDbm = NEAR_DBM - LOBE_LOSS_DB * lobe - SHELF_LOSS_DB * Math.abs(shelf - aim.shelf);
    if (meanDbm < HEARING_DBM) return [];
    const chance = 1 / (1 + Math.exp((SENSITIVITY_DBM - meanDbm) / EDGE_DB));
    if (random.next() >= chance) return [];
    return [{ epc, rssiDbm: Math.round(meanDbm + FADING_SIGMA_DB * random.normal()) }];
  });
}

/** Tags that stand or are stuck so that no wand reads them: always the same ones. */
export function isUnreadable(epc: string): boolean {
  return fnv1a(`wand/${epc}`) % 1000 < UNREAD_IN_THOUSAND;
}
