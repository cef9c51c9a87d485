/** "Moved by N shelves: accept?" Yes makes the plan that fits what stands there; no lets each item have its line. */
import { z } from 'zod';
import { shiftRanges } from '#contract/domain/home-shift.ts';
import { AppError } from '#contract/errors.ts';
import { homeShiftAnswer, homeShifts } from '#contract/wire/rest-home-shift.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import type { HomeShiftRow } from '#store/state/state.ts';
import { inLibrary, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';

const path = '/libraries/{library}/home-shifts';

export function homeShiftRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path,
      summary: 'Whole runs of items that stand some shelves further on, as questions',
      access: STAFF,
      params: inLibrary,
      reply: homeShifts,
      handle({ params }) {
        const rows = sources.state.need().homeShifts(params.library);
        const rankOf = rankOfPlaces(sources, params.library);
        const inOrder = rows.toSorted((a, b) => rankOf(a.shift.shelves[0]) - rankOf(b.shift.shelves[0]));
        return { rows: inOrder.map(({ shift, sinceMs }) => ({ ...shift, since: new Date(sinceMs).toISOString() })) };
      },
    }),
    route({
      method: 'post',
      path: `${path}/{shift}`,
      summary: 'Answer such a question: accept makes a new plan version, reject brings the lines of the items',
      // Whoever stands before the shelves knows; only what was asked can be changed that way.
      access: STAFF,
      params: inLibrary.extend({ shift: z.string().min(1).max(200) }),
      body: homeShiftAnswer,
      reply: null,
      handle({ params: { library, shift: id }, body: { answer } }) {
        const asked = sources.state.need().homeShifts(library);
        const row = asked.find(({ shift }) => shift.id === id);
        if (row === undefined) throw new AppError('API_CONFLICT', 'This is no longer asked: the shelves have changed.');
        if (answer === 'accept') accept(sources, row);
        else queue(sources, row, 'reject-home-shift');
      },
    }),
  ];
}

function accept(sources: Sources, row: HomeShiftRow): void {
  const { library, shift, planVersion } = row;
  const plan = sources.plans.of(library)?.index.plan;
  if (plan?.version !== planVersion) {
    throw new AppError('API_CONFLICT', 'The plan has changed since this was asked; wait for the next question.');
  }
  // First the answer: without the plan it would be asked again, while the plan alone would hide who decided.
  queue(sources, row, 'accept-home-shift');
  sources.registry.putPlan(library, shiftRanges(plan, shift, new Date(sources.clock.nowMs()).toISOString()));
  sources.plans.forget(library);
}

function queue({ registry, clock }: Sources, row: HomeShiftRow, kind: 'accept-home-shift' | 'reject-home-shift'): void {
  registry.queueInput(row.library, { kind, shift: row.shift, at: new Date(clock.nowMs()).toISOString() });
}

function rankOfPlaces({ plans }: Sources, library: string): (shelf: string | undefined) => number {
  const ranks = new Map(plans.of(library)?.index.plan.places.map((place, rank) => [place.id, rank]));
  return (shelf) => ranks.get(shelf ?? '') ?? Infinity;
}
