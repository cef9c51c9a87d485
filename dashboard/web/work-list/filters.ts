/** Which lines somebody wants to see. The choice lives in the address, so that it can be sent and comes back. */
import type { WorkKind } from '#contract/domain/work-entry.ts';
import type { WorkLine, WorkLines } from '#contract/wire/rest-work-list.ts';
import type { PlanIndex } from '#dashboard/web/map/plan-index.ts';

/** In the order of the chips: what somebody waits for first, what a desk settles last. */
export const KINDS = [
  'pull',
  'reshelve',
  'misshelved',
  'search',
  'on-loan-on-shelf',
  'security-mismatch',
  'lending',
  'foreign',
  'missing',
  'tag-conflict',
  'home-shift',
  'unseen',
  'dead-tag',
  'untagged',
] as const satisfies readonly WorkKind[];

/** Long lists that nobody walks at once: they come only when they are asked for. */
export const ASKED_FOR: ReadonlySet<WorkKind> = new Set(['unseen', 'dead-tag', 'untagged']);

export interface Filter {
  /** In the order of `KINDS`; none means every kind that is walked. */
  readonly kinds: readonly WorkKind[];
  readonly floor: string | undefined;
}

export function readFilter(search: { readonly kind?: string; readonly floor?: string }): Filter {
  const wanted = new Set((search.kind ?? '').split(','));
  return { kinds: KINDS.filter((kind) => wanted.has(kind)), floor: search.floor };
}

export function toSearch({ kinds, floor }: Filter): { kind?: string; floor?: string } {
  return { ...(kinds.length > 0 && { kind: kinds.join(',') }), ...(floor !== undefined && { floor }) };
}

export function toggleKind(filter: Filter, kind: WorkKind): Filter {
  const chosen = new Set(filter.kinds);
  if (!chosen.delete(kind)) chosen.add(kind);
  return { ...filter, kinds: KINDS.filter((one) => chosen.has(one)) };
}

/** Kinds worth a chip: those with lines, and those chosen, so that a choice can be taken back. */
export function offeredKinds(
  counts: WorkLines['counts'],
  filter: Filter,
): readonly { readonly kind: WorkKind; readonly lines: number }[] {
  const lines = new Map(counts.map((count) => [count.kind, count.lines]));
  return KINDS.map((kind) => ({ kind, lines: lines.get(kind) ?? 0 })).filter(
    (offer) => offer.lines > 0 || filter.kinds.includes(offer.kind),
  );
}

/** True where the list of everything that is walked holds every line the filter wants. */
export function isPartOfAll({ kinds }: Filter): boolean {
  return kinds.every((kind) => !ASKED_FOR.has(kind));
}

/** What the filter leaves of the whole list, while the server is asked or cannot be: the order stays, the length is unknown. */
export function narrow(all: WorkLines, filter: Filter, plan: PlanIndex | undefined): WorkLines {
  const isWanted = (line: WorkLine): boolean =>
    (filter.kinds.length === 0 || filter.kinds.includes(line.kind)) &&
    (filter.floor === undefined || (line.place !== null && plan?.ancestor(line.place, 'floor')?.id === filter.floor));
  return { ...all, rows: all.rows.filter(isWanted), walkMetres: 0, next: null };
}
