/** The tag profile as a form: what is typed, and what is wrong with it. The server checks all of it again. */
import type { TagProfile } from '#contract/domain/tag-profile.ts';

export interface ProfileDraft {
  /** Empty: the library's own. */
  readonly ownerIsil: string;
  readonly usage: string;
  readonly hfFormat: string;
  /** Two hex digits; empty leaves it as it is. */
  readonly dsfid: string;
  readonly usesAfi: boolean;
  /** Hex bytes; the first is the one that is written. */
  readonly afiSecured: string;
  readonly afiUnsecured: string;
  readonly usesEas: boolean;
  readonly easAfiPassword: string;
  readonly readPassword: string;
  readonly writePassword: string;
  /** Empty: none. */
  readonly uhfFormat: string;
  readonly uhfSecurity: string;
  readonly uhfAfiSecured: string;
  readonly uhfAfiUnsecured: string;
  readonly accessPassword: string;
  /** Empty: all tags have the one password. */
  readonly accessFrom: string;
}

export type DraftFault = 'hexByte' | 'hexBytes' | 'both' | 'passwordName' | 'isil';
export type DraftFaults = Partial<Record<keyof ProfileDraft, DraftFault>>;

const AFIS_MAX = 16;
const HEX_BYTE = /^[0-9a-f]{2}$/i;
const PASSWORD_NAME = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;
const ISIL_MAX = 32;
/** What stands in the fields of a mark that is not in use, so that switching it on begins with the standard's values. */
const STANDARD_AFI = { secured: [0x07], unsecured: [0xc2] };

const hex = (value: number): string => value.toString(16).toUpperCase().padStart(2, '0');
const hexList = (values: readonly number[]): string => values.map(hex).join(' ');

export function draftOf({ ownerIsil, usage, hf, uhf }: TagProfile): ProfileDraft {
  const afi = hf.afi ?? STANDARD_AFI;
  return {
    ownerIsil: ownerIsil ?? '',
    usage: String(usage),
    hfFormat: hf.format,
    dsfid: hf.dsfid === null ? '' : hex(hf.dsfid),
    usesAfi: hf.afi !== null,
    afiSecured: hexList(afi.secured),
    afiUnsecured: hexList(afi.unsecured),
    usesEas: hf.usesEas,
    easAfiPassword: hf.passwords.easAfi ?? '',
    readPassword: hf.passwords.read ?? '',
    writePassword: hf.passwords.write ?? '',
    uhfFormat: uhf.format ?? '',
    uhfSecurity: uhf.security,
    uhfAfiSecured: hexList(uhf.afi.secured),
    uhfAfiUnsecured: hexList(uhf.afi.unsecured),
    accessPassword: uhf.passwords.access ?? '',
    accessFrom: uhf.passwords.accessFrom ?? '',
  };
}

export function faultsOf(draft: ProfileDraft): DraftFaults {
  const faults: Record<string, DraftFault> = {};
  if (draft.ownerIsil.trim().length > ISIL_MAX) faults['ownerIsil'] = 'isil';
  if (draft.dsfid.trim() !== '' && !HEX_BYTE.test(draft.dsfid.trim())) faults['dsfid'] = 'hexByte';
  for (const name of ['easAfiPassword', 'readPassword', 'writePassword', 'accessPassword'] as const) {
    if (draft[name].trim() !== '' && !PASSWORD_NAME.test(draft[name].trim())) faults[name] = 'passwordName';
  }
  const pairs = [
    { secured: 'afiSecured', unsecured: 'afiUnsecured', isUsed: draft.usesAfi },
    { secured: 'uhfAfiSecured', unsecured: 'uhfAfiUnsecured', isUsed: draft.uhfSecurity === 'pc-afi' },
  ] as const;
  for (const { secured, unsecured, isUsed } of pairs) {
    if (!isUsed) continue;
    const [on, off] = [bytesOf(draft[secured]), bytesOf(draft[unsecured])];
    if (on === null) faults[secured] = 'hexBytes';
    if (off === null) faults[unsecured] = 'hexBytes';
    else if (on?.some((value) => off.includes(value)) === true) faults[unsecured] = 'both';
  }
  return faults;
}

/** What is sent. Call it on a draft without faults; fields that are not in use keep what they had. */
export function profileOf(draft: ProfileDraft, before: TagProfile): TagProfile {
  const text = (value: string): string | undefined => value.trim() || undefined;
  const afiOf = (secured: string, unsecured: string): { secured: number[]; unsecured: number[] } | null => {
    const [on, off] = [bytesOf(secured), bytesOf(unsecured)];
    return on === null || off === null ? null : { secured: on, unsecured: off };
  };
  const passwords = {
    easAfi: text(draft.easAfiPassword),
    read: text(draft.readPassword),
    write: text(draft.writePassword),
  };
  const access = text(draft.accessPassword);
  return {
    version: before.version + 1,
    ownerIsil: text(draft.ownerIsil) ?? null,
    usage: Number(draft.usage),
    hf: {
      format: draft.hfFormat as TagProfile['hf']['format'],
      dsfid: draft.dsfid.trim() === '' ? null : Number.parseInt(draft.dsfid, 16),
      afi: draft.usesAfi ? afiOf(draft.afiSecured, draft.afiUnsecured) : null,
      usesEas: draft.usesEas,
      passwords: Object.fromEntries(Object.entries(passwords).filter(([, name]) => name !== undefined)),
    },
    uhf: {
      format: draft.uhfFormat === '' ? null : (draft.uhfFormat as TagProfile['uhf']['format']),
      security: draft.uhfSecurity as TagProfile['uhf']['security'],
      afi:
        draft.uhfSecurity === 'pc-afi'
          ? (afiOf(draft.uhfAfiSecured, draft.uhfAfiUnsecured) ?? before.uhf.afi)
          : before.uhf.afi,
      passwords: {
        ...(access !== undefined && { access }),
        ...(access !== undefined &&
          draft.accessFrom !== '' && {
            accessFrom: draft.accessFrom as NonNullable<TagProfile['uhf']['passwords']['accessFrom']>,
          }),
      },
    },
  };
}

/** Bytes as people write them, "07 C2" or "07, C2"; `null` where that is none, too many, or something else. */
function bytesOf(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (parts.length === 0 || parts.length > AFIS_MAX || parts.some((part) => !HEX_BYTE.test(part))) return null;
  return [...new Set(parts.map((part) => Number.parseInt(part, 16)))];
}

const FIELD_OF_PATH: Readonly<Record<string, keyof ProfileDraft>> = {
  ownerIsil: 'ownerIsil',
  usage: 'usage',
  'hf.format': 'hfFormat',
  'hf.dsfid': 'dsfid',
  'hf.afi.secured': 'afiSecured',
  'hf.afi.unsecured': 'afiUnsecured',
  'hf.usesEas': 'usesEas',
  'hf.passwords.easAfi': 'easAfiPassword',
  'hf.passwords.read': 'readPassword',
  'hf.passwords.write': 'writePassword',
  'uhf.format': 'uhfFormat',
  'uhf.security': 'uhfSecurity',
  'uhf.afi.secured': 'uhfAfiSecured',
  'uhf.afi.unsecured': 'uhfAfiUnsecured',
  'uhf.passwords.access': 'accessPassword',
  'uhf.passwords.accessFrom': 'accessFrom',
};

/** The field that the server found fault with; `null` where the form has none for it. */
export function fieldOfPath(path: string): keyof ProfileDraft | null {
  const known = Object.keys(FIELD_OF_PATH).find((key) => path === key || path.startsWith(`${key}.`));
  return known === undefined ? null : (FIELD_OF_PATH[known] ?? null);
}
