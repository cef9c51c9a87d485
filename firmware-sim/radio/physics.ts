/**
 * How an antenna behind a shelf hears the tags around it. A model, tuned to be as unkind as real smart shelves are
 * (see the README for the figures it is held to), not a field solver:
 *
 * - Power falls with distance at exponent 1.5: boards and back panel guide the field. Sheets of metal on the way cost
 *   extra, above all the second and third.
 * - Along its own board the antenna reaches far: it is a line, not a point.
 * - Every (tag, antenna) pair has a shadowing of its own, every tag its own quality, every single read its fading.
 * - Whether a tag is read depends on the link margin, on which fading hardly acts: the way to the tag and the
 *   way back fade differently.
 *
 * Source: log-distance path loss with log-normal shadowing (T. S. Rappaport, Wireless Communications, chapter 4).
 */
import { hashNormal } from '#sim/random/random.ts';
import type { Shelf } from '#sim/world/ranges.ts';

/** Taken out once: a look-up of a global costs more than these do. */
const { abs, exp, hypot, imul, log10, max, min } = Math;

/** RSSI of a tag in the middle of the antenna's own shelf, on average. */
const OWN_DBM = -50;
const OWN_METRES = 0.3;
const EXPONENT = 1.5;
/** Half the length of the antenna along its board, and how much shorter a way along boards counts. */
const ANTENNA_HALF_METRES = 0.4;
const ALONG_FACTOR = 0.35;
const BOARD_LOSS_DB = 2.0;
const SIDE_PANEL_LOSS_DB = 3.5;
const BACK_PANEL_LOSS_DB = 1.4;
/** The same power gets lost again at every further sheet: the field is no longer guided. */
const FURTHER_SHEET_LOSS_DB = 3;

export const FADING_SIGMA_DB = 4.2;
export const SHADOWING_SIGMA_DB = 1.4;
const TAG_SIGMA_DB = 0.8;
const WEAK_TAG_SHARE_PER_MILLE = 15;
const WEAK_TAG_LOSS_DB = 9;
/** A hand and a body in front of the shelf. */
export const HAND_LOSS_DB = 8;

/** Mean RSSI at which half of the attempts succeed, and how soft that edge is. */
const SENSITIVITY_DBM = -53.9;
const EDGE_DB = 1.8;
const FADING_ON_DECISION = 0.08;

/** Below this a tag is not worth an entry in the list of what an antenna can hear. */
export const AUDIBLE_DBM = -64;

/** Part of the shelf's width over which books stand, to each side of its middle. */
const BOOKS_HALF_METRES = 0.42;

/** Where on its shelf a tag stands, metres from the middle: the same every time it stands there. */
export function tagOffsetMetres(item: number, shelf: number): number {
  const uniform = (imul((item + 1) * 31 + shelf + 1, 0x9e3779b1) >>> 0) / 4_294_967_296;
  return (2 * uniform - 1) * BOOKS_HALF_METRES;
}

/** Mean RSSI of a place `offset` metres from the middle of shelf `at`, before anything about the tag itself. */
export function pathDbm(antenna: Shelf, at: Shelf, offset: number): number {
  const isBehind = antenna.side !== at.side;
  const tiers = abs(antenna.tier - at.tier);
  const bays = abs(antenna.bay - at.bay);
  const along = max(0, abs(at.y + offset - antenna.y) - ANTENNA_HALF_METRES) * ALONG_FACTOR;
  const up = abs(antenna.z - at.z);
  const deep = OWN_METRES + (isBehind ? 0.2 : 0);
  const metres = hypot(deep, along, up);
  const sheets = tiers + bays + (isBehind ? 1 : 0);
  const panels = min(tiers, 1) * BOARD_LOSS_DB + min(bays, 1) * SIDE_PANEL_LOSS_DB;
  const further = max(0, sheets - 1) * FURTHER_SHEET_LOSS_DB;
  const loss = 10 * EXPONENT * log10(metres / OWN_METRES) + panels + (isBehind ? BACK_PANEL_LOSS_DB : 0) + further;
  return OWN_DBM - loss;
}

/** What this tag adds at this antenna, always the same: shadowing, its own quality, and that a few are nearly dead. */
export function tagDb(item: number, antenna: number, shelf: number): number {
  const shadowing = SHADOWING_SIGMA_DB * hashNormal(item + 1, antenna * 1009 + shelf + 1);
  const quality = TAG_SIGMA_DB * hashNormal(item + 1, 0x51ed27);
  return shadowing + quality - (isWeakTag(item) ? WEAK_TAG_LOSS_DB : 0);
}

/** True for the few that hardly answer. */
export function isWeakTag(item: number): boolean {
  return (imul(item + 7, 0x85ebca6b) >>> 0) % 1000 < WEAK_TAG_SHARE_PER_MILLE;
}

/** Chance that one attempt succeeds. */
export function readChance(meanDbm: number, fadingDb: number): number {
  return 1 / (1 + exp((SENSITIVITY_DBM - meanDbm - FADING_ON_DECISION * fadingDb) / EDGE_DB));
}
