import { describe, expect, it } from '@jest/globals';
import { DEFAULT_TAG_PROFILE, tagProfile } from '#contract/domain/tag-profile.ts';
import { draftOf, faultsOf, fieldOfPath, profileOf, type ProfileDraft } from '#dashboard/web/encode/profile-draft.ts';

const profile = tagProfile.parse({
  version: 7,
  ownerIsil: 'NO-02030000',
  usage: 2,
  hf: { format: '3m-tag', dsfid: null, afi: { secured: [7, 0xda], unsecured: [0xc2] }, usesEas: true },
  uhf: {
    format: 'uii',
    security: 'pc-afi',
    afi: { secured: [1], unsecured: [2] },
    passwords: { access: 'uhf-2026', accessFrom: 'tid' },
  },
});

describe('the form of the tag profile', () => {
  it.each([DEFAULT_TAG_PROFILE, profile, tagProfile.parse({ version: 1, hf: { afi: null } })])(
    'gives back what it was given, one version on, and the server takes it',
    (before) => {
      const draft = draftOf(before);
      expect(faultsOf(draft)).toEqual({});
      const after = profileOf(draft, before);
      expect(after).toEqual({ ...before, version: before.version + 1 });
      expect(tagProfile.parse(after)).toEqual(after);
    },
  );

  it('finds each fault where it is', () => {
    const wrong: Partial<ProfileDraft> = {
      dsfid: '3',
      afiSecured: 'zz',
      readPassword: 'My Password',
      uhfSecurity: 'pc-afi',
      uhfAfiUnsecured: '07',
      ownerIsil: 'x'.repeat(33),
    };
    expect(faultsOf({ ...draftOf(DEFAULT_TAG_PROFILE), ...wrong })).toEqual({
      dsfid: 'hexByte',
      afiSecured: 'hexBytes',
      readPassword: 'passwordName',
      uhfAfiUnsecured: 'both',
      ownerIsil: 'isil',
    });
  });

  it('takes no offence at a mark that is not in use, and reads bytes however they are parted', () => {
    const draft = { ...draftOf(profile), usesAfi: false, afiSecured: '', uhfAfiSecured: '0a, FF;1b' };
    expect(faultsOf(draft)).toEqual({});
    const { hf, uhf } = profileOf(draft, profile);
    expect([hf.afi, uhf.afi.secured]).toEqual([null, [0x0a, 0xff, 0x1b]]);
  });

  it('finds the field of what the server names', () => {
    expect(fieldOfPath('hf.afi.secured.0')).toBe('afiSecured');
    expect(fieldOfPath('hf.passwords.read')).toBe('readPassword');
    expect(fieldOfPath('version')).toBeNull();
  });
});
