/** Settings of a device that types what it reads, one code a line. */
import { z } from 'zod';

export const keyboardWedgeSettings = z.strictObject({
  /** What the device puts in front of and behind each code; cut off. */
  prefix: z.string().max(16).default(''),
  suffix: z.string().max(16).default(''),
  /** Hexadecimal lines of at least so many digits are EPCs; all others are barcodes. */
  epcDigitsMin: z.int().min(4).max(124).default(16),
});
export type KeyboardWedgeSettings = z.infer<typeof keyboardWedgeSettings>;
