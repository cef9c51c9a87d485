/** Tags that lie still on the antennas of a simulated reader: each is heard in every listening. */
import type { Gen2Air } from '#sim/readers/gen2-air.ts';
import type { Gen2Tag } from '#sim/readers/gen2-tag.ts';

export interface LyingTag {
  readonly tag: Gen2Tag;
  readonly rssiDbm: number;
  readonly antenna?: number;
}

/** The list may change while the reader listens. */
export function tableAir(tags: readonly LyingTag[], antennas = 1): Gen2Air {
  return {
    ear: (antenna) =>
      antenna > antennas
        ? undefined
        : {
            listen: (fromMs, _lengthMs, onRead) => {
              tags.forEach((lying, item) => {
                if ((lying.antenna ?? 1) === antenna) onRead(item, lying.rssiDbm, fromMs);
              });
            },
          },
    tagOf: (item) => tags[item]?.tag,
  };
}
