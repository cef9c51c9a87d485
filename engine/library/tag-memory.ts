/** One tag as text, so that a restart goes on where the engine stood, to the last bit. */
import type { TagMemory } from '#contract/domain/tag-evidence.ts';
import { EMPTY } from '#engine/location/evidence-table.ts';
import { LOCATION_RULE_NAMES } from '#engine/location/settle.ts';
import { NOWHERE, type TagTable } from '#engine/location/tag-table.ts';

/** How numbers inside the tables are called outside. */
export interface Names {
  readPointId(number: number): string;
  readPointNumber(id: string): number;
}

export interface TagLabels {
  readonly keys: readonly string[];
  readonly barcode: string | undefined;
}

export function rememberTag(tags: TagTable, tag: number, labels: TagLabels, names: Names): string {
  const { evidence } = tags;
  const first = evidence.firstSlot(tag);
  const home = tags.home[tag] ?? NOWHERE;
  const memory: TagMemory = {
    c: tags.condition[tag] ?? 0,
    h: home === NOWHERE ? null : names.readPointId(home),
    t: [tags.sinceMs[tag] ?? 0, tags.lastMs[tag] ?? 0, tags.homeLostMs[tag] ?? 0, tags.allLostMs[tag] ?? 0],
    p: tags.confidence[tag] ?? 0,
    r: tags.handled[tag] ?? 0,
    w: LOCATION_RULE_NAMES[(tags.rule[tag] ?? 0) - 1] ?? null,
    k: labels.keys,
    b: labels.barcode ?? null,
    s: evidence.slots(tag).map((slot) => {
      const event = evidence.event(slot);
      return [
        slot - first,
        [
          names.readPointId(evidence.readPoint[slot] ?? EMPTY),
          evidence.live[slot] ?? 0,
          evidence.seen[slot] ?? 0,
          evidence.reads[slot] ?? 0,
          evidence.sumDbm[slot] ?? 0,
          evidence.suspicion[slot] ?? 0,
          evidence.firstMs[slot] ?? 0,
          evidence.lastMs[slot] ?? 0,
          event === undefined ? null : [event.stream, event.seq, event.index],
          evidence.lost[slot] ?? 0,
          (evidence.weight[slot] ?? 0) / 255,
          recentOf(evidence.recentDbm[slot]),
        ],
      ];
    }),
  };
  return JSON.stringify(memory);
}

export function recallTag(tags: TagTable, tag: number, body: string, names: Names): TagLabels {
  const memory = JSON.parse(body) as TagMemory;
  const { evidence } = tags;
  tags.condition[tag] = memory.c;
  tags.home[tag] = memory.h === null ? NOWHERE : names.readPointNumber(memory.h);
  [tags.sinceMs[tag], tags.lastMs[tag], tags.homeLostMs[tag], tags.allLostMs[tag]] = memory.t;
  tags.confidence[tag] = memory.p;
  tags.handled[tag] = memory.r;
  tags.rule[tag] = 1 + LOCATION_RULE_NAMES.findIndex((name) => name === memory.w);
  for (const [
    position,
    [readPoint, live, seen, reads, sumDbm, suspicion, firstMs, lastMs, event, lost, weight, recentDbm],
  ] of memory.s) {
    const slot = evidence.firstSlot(tag) + position;
    evidence.readPoint[slot] = names.readPointNumber(readPoint);
    evidence.live[slot] = live;
    evidence.seen[slot] = seen;
    evidence.reads[slot] = reads;
    evidence.sumDbm[slot] = sumDbm;
    evidence.suspicion[slot] = suspicion;
    evidence.firstMs[slot] = firstMs;
    evidence.lastMs[slot] = lastMs;
    evidence.lost[slot] = lost;
    evidence.weight[slot] = Math.round((weight ?? 0) * 255);
    evidence.recentDbm[slot] = recentDbm ?? NaN;
    evidence.setEvent(slot, event === null ? undefined : { stream: event[0], seq: event[1], index: event[2] });
  }
  return { keys: memory.k, barcode: memory.b ?? undefined };
}

/** JSON has no NaN. */
function recentOf(dbm: number | undefined): number | null {
  return dbm === undefined || Number.isNaN(dbm) ? null : dbm;
}
