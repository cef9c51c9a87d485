/** One tag as text, so that a restart goes on where the engine stood, to the last bit. */
import { EMPTY } from '#engine/location/evidence-table.ts';
import { NOWHERE, type TagTable } from '#engine/location/tag-table.ts';

/** How numbers inside the tables are called outside. */
export interface Names {
  readPointId(number: number): string;
  readPointNumber(id: string): number;
}

type SlotMemory = [
  readPoint: string,
  live: number,
  seen: number,
  reads: number,
  sumDbm: number,
  suspicion: number,
  firstMs: number,
  lastMs: number,
  event: [stream: number, seq: number, index: number] | null,
  lost: number,
];

interface TagMemory {
  readonly c: number;
  readonly h: string | null;
  readonly t: readonly [sinceMs: number, lastMs: number, homeLostMs: number, allLostMs: number];
  readonly p: number;
  /** 1 once it left or moved: then it may stand anywhere. */
  readonly r: number;
  /** Other ids of the tag, and the barcode written on it. */
  readonly k: readonly string[];
  readonly b: string | null;
  /** With its position, since ties go to the earlier slot. */
  readonly s: readonly (readonly [position: number, slot: SlotMemory])[];
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
  for (const [position, [readPoint, live, seen, reads, sumDbm, suspicion, firstMs, lastMs, event, lost]] of memory.s) {
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
    evidence.setEvent(slot, event === null ? undefined : { stream: event[0], seq: event[1], index: event[2] });
  }
  return { keys: memory.k, barcode: memory.b ?? undefined };
}
