/** "Why do you say it is there?" From the evidence that each fact carries, for now and for any earlier time. */
import { z } from 'zod';
import type { Fact, FactKind } from '#contract/domain/fact.ts';
import { barcode } from '#contract/domain/ids.ts';
import { AppError } from '#contract/errors.ts';
import { type Explanation, explanation } from '#contract/wire/rest-explanation.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { isoOrNull } from '#dashboard/server/whereabouts.ts';
import { EVERYONE, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

/** A book has a handful of facts a year; one that is carried about every hour has these in a season. */
const FACTS_READ_MAX = 5000;
const ROWS_MAX = 20;

const MOVES: ReadonlySet<FactKind> = new Set(['item-arrived', 'item-moved', 'item-departed']);
/** Ends of what `item-misshelved` began, beside the next move. */
const RIGHT: ReadonlySet<FactKind> = new Set(['item-shelved-right', 'item-ticked-off']);

export function explanationRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/items/{barcode}/explanation',
      summary: 'Which rule, places and reports led to where an item is said to be, now or at an earlier time',
      access: EVERYONE,
      params: inLibrary.extend({ barcode }),
      query: z.object({ at: z.iso.datetime().optional() }),
      reply: explanation,
      handle({ params, query }) {
        const state = sources.state.need();
        const read = state.factsOfSubject(params.library, params.barcode, FACTS_READ_MAX);
        if (read.length === 0 && sources.registry.item(params.library, params.barcode) === undefined) {
          throw new AppError('API_NOT_FOUND', 'There is no such item in the catalogue.');
        }
        const atMs = query.at === undefined ? Infinity : Date.parse(query.at);
        const knownFrom = isoOrNull(state.past.knownFromMs(params.library));
        const evidence = query.at === undefined ? evidenceNow(sources, params) : [];
        return { barcode: params.barcode, at: query.at ?? null, knownFrom, evidence, ...explain(read, atMs) };
      },
    }),
  ];
}

/** Facts come newest first; a late one may stand before one of a later time, so the time decides. */
function explain(
  newestFirst: readonly Fact[],
  atMs: number,
): Pick<Explanation, 'place' | 'misshelved' | 'decision' | 'competitors' | 'rows'> {
  const before = newestFirst
    .filter((fact) => fact.kind.startsWith('item-') && Date.parse(fact.at) < atMs)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at) || b.n - a.n);
  const decision = before.find((fact) => MOVES.has(fact.kind));
  const place = decision?.to ?? null;
  const shelving = before.find((fact) => fact.kind === 'item-misshelved' || RIGHT.has(fact.kind));
  const isOfStay = shelving?.kind === 'item-misshelved' && shelving.to === place;
  return {
    place,
    misshelved: place !== null && isOfStay,
    decision: decision === undefined ? null : { ...row(decision), entry: decision.entry },
    competitors: (decision?.evidence.competitors ?? []).map((competitor) => ({
      ...competitor,
      isChosen: competitor.place === place,
    })),
    rows: before.slice(0, ROWS_MAX).map(row),
  };
}

function row({ n, at, kind, from, to, confidence, evidence }: Fact): Explanation['rows'][number] {
  return { n, at, kind, rule: evidence.rule, from: from ?? null, to: to ?? null, confidence: confidence ?? null };
}

function evidenceNow(
  { state, registry, plans }: Sources,
  { library, barcode: item }: { readonly library: string; readonly barcode: string },
): Explanation['evidence'] {
  const reader = state.need();
  const index = plans.of(library)?.index;
  const offsets = new Map(reader.calibrations(library).map((row) => [row.readPoint, row.offsetDb]));
  return (registry.item(library, item)?.tags ?? []).flatMap((tag) => {
    const known = reader.tagEvidence(library, tag);
    return (known?.readPoints ?? []).map(({ event, lastMs, ...at }) => {
      const stream = event === null ? undefined : reader.eventStream(event[0]);
      return {
        ...at,
        tag,
        places: [...(index?.readPoint(at.readPoint)?.places ?? [])],
        isChosen: known?.readPoint === at.readPoint,
        offsetDb: offsets.get(at.readPoint) ?? 0,
        lastAt: new Date(lastMs).toISOString(),
        event:
          event === null || stream === undefined
            ? null
            : [stream.source, stream.epoch, event[1], event[2]].map(String).join(':'),
      };
    });
  });
}
