import { describe, expect, it } from '@jest/globals';
import { chooseLanguage } from '#dashboard/web/words/languages.ts';
import { languagesShipped } from '#test/dashboard/web/words/locale-files.ts';

describe('chooseLanguage', () => {
  it.each([
    [['zh-CN'], 'zh-Hans'],
    [['zh'], 'zh-Hans'],
    [['zh-TW'], 'zh-Hant'],
    [['zh-HK'], 'zh-Hant'],
    [['zh-Hant-MO'], 'zh-Hant'],
    [['en-GB'], 'en'],
    [['cy', 'zh-TW'], 'zh-Hant'],
    [['cy'], 'en'],
    [[null, 'ZH-hant'], 'zh-Hant'],
    [[], 'en'],
  ])('takes %j as %s', (wishes, expected) => {
    expect(chooseLanguage(languagesShipped(), wishes)).toBe(expected);
  });

  it('takes a language that a library added', () => {
    expect(chooseLanguage([...languagesShipped(), { code: 'cy', name: 'Cymraeg' }], ['cy-GB'])).toBe('cy');
  });
});
