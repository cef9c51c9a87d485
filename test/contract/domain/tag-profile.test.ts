/** Promise: a value the profile does not name is unknown, never an alarm, and a profile that contradicts itself is refused. */
import { expect, test } from '@jest/globals';
import { afiFor, DEFAULT_TAG_PROFILE, securityOfAfi, securityOfHf, tagProfile } from '#contract/domain/tag-profile.ts';

test('by default 07 is secured and C2 is not; everything else is unknown', () => {
  const { hf } = DEFAULT_TAG_PROFILE;
  const meanings = Array.from({ length: 256 }, (_, afi) => securityOfAfi(afi, hf.afi));
  expect(meanings.filter((meaning) => meaning !== 'unknown')).toHaveLength(2);
  expect([meanings[0x07], meanings[0xc2], securityOfAfi(undefined, hf.afi)]).toEqual([
    'secured',
    'unsecured',
    'unknown',
  ]);
  expect(securityOfAfi(7, null)).toBe('none');
});

test('the first value of a list is written, all are understood', () => {
  const { hf } = tagProfile.parse({ version: 1, hf: { afi: { secured: [0xda, 7], unsecured: [0x21, 0xc2] } } });
  if (hf.afi === null) throw new Error('it was given');
  expect([afiFor(true, hf.afi), afiFor(false, hf.afi), securityOfAfi(7, hf.afi)]).toEqual([0xda, 0x21, 'secured']);
});

test('two marks that disagree, or one that was not read, are unknown', () => {
  const { hf } = tagProfile.parse({ version: 1, hf: { usesEas: true } });
  expect(securityOfHf({ afi: 7, isEasOn: true }, hf)).toBe('secured');
  expect(securityOfHf({ afi: 7, isEasOn: false }, hf)).toBe('unknown');
  expect(securityOfHf({ afi: 7 }, hf)).toBe('unknown');
  expect(securityOfHf({ isEasOn: false }, { ...hf, afi: null })).toBe('unsecured');
});

test.each([
  [{ hf: { afi: { secured: [7], unsecured: [7] } } }, 'hf.afi.unsecured'],
  [{ hf: { passwords: { write: 'no secret itself: 0BADCAFE' } } }, 'hf.passwords.write'],
  [{ hf: { format: 'wax' } }, 'hf.format'],
  [{ uhf: { sirens: true } }, 'uhf'],
])('%j is refused at %s', (more, path) => {
  const faults = tagProfile.safeParse({ version: 1, ...more }).error?.issues.map((issue) => issue.path.join('.'));
  expect(faults).toEqual([path]);
});
