/** Every format of the bench tool: what the drivers speak, what stands on tags, and what the library's system speaks. */
import { epcFormat } from '#contract/codec/epc/format.ts';
import type { Format } from '#contract/codec/format.ts';
import { iso28560Part2Format } from '#contract/codec/iso28560-2/format.ts';
import { iso28560Part3Format } from '#contract/codec/iso28560-3/format.ts';
import { charsetNamed, SIP2_CHARSETS } from '#contract/codec/sip2/charset.ts';
import { sip2Format } from '#contract/codec/sip2/format.ts';
import { tagFormat } from '#contract/codec/tag/format.ts';
import { threeMTagFormat } from '#contract/codec/threem-tag/format.ts';
import { uhfLibraryFormat } from '#contract/codec/uhf-library/format.ts';
import { AppError } from '#contract/errors.ts';
import { WIRE_FORMATS } from '#gateway/drivers/registry.ts';
import { SENSOR_FORMATS } from './sensor-formats.ts';

const TAG_FORMATS: readonly Format[] = [
  iso28560Part2Format,
  iso28560Part3Format,
  threeMTagFormat,
  uhfLibraryFormat,
  epcFormat,
  tagFormat,
];

export const FORMATS: readonly Format[] = [...WIRE_FORMATS, ...TAG_FORMATS, sip2Format('utf-8')];

/** The table for `--list`. */
export function formatTable(): string {
  const all = [...FORMATS, ...SENSOR_FORMATS];
  const widest = Math.max(...all.map(({ name }) => name.length));
  return all.map(({ name, summary }) => `${name.padEnd(widest)}  ${summary}`).join('\n');
}

/**
 * `charset` as typed behind `--charset`; formats whose bytes are fixed have none.
 *
 * Errors: `API_BAD_INPUT` with the names there are.
 */
export function findFormat(name: string | undefined, charset?: string): Format {
  const format = FORMATS.find((candidate) => candidate.name === name);
  if (format === undefined) {
    const names = [...FORMATS, ...SENSOR_FORMATS].map((candidate) => candidate.name).join(', ');
    const problem = name === undefined ? 'which format?' : `there is no format "${name}"`;
    throw new AppError('API_BAD_INPUT', `${problem} One of: ${names}`);
  }
  if (charset === undefined) return format;
  if (format.name !== 'sip2') throw new AppError('API_BAD_INPUT', `--charset is for sip2, not for ${format.name}`);
  const known = charsetNamed(charset);
  if (known !== undefined) return sip2Format(known);
  throw new AppError('API_BAD_INPUT', `--charset takes one of ${SIP2_CHARSETS.join(', ')}, not "${charset}"`);
}
