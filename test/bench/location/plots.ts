/** The pictures of `docs/location.md`, by name of the file. */
import { noMeasures, shareOf, type Measures } from './measures.ts';
import type { LaboratoryResults } from './play-all.ts';
import { BASELINE, OURS, RETAIL, type RoomResult } from './rooms.ts';
import { barChart, curveChart, type BarGroup, type Colour } from './svg.ts';

const WHO: readonly (readonly [string, Colour])[] = [
  [OURS, 'ours'],
  [BASELINE, 'base'],
  [RETAIL, 'retail'],
];
const NOTICE_S_MAX = 50;

export function drawPlots(results: LaboratoryResults): ReadonlyMap<string, string> {
  const { floor, multiplexed, steel, weak } = results;
  const group = (label: string, room: RoomResult, figure: (m: Measures) => number, asked?: number): BarGroup => ({
    label,
    bars: WHO.map(([name, colour]) => ({
      label: name,
      value: figure(room.measures.get(name) ?? noMeasures()),
      colour,
    })),
    ...(asked !== undefined && { asked }),
  });
  return new Map([
    [
      'places',
      barChart('Right place (dashed: the bar)', [
        group('open floor, at the end', floor, (m) => shareOf(m.atEnd), 31 / 36),
        group('multiplexed, at every read', multiplexed, (m) => shareOf(m.atReads), 0.75),
        group('steel bays, at the end', steel, (m) => shareOf(m.atEnd)),
        group('weak tags, at the end', weak, (m) => shareOf(m.atEnd)),
      ]),
    ],
    [
      'lines',
      barChart('Misshelved (dashed: the bar)', [
        group('listed lines that are true', steel, (m) => shareOf(m.lines), 0.95),
        group('wrong for 2 min and listed', steel, (m) => shareOf(m.found)),
        group('moved and shown in time', steel, (m) => shareOf(m.noticed), 0.9),
      ]),
    ],
    [
      'confidence',
      curveChart({
        title: 'How often a stated confidence is right (dashed: as often as stated)',
        xLabel: 'stated confidence',
        yLabel: 'right, all places of the steel bays and the open floor',
        xMax: 1,
        hasDiagonal: true,
        curves: [{ colour: 'ours', points: reliability([steel, floor]) }],
      }),
    ],
    [
      'notice',
      curveChart({
        title: 'Moved books shown on the exact shelf, over time (steel bays)',
        xLabel: 'seconds since the book was put down',
        yLabel: 'shown at least once by then',
        xMax: NOTICE_S_MAX,
        curves: WHO.map(([name, colour]) => ({ colour, points: noticedBy(steel.measures.get(name) ?? noMeasures()) })),
      }),
    ],
  ]);
}

/** Mean of the stated confidence and share that is right, for each bin that holds enough. */
function reliability(rooms: readonly RoomResult[]): (readonly [number, number])[] {
  const bins = noMeasures().confidence.map((bin) => ({ sum: bin.sum, right: 0, of: 0 }));
  for (const room of rooms) {
    room.measures.get(OURS)?.confidence.forEach(({ sum, share }, i) => {
      const bin = bins[i];
      if (bin === undefined) return;
      bin.sum += sum;
      bin.right += share.right;
      bin.of += share.of;
    });
  }
  return bins.filter(({ of }) => of >= 20).map(({ sum, right, of }) => [sum / of, right / of] as const);
}

function noticedBy({ noticeMs }: Measures): (readonly [number, number])[] {
  return Array.from({ length: NOTICE_S_MAX + 1 }, (_, second) => {
    const by = noticeMs.filter((ms) => ms <= second * 1000).length;
    return [second, noticeMs.length === 0 ? 0 : by / noticeMs.length] as const;
  });
}
