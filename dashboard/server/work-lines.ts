/** The lines of the work list as a screen shows them: with item, ILS side and home, in walking order. */
import type { IlsRow } from '#contract/domain/state-rows.ts';
import { workReason, type WorkEntryRow, type WorkKind, workKind } from '#contract/domain/work-entry.ts';
import type { IlsView, WorkLine } from '#contract/wire/rest-work-list.ts';
import { walkTo } from './last-walk.ts';
import type { Sources } from './sources.ts';
import { uncataloguedItem, viewItems } from './whereabouts.ts';

/** Nobody walks more in a day. Longer lists are exported, in the order of their subjects. */
const LINES_OF_A_KIND_MAX = 5000;
/** Too long to walk: given only when asked for. */
const ON_REQUEST: ReadonlySet<WorkKind> = new Set(['untagged', 'dead-tag', 'unseen']);

export interface WorkFilter {
  readonly kinds?: readonly WorkKind[] | undefined;
  readonly floor?: string | undefined;
  readonly collection?: string | undefined;
  readonly withTicked: boolean;
  readonly from?: string | undefined;
}

interface Row {
  readonly row: WorkEntryRow;
  readonly tickedOffMs: number | null;
}

/** Every line that fits, in walking order, without its item: what a page needs is looked up for the page alone. */
export function sortedLines(
  sources: Sources,
  library: string,
  filter: WorkFilter,
): {
  readonly rows: readonly Row[];
  readonly walkMetres: number;
  readonly rankOf: (place: string | null) => number | null;
} {
  const state = sources.state.need();
  const plan = sources.plans.of(library);
  const kinds = filter.kinds ?? workKind.options.filter((kind) => !ON_REQUEST.has(kind));
  const isOnFloor = (place: string | null): boolean =>
    filter.floor === undefined ||
    (place !== null && plan?.index.pathToRoot(place).some((above) => above.id === filter.floor) === true);
  const found = [...new Set(kinds)]
    .flatMap((kind) => state.workLines(library, kind, { after: '', limit: LINES_OF_A_KIND_MAX }))
    .filter((row) => isOnFloor(row.place))
    .map((row) => ({ row, tickedOffMs: sources.tickOffs.lineTickedOffMs(row) }))
    .filter(({ tickedOffMs }) => filter.withTicked || tickedOffMs === null);
  const rows = ofCollection(sources, library, { rows: found, collection: filter.collection });
  const places = [...new Set(rows.flatMap(({ row }) => row.place ?? []))].sort();
  const walk = plan === undefined ? undefined : walkTo(plan, places, filter.from);
  const stops = new Map(walk?.order.map((place, i) => [place, i]));
  const orderOf = ({ row }: Row): number => (row.place === null ? Infinity : (stops.get(row.place) ?? Infinity));
  const sorted = rows.toSorted(
    (a, b) => orderOf(a) - orderOf(b) || compare(a.row.place ?? '', b.row.place ?? '') || byKey(a.row, b.row),
  );
  return {
    rows: sorted,
    walkMetres: walk?.metres ?? 0,
    rankOf: (place) => (place === null ? null : (stops.get(place) ?? null)),
  };
}

/** The lines of one page with everything a screen shows. */
export function showLines(
  sources: Sources,
  library: string,
  { rows, rankOf }: { readonly rows: readonly Row[]; readonly rankOf: (place: string | null) => number | null },
): WorkLine[] {
  const barcodes = rows.flatMap(({ row }) => row.item ?? []);
  const catalogue = sources.registry.items(library, barcodes);
  const ils = sources.state.need().ilsRows(library, barcodes);
  const view = viewItems(sources, library);
  const items = rows.map(({ row }) => {
    const name = row.item ?? row.reason.items?.[0] ?? row.subject;
    return catalogue.get(name) ?? uncataloguedItem(library, name.slice(0, 64));
  });
  const summaries = view.summaries(items);
  return rows.flatMap(({ row, tickedOffMs }, i) => {
    const item = summaries[i];
    if (item === undefined) return [];
    return [
      {
        kind: row.kind,
        subject: row.subject,
        item,
        ils: row.item === null ? null : ilsView(ils.get(row.item)),
        place: row.place,
        home: item.home,
        since: new Date(row.sinceMs).toISOString(),
        confidence: row.confidence,
        reason: workReason.parse(row.reason),
        tickedOffAt: tickedOffMs === null ? null : new Date(tickedOffMs).toISOString(),
        outcome: row.outcome,
        walkRank: rankOf(row.place),
      },
    ];
  });
}

function ilsView(row: IlsRow | undefined): IlsView | null {
  if (row === undefined) return null;
  const { status, atMs, dueAt, pickupPlace, expiresAt } = row;
  return { status, at: new Date(atMs).toISOString(), dueAt, pickupPlace, expiresAt };
}

function ofCollection(
  sources: Pick<Sources, 'registry'>,
  library: string,
  { rows, collection }: { readonly rows: readonly Row[]; readonly collection: string | undefined },
): readonly Row[] {
  if (collection === undefined) return rows;
  const items = sources.registry.items(
    library,
    rows.flatMap(({ row }) => row.item ?? []),
  );
  return rows.filter(({ row }) => row.item !== null && items.get(row.item)?.collection === collection);
}

function byKey(a: WorkEntryRow, b: WorkEntryRow): number {
  return compare(a.kind, b.kind) || compare(a.subject, b.subject);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
