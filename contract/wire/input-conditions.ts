/** Inputs of the work list: what the ILS says, what staff did, and the rules the library has set. */
import { z } from 'zod';
import { conditionSettings } from '#contract/domain/condition-settings.ts';
import { ilsStatus } from '#contract/domain/ils-status.ts';
import { barcode, placeId } from '#contract/domain/ids.ts';
import { tagProfile } from '#contract/domain/tag-profile.ts';
import { workKind, workOutcome } from '#contract/domain/work-entry.ts';

/** A batch of what the ILS says; a whole catalogue comes as many of them. */
export const ilsInput = z.looseObject({ kind: z.literal('ils'), items: z.array(ilsStatus).min(1).max(500) });

export const workTickOffInput = z.looseObject({
  kind: z.literal('work-tick-off'),
  workKind,
  subject: z.string().min(1).max(160),
  outcome: workOutcome,
  at: z.iso.datetime(),
});

/** Staff put items somewhere where no antenna listens. */
export const placeItemsInput = z.looseObject({
  kind: z.literal('place-items'),
  place: placeId,
  items: z.array(barcode).min(1).max(200),
  at: z.iso.datetime(),
});

export const conditionSettingsInput = z.looseObject({
  kind: z.literal('condition-settings'),
  settings: conditionSettings,
});

/** Who the library is on its own tags, and what it means by a secured one. */
export const libraryProfileInput = z.looseObject({
  kind: z.literal('library-profile'),
  isil: z.string().max(32).nullable(),
  /** Other forms under which its own tags name it. */
  isilAliases: z.array(z.string().min(1).max(32)).max(40).default([]),
  tagProfile: tagProfile.nullable().default(null),
});
