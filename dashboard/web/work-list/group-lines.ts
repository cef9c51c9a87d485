import type { WorkLine } from '#contract/wire/rest-work-list.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

/** A line as the screen shows it: what the server said, and what is known here beyond that. */
export interface ShownLine extends WorkLine {
  /** Ticked off here, and not yet taken in by the server. */
  readonly isWaiting?: boolean;
  /** It has gone from the list: `leaving` until it is known why, `home` when the radio sees it where it belongs. */
  readonly gone?: 'leaving' | 'home';
}

export interface LineGroup {
  /** The range, or the nearest thing to one; `null` for lines that name no place. */
  readonly place: string | null;
  readonly rows: readonly { readonly line: ShownLine; readonly step: number }[];
}

/**
 * The list in walking order, cut where the walker comes to another range. The order is the server's: a range that is
 * visited twice shows up twice.
 */
export function groupLines(lines: readonly ShownLine[], plan: PlanIndex): readonly LineGroup[] {
  const groups: { place: string | null; rows: { line: ShownLine; step: number }[] }[] = [];
  lines.forEach((line, index) => {
    const place = line.place === null ? null : groupPlace(line.place, plan);
    const row = { line, step: index + 1 };
    const last = groups.at(-1);
    if (last?.place === place) last.rows.push(row);
    else groups.push({ place, rows: [row] });
  });
  return groups;
}

function groupPlace(place: string, plan: PlanIndex): string {
  return (plan.ancestor(place, 'range') ?? plan.ancestor(place, 'floor'))?.id ?? place;
}

/** What identifies a line: the same copy may be asked for and be on a wrong shelf. */
export function lineKey(line: Pick<WorkLine, 'kind' | 'subject'>): string {
  return `${line.kind} ${line.subject}`;
}
