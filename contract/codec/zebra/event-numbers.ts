/**
 * What the numbers of a Zebra reader's messages tell about messages that never came. Tags and management events are
 * numbered apart; a number that is not above the last one is a repetition or a reader that began anew.
 *
 * Source: Zebra IoT Connector, tag data events, `eventNum`; Zebra RFD40 and RFD90 MQTT API reference, dataEVT.
 */
import type { JsonObject } from '#contract/codec/format.ts';
import { isJsonObject } from '#contract/codec/json-values.ts';

/** Messages that are missing behind number `behind`. */
export interface LostEvents {
  readonly behind: number;
  readonly count: number;
}

/** One object belongs to one reader. */
export class EventNumbers {
  #tag: number | undefined;
  #management: number | undefined;

  /** Takes a decoded message; gives the gaps before it. */
  take(event: JsonObject): readonly LostEvents[] {
    if (event['event'] === 'tag') return this.#takeTag(event['eventNum']);
    if (event['event'] === 'tags') {
      const { tags = [] } = event;
      return Array.isArray(tags)
        ? tags.flatMap((tag) => (isJsonObject(tag) ? this.#takeTag(tag['eventNum']) : []))
        : [];
    }
    const number = event['eventNum'];
    if (typeof number !== 'number') return [];
    const lost = gap(this.#management, number);
    this.#management = number;
    return lost;
  }

  #takeTag(number: unknown): readonly LostEvents[] {
    if (typeof number !== 'number') return [];
    const lost = gap(this.#tag, number);
    this.#tag = number;
    return lost;
  }
}

function gap(last: number | undefined, number: number): readonly LostEvents[] {
  if (last === undefined || number <= last + 1) return [];
  return [{ behind: last, count: number - last - 1 }];
}
