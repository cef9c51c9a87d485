import { z } from 'zod';
import { shelvingSettings } from '#contract/domain/shelving-settings.ts';

/** How the library shelves from now on; every home is found anew. */
export const shelvingSettingsInput = z.looseObject({
  kind: z.literal('shelving-settings'),
  settings: shelvingSettings,
});
