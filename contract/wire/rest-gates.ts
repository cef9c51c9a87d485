/**
 * What happened at the gates: `GET /libraries/{library}/gates/events`, newest first, and the room `gates`. An event names the
 * copy, never a person.
 */
import { z } from 'zod';
import { gateEvent } from '#contract/domain/fact.ts';

export const gateFinding = gateEvent.shape.finding;

export const gateEventRow = z.object({
  /** Number of the fact. */
  n: z.int(),
  at: z.iso.datetime(),
  /** Place id of the gate, and its name in the plan of today. */
  gate: z.string(),
  gateName: z.string().nullable(),
  finding: gateFinding,
  direction: z.enum(['in', 'out']).nullable(),
  item: z.string().nullable(),
  title: z.string().nullable(),
  callNumber: z.string().nullable(),
  tag: z.string(),
  rule: z.string(),
  ilsStatus: gateEvent.shape.ilsStatus,
});
export type GateEventRow = z.infer<typeof gateEventRow>;

export const gateEvents = z.object({ rows: z.array(gateEventRow), next: z.string().nullable() });
export type GateEvents = z.infer<typeof gateEvents>;
