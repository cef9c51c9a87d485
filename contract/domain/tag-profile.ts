/**
 * How a library writes its tags and what it means by "secured": data that an administrator edits, published to every
 * gateway of the library. A password stands here by name only; what it is, only the gateway's own configuration knows.
 */
import { z } from 'zod';
import { HF_FORMATS } from '#contract/codec/tag/encode-content.ts';
import { DSFID } from '#contract/codec/tag/weigh-hf.ts';
import { AFI } from '#contract/codec/iso28560-3/afi.ts';
import { USAGE } from '#contract/codec/iso28560-3/basic-block.ts';

const byte = z.int().min(0).max(0xff);

/** Name of a password. A corrected password gets a new name: one that a tag refused is never tried on it again. */
export const tagSecretName = z
  .string()
  .max(32)
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'a to z, 0 to 9 and inner hyphens, at most 32');

/** Library forms of a UHF tag that can be written: ISO 28560-4 text, six-bit code, ISIL in 128 bits. */
export const UHF_FORMATS = ['uii', 'smartfreq-br', 'isil-epc'] as const;

/**
 * How a tag's own access password follows from the secret. `isil-epc`: SHA-512 over the first 96 bits of the EPC and it;
 * `smartfreq`: SHA-1 over the EPC in hex and it; `tid`: as `isil-epc`, over the first 96 bits of the TID, so that it
 * stays when the EPC changes.
 */
export const ACCESS_DERIVATIONS = ['isil-epc', 'smartfreq', 'tid'] as const;
export type AccessDerivation = (typeof ACCESS_DERIVATIONS)[number];

const OWNERLESS: readonly string[] = ['3m-tag', 'smartfreq-br'];

/** Whether tags of that format say whose the item is. */
export function hasOwner(format: string): boolean {
  return !OWNERLESS.includes(format);
}

/** What AFI values mean. The first of each list is the one that is written; any other value is unknown, never an alarm. */
const afiMeaning = z
  .strictObject({ secured: z.array(byte).min(1).max(16), unsecured: z.array(byte).min(1).max(16) })
  .refine(({ secured, unsecured }) => !secured.some((value) => unsecured.includes(value)), {
    error: 'one value cannot mean both',
    path: ['unsecured'],
  });
export type AfiMeaning = z.infer<typeof afiMeaning>;

const LIBRARY_AFI = { secured: [AFI.inStock], unsecured: [AFI.onLoan] };

const hf = z.strictObject({
  /** What new tags are written in. */
  format: z.enum(HF_FORMATS).default('iso28560-3'),
  /** Written with that format; null leaves it as it is. */
  dsfid: byte.nullable().default(DSFID['iso28560-3']),
  /** `null`: the AFI is no security mark here. */
  afi: afiMeaning.nullable().default(LIBRARY_AFI),
  /** Electronic article surveillance of NXP's tags is switched together with the AFI. */
  usesEas: z.boolean().default(false),
  passwords: z
    .strictObject({
      easAfi: tagSecretName.optional(),
      read: tagSecretName.optional(),
      write: tagSecretName.optional(),
    })
    .prefault({}),
});

const uhf = z.strictObject({
  format: z.enum(UHF_FORMATS).nullable().default(null),
  /** `pc-afi`: the AFI in the PC word (ISO 28560-4); `epc-bit`: the bit that the format has in the EPC. */
  security: z.enum(['none', 'pc-afi', 'epc-bit']).default('none'),
  afi: afiMeaning.default(LIBRARY_AFI),
  passwords: z
    .strictObject({
      access: tagSecretName.optional(),
      /** Left out: all tags have the one password. */
      accessFrom: z.enum(ACCESS_DERIVATIONS).optional(),
    })
    .prefault({}),
});

/**
 * Strict also on its way into a gateway, unlike other messages: one that does not know a field of the profile must not
 * write tags by half of it. It keeps the version it has, and its status says so.
 */
export const tagProfile = z.strictObject({
  /** Rises with every change. */
  version: z.int().min(0).max(1_000_000_000),
  /** Owner on new tags; null takes the library's own ISIL. */
  ownerIsil: z.string().min(1).max(32).nullable().default(null),
  /** Type of usage on new tags. */
  usage: z.int().min(0).max(15).default(USAGE.circulation),
  hf: hf.prefault({}),
  uhf: uhf.prefault({}),
});
export type TagProfile = z.infer<typeof tagProfile>;

/** What holds in a library that has set nothing: the standard's values, no passwords. */
export const DEFAULT_TAG_PROFILE: TagProfile = tagProfile.parse({ version: 0 });

/** `none`: the profile has no such mark. `unknown`: a value the profile does not name, or one that was not read. */
export type SecurityState = 'secured' | 'unsecured' | 'unknown' | 'none';

/** What an AFI means to this library. */
export function securityOfAfi(afi: number | undefined, meaning: AfiMeaning | null): SecurityState {
  if (meaning === null) return 'none';
  if (afi === undefined) return 'unknown';
  if (meaning.secured.includes(afi)) return 'secured';
  return meaning.unsecured.includes(afi) ? 'unsecured' : 'unknown';
}

/** The AFI to write. */
export function afiFor(secured: boolean, meaning: AfiMeaning): number {
  // The schema asks for one at least.
  return (secured ? meaning.secured : meaning.unsecured)[0] ?? (secured ? AFI.inStock : AFI.onLoan);
}

/** What an HF tag's marks mean together: two marks that disagree are `unknown`, and a person must look. */
export function securityOfHf(
  marks: { readonly afi?: number | undefined; readonly isEasOn?: boolean | undefined },
  profile: TagProfile['hf'],
): SecurityState {
  const byAfi = securityOfAfi(marks.afi, profile.afi);
  if (!profile.usesEas) return byAfi;
  const byEas = marks.isEasOn === undefined ? 'unknown' : marks.isEasOn ? 'secured' : 'unsecured';
  if (byAfi === 'none' || byAfi === byEas) return byEas;
  return 'unknown';
}
