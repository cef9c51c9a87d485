/** What the antennas of a simulated reader hear of Gen2 tags: the radio of a room, or tags laid on a table. */
import type { OnRead } from '#sim/radio/field.ts';
import type { Gen2Tag } from '#sim/readers/gen2-tag.ts';

export interface Gen2Air {
  /** What an antenna hears; undefined where none is plugged in. */
  ear(antenna: number): { listen(fromMs: number, lengthMs: number, onRead: OnRead): void } | undefined;
  /** The tag of an item that was heard; undefined = it has none that this radio reads. */
  tagOf(item: number): Gen2Tag | undefined;
}

export interface HeardTag {
  readonly tag: Gen2Tag;
  readonly rssiDbm: number;
  readonly antenna: number;
}

/** Everything heard by one antenna in the last `lengthMs`, each tag with its best read. */
export function hearTags(
  air: Gen2Air,
  antenna: number,
  { nowMs, lengthMs }: { nowMs: number; lengthMs: number },
): readonly HeardTag[] {
  const heard = new Map<number, HeardTag>();
  air.ear(antenna)?.listen(nowMs - lengthMs, lengthMs, (item, rssiDbm) => {
    const tag = air.tagOf(item);
    if (tag === undefined || (heard.get(item)?.rssiDbm ?? -Infinity) >= rssiDbm) return;
    heard.set(item, { tag, rssiDbm, antenna });
  });
  return [...heard.values()];
}
