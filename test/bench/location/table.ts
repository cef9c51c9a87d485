/** The results as rows: our figure, the baseline's, the bar, and how many times the bar ours is. */
import { noMeasures, shareOf, type Measures } from './measures.ts';
import type { LaboratoryResults } from './play-all.ts';
import {
  BASELINE,
  CALIBRATED,
  LOUDEST,
  OURS,
  RETAIL,
  SILENCES_MS,
  type RoomResult,
  type SilenceResult,
} from './rooms.ts';

export interface ResultRow {
  readonly name: string;
  readonly ours: number;
  readonly baseline: number | undefined;
  readonly retail: number | undefined;
  readonly bar?: { readonly value: number; readonly is: 'at-least' | 'at-most' };
  readonly isShare: boolean;
}

const of = (room: RoomResult, name: string): Measures => room.measures.get(name) ?? noMeasures();

export function rowsOf(results: LaboratoryResults): ResultRow[] {
  const { floor, multiplexed, steel, weak } = results;
  const row = (
    name: string,
    room: RoomResult,
    figure: (measures: Measures) => number,
    { bar, isShare = true, ours = OURS }: { bar?: ResultRow['bar']; isShare?: boolean; ours?: string } = {},
  ): ResultRow => ({
    name,
    ours: figure(of(room, ours)),
    baseline: figure(of(room, BASELINE)),
    retail: figure(of(room, RETAIL)),
    isShare,
    ...(bar !== undefined && { bar }),
  });
  const atLeast = (value: number) => ({ value, is: 'at-least' as const });
  const atMost = (value: number) => ({ value, is: 'at-most' as const });
  const rightOf36 = ({ atEnd }: Measures): number => atEnd.right / floor.rooms;
  const surest = ({ confidence }: Measures): number =>
    (confidence.at(-1)?.share.of ?? 0) && 1 - shareOf(confidence.at(-1)?.share ?? { right: 0, of: 0 });
  const within = ({ noticed }: Measures): number => shareOf(noticed);
  return [
    row('open floor: right of 36, mean of all rooms', floor, rightOf36, { bar: atLeast(31), isShare: false }),
    row('open floor, 12 reference tags', floor, rightOf36, { bar: atLeast(33), isShare: false, ours: CALIBRATED }),
    {
      ...row('open floor: yardstick, loudest mean of all reads', floor, rightOf36, { isShare: false, ours: LOUDEST }),
      baseline: undefined,
      retail: undefined,
    },
    row('open floor: moves of still tags after 10 s, each room', floor, (m) => m.falseMoves / floor.rooms, {
      bar: atMost(5),
      isShare: false,
    }),
    row('multiplexed: stated place holds, at every read', multiplexed, (m) => shareOf(m.atReads), {
      bar: atLeast(0.75),
    }),
    row('multiplexed, 48 reference tags', multiplexed, (m) => shareOf(m.atReads), {
      bar: atLeast(0.85),
      ours: CALIBRATED,
    }),
    row('steel bays: right shelf at the end', steel, (m) => shareOf(m.atEnd)),
    row('steel bays: right shelf or the one beside', steel, (m) => shareOf(m.nearAtEnd)),
    row('steel bays: moved, exact within two cycles + 30 s', steel, within, { bar: atLeast(0.9) }),
    row('steel bays: misshelved lines that are true', steel, (m) => shareOf(m.lines), { bar: atLeast(0.95) }),
    row('steel bays: misshelved for 2 min and listed', steel, (m) => shareOf(m.found)),
    row('weak tags: right shelf at the end', weak, (m) => shareOf(m.atEnd)),
    row('weak tags: moved, exact within two cycles + 30 s', weak, within),
    {
      ...row('steel bays: surer than 0.9 and wrong', steel, surest, { bar: atMost(0.1) }),
      baseline: undefined,
      retail: undefined,
    },
    {
      ...row('open floor: surer than 0.9 and wrong', floor, surest, { bar: atMost(0.1) }),
      baseline: undefined,
      retail: undefined,
    },
    ...SILENCES_MS.flatMap((ms, i) => [
      silenceRow(`antenna deaf ${span(ms)}: its tags shown elsewhere`, results.deaf[i]),
      silenceRow(`reader off ${span(ms)}: its tags shown elsewhere`, results.dead[i]),
    ]),
  ];
}

function span(ms: number): string {
  return ms === Infinity ? 'for ever' : ms < 60_000 ? `${String(ms / 1000)} s` : `${String(ms / 60_000)} min`;
}

function silenceRow(name: string, result: ReadonlyMap<string, SilenceResult> | undefined): ResultRow {
  const share = (who: string): number => {
    const { tags, moved } = result?.get(who) ?? { tags: 0, moved: 0 };
    return tags === 0 ? 0 : moved / tags;
  };
  return {
    name,
    ours: share(OURS),
    baseline: share(BASELINE),
    retail: share(RETAIL),
    bar: { value: 0, is: 'at-most' },
    isShare: true,
  };
}

/** A table of Markdown, padded as Prettier pads it. */
export function tableOf(rows: readonly ResultRow[]): string {
  const cells = [
    ['what', 'Shelfwise', 'baseline', 'retail garment', 'bar', 'ratio to bar'],
    ...rows.map(({ name, ours, baseline, retail, bar, isShare }) => {
      const show = (value: number | undefined): string =>
        value === undefined ? '–' : isShare ? `${(100 * value).toFixed(1)} %` : value.toFixed(1);
      const sign = bar?.is === 'at-least' ? '≥' : '≤';
      return [
        name,
        show(ours),
        show(baseline),
        show(retail),
        bar === undefined ? '–' : `${sign} ${show(bar.value)}`,
        ratioOf(ours, bar),
      ];
    }),
  ];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = cells.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  lines.splice(1, 0, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`);
  return `${lines.join('\n')}\n`;
}

function ratioOf(ours: number, bar: ResultRow['bar']): string {
  if (bar === undefined) return '–';
  const isMet = bar.is === 'at-least' ? ours >= bar.value : ours <= bar.value;
  if (bar.value === 0 || ours === 0) return isMet ? 'met' : 'MISSED';
  const ratio = bar.is === 'at-least' ? ours / bar.value : bar.value / ours;
  return `${ratio.toFixed(2)}${isMet ? '' : ' MISSED'}`;
}
