/** Inputs of the lending role beside `ils`: what a person must look at. No reader is ever part of one. */
import { z } from 'zod';
import { barcode } from '#contract/domain/ids.ts';
import { lendingRule } from '#contract/domain/work-entry.ts';

export const lendingTaskInput = z.looseObject({
  kind: z.literal('lending-task'),
  /** The lending role's own transaction. */
  id: z.string().min(1).max(64),
  item: barcode,
  code: lendingRule,
  step: z.enum(['loan', 'return', 'renew']),
  /** The kiosk, slot or terminal, as the branch names it. */
  station: z.string().max(64),
  /** When it happened there. */
  at: z.iso.datetime(),
});
