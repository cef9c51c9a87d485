/** Sweeps as screens show them: the engine's row, joined with titles and with the bays its shelves stand in. */
import type { FindSignal, SweepFinding, SweepRow } from '#contract/domain/sweep.ts';
import type {
  FindSignalView,
  SweepDetail,
  SweepFindingView,
  SweepProgress,
  SweepSummary,
  SweptItem,
} from '#contract/wire/rest-sweeps.ts';
import type { Sources } from './sources.ts';

type Named = Pick<Sources, 'registry' | 'plans'>;

export function sweepSummary(row: SweepRow): SweepSummary {
  const { session, wand, source, target, positionError, tagsRead, itemsRead, judged, kept, shelves } = row;
  return {
    ...{ session, wand, source, target, positionError, tagsRead, itemsRead, judged, kept },
    places: shelves.flatMap(({ place }) => (place === null ? [] : [place])),
    startedAt: iso(row.startedMs),
    lastReadAt: iso(row.lastMs),
    endedAt: row.endedMs === null ? null : iso(row.endedMs),
    expected: shelves.reduce((sum, { expected }) => sum + expected, 0),
    read: shelves.reduce((sum, { read }) => sum + read, 0),
    findings: row.findingCount,
    notFound: row.notFoundCount,
  };
}

export function sweepDetail(sources: Named, row: SweepRow): SweepDetail {
  const name = itemNames(sources, row.library, [
    ...row.findings.flatMap(({ barcode, after }) => [barcode, after]),
    ...row.notFound.map(({ barcode }) => barcode),
  ]);
  return {
    ...sweepSummary(row),
    progress: sweepProgress(sources, row),
    moves: findingViews(row.findings, name),
    missing: row.notFound.flatMap(({ barcode, place }) => {
      const item = name(barcode);
      return item === null ? [] : [{ item, place }];
    }),
  };
}

/** Shelves in the order of the sweep, then their bays. */
export function sweepProgress({ plans }: Pick<Sources, 'plans'>, { library, shelves }: SweepRow): SweepProgress[] {
  const index = plans.of(library)?.index;
  const bays = new Map<string, SweepProgress>();
  const rows = shelves.flatMap(({ place, expected, read, heard, shoneOver, isReversed }): SweepProgress[] => {
    if (place === null) return [];
    const bay = index?.enclosing(place, 'bay')?.id ?? null;
    const shelf = { place, kind: 'shelf' as const, bay, expected, read, heard, shoneOver, isReversed };
    if (bay !== null) {
      const sum = bays.get(bay) ?? {
        ...shelf,
        place: bay,
        kind: 'bay',
        bay: null,
        expected: 0,
        read: 0,
        heard: 0,
        shoneOver: 0,
      };
      bays.set(bay, {
        ...sum,
        expected: sum.expected + expected,
        read: sum.read + read,
        heard: sum.heard + heard,
        shoneOver: sum.shoneOver + shoneOver,
        isReversed: sum.isReversed || isReversed,
      });
    }
    return [shelf];
  });
  return [...rows, ...bays.values()];
}

/** Live rows of one sweep. */
export function sweepRows(sources: Named, row: SweepRow): ReadonlyMap<string, unknown> {
  const name = itemNames(
    sources,
    row.library,
    row.findings.flatMap(({ barcode, after }) => [barcode, after]),
  );
  return new Map<string, unknown>([
    ['sweep', sweepSummary(row)],
    ...sweepProgress(sources, row).map((progress) => [`${progress.kind}:${progress.place}`, progress] as const),
    ...findingViews(row.findings, name).map((finding) => [`finding:${finding.id}`, finding] as const),
  ]);
}

export function signalViews(sources: Named, library: string, signals: readonly FindSignal[]): FindSignalView[] {
  return signals.map(({ tag, percent, rssiDbm, atMs }) => {
    const [item] = sources.registry.itemsOfTag(library, tag);
    const swept = item === undefined ? null : { barcode: item.barcode, title: item.title, callNumber: item.callNumber };
    return { tag, item: swept, percent, rssiDbm, at: iso(atMs) };
  });
}

type NameOf = (barcode: string | null) => SweptItem | null;

export function itemNames(
  { registry }: Pick<Sources, 'registry'>,
  library: string,
  barcodes: readonly (string | null)[],
): NameOf {
  const items = registry.items(library, [...new Set(barcodes.filter((barcode) => barcode !== null))]);
  return (barcode) => {
    if (barcode === null) return null;
    const item = items.get(barcode);
    return { barcode, title: item?.title ?? barcode, callNumber: item?.callNumber ?? '' };
  };
}

function findingViews(findings: readonly SweepFinding[], name: NameOf): SweepFindingView[] {
  return findings.map(({ barcode, after, ...rest }, rank) => ({
    ...rest,
    rank,
    item: name(barcode),
    after: name(after),
  }));
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
