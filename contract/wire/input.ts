/** What people and other roles tell the engine: journalled, so that a replay knows it too. */
import { z } from 'zod';
import { barcode, placeId } from '#contract/domain/ids.ts';
import { item } from '#contract/domain/item.ts';
import { plan } from '#contract/domain/plan.ts';
import { sweepInput } from './input-sweep.ts';
import { shelvingSettingsInput } from './input-shelving-settings.ts';
import {
  conditionSettingsInput,
  ilsInput,
  libraryProfileInput,
  placeItemsInput,
  workTickOffInput,
} from './input-conditions.ts';
import { acceptHomeShiftInput, rejectHomeShiftInput } from './input-home-shift.ts';
import { lendingTaskInput } from './input-lending.ts';
import { calibrationInput, referenceTagInput } from './input-calibration.ts';

/** The whole plan: it is small (a few MB for a large library) and every place judgement depends on it. */
export const planInput = z.looseObject({ kind: z.literal('plan'), plan });
/** Rows stay in the registry, versioned; a replay uses the version named here. */
export const catalogueInput = z.looseObject({ kind: z.literal('catalogue'), version: z.int().min(1) });
/** One copy changed, e.g. got a tag: the new version is the one before with this row. */
export const catalogueRowInput = z.looseObject({ kind: z.literal('catalogue-row'), version: z.int().min(1), item });
/** Staff did what a line of the work list asked for. */
export const tickOffInput = z.looseObject({
  kind: z.literal('tick-off'),
  item: barcode,
  /** Where the list said the item stood. */
  place: placeId,
  at: z.iso.datetime(),
});

export const input = z.discriminatedUnion('kind', [
  planInput,
  catalogueInput,
  catalogueRowInput,
  tickOffInput,
  shelvingSettingsInput,
  sweepInput,
  ilsInput,
  workTickOffInput,
  placeItemsInput,
  conditionSettingsInput,
  libraryProfileInput,
  calibrationInput,
  referenceTagInput,
  acceptHomeShiftInput,
  rejectHomeShiftInput,
  lendingTaskInput,
]);
export type Input = z.infer<typeof input>;
