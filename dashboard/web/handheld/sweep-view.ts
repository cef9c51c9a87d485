/** One sweep as the screen draws it, made of live rows or of one answer over REST. */
import type { SweepDetail, SweepFindingView, SweepProgress, SweepSummary } from '#contract/wire/rest-sweeps.ts';

export interface SweepView {
  readonly summary: SweepSummary;
  /** What to do, the surest first. */
  readonly findings: readonly SweepFindingView[];
  readonly bays: readonly BayProgress[];
}

export interface BayProgress {
  /** `null` for shelves that stand in no bay. */
  readonly bay: SweepProgress | null;
  /** In the order in which they were swept. */
  readonly shelves: readonly SweepProgress[];
}

/** `null` until the room knows the sweep. */
export function viewOfRows(rows: ReadonlyMap<string, unknown>): SweepView | null {
  const summary = rows.get('sweep') as SweepSummary | undefined;
  if (summary === undefined) return null;
  const findings: SweepFindingView[] = [];
  const progress: SweepProgress[] = [];
  for (const [key, row] of rows) {
    if (key.startsWith('finding:')) findings.push(row as SweepFindingView);
    else if (key.startsWith('shelf:') || key.startsWith('bay:')) progress.push(row as SweepProgress);
  }
  return { summary, findings: byRank(findings), bays: groupBays(progress, summary.places) };
}

export function viewOfDetail(detail: SweepDetail): SweepView {
  return { summary: detail, findings: byRank(detail.moves), bays: groupBays(detail.progress, detail.places) };
}

function byRank(findings: readonly SweepFindingView[]): SweepFindingView[] {
  return [...findings].sort((a, b) => a.rank - b.rank || a.id.localeCompare(b.id));
}

/** Bays in the order in which the sweep came to them; a shelf that came back later stays with its bay. */
export function groupBays(progress: readonly SweepProgress[], order: readonly string[]): BayProgress[] {
  const position = new Map(order.map((place, index) => [place, index]));
  const at = ({ place }: SweepProgress): number => position.get(place) ?? order.length;
  const bays = new Map(progress.filter(({ kind }) => kind === 'bay').map((bay) => [bay.place, bay]));
  const groups = new Map<string | null, SweepProgress[]>();
  for (const shelf of progress.filter(({ kind }) => kind === 'shelf').sort((a, b) => at(a) - at(b))) {
    const bay = shelf.bay !== null && bays.has(shelf.bay) ? shelf.bay : null;
    groups.set(bay, [...(groups.get(bay) ?? []), shelf]);
  }
  return [...groups].map(([bay, shelves]) => ({ bay: bay === null ? null : (bays.get(bay) ?? null), shelves }));
}

/** 0 to 1; a shelf where nothing is expected has no share. */
export function shareRead({ read, expected }: Pick<SweepProgress, 'read' | 'expected'>): number | null {
  return expected === 0 ? null : Math.min(1, read / expected);
}
