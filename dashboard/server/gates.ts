/** What happened at the gates of a library, with the titles of today's catalogue. */
import type { Fact } from '#contract/domain/fact.ts';
import type { GateEventRow } from '#contract/wire/rest-gates.ts';
import type { Sources } from './sources.ts';

export function gatesOf(sources: Pick<Sources, 'plans'>, library: string): readonly string[] {
  const places = sources.plans.of(library)?.index.plan.places ?? [];
  return places.filter(({ kind }) => kind === 'gate').map(({ id }) => id);
}

/** Undefined for a fact of another kind. */
export function viewGateEvent(sources: Pick<Sources, 'plans' | 'registry'>, fact: Fact): GateEventRow | undefined {
  const { n, at, library, subject, gate } = fact;
  if (fact.kind !== 'gate-event' || gate === undefined) return undefined;
  const item = gate.item === null ? undefined : sources.registry.item(library, gate.item);
  return {
    n,
    at,
    gate: subject,
    gateName: sources.plans.of(library)?.index.place(subject)?.name ?? null,
    finding: gate.finding,
    direction: gate.direction,
    item: gate.item,
    title: item?.title ?? null,
    callNumber: item?.callNumber ?? null,
    tag: gate.tag,
    rule: gate.rule,
    ilsStatus: gate.ilsStatus,
  };
}
