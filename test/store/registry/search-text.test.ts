import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { indexText, matchExpression, searchKey, splitWords } from '#store/registry/search-text.ts';

// Law tests and real processes on a busy machine take longer than Jest's five seconds.
jest.setTimeout(30_000);

describe('words of a title', () => {
  test.each([
    ['case and accents go', 'École ÉLÉMENTAIRE', ['ecole', 'elementaire'], []],
    ['letters Unicode does not take apart', 'Łódź Straße Øre', ['lodz', 'strasse', 'ore'], []],
    ['full-width letters become plain', 'ＡＢＣ１２', ['abc12'], []],
    ['Chinese stands apart from Latin without a space', 'Java编程思想2版', ['java', '2'], ['编程思想', '版']],
    ['kana belong to the runs', '日本のラーメン', [], ['日本のラーメン']],
    ['characters beyond the basic plane stay whole', '𠮷野家', [], ['𠮷野家']],
    ['punctuation parts words', "O'Brien--C++ (2nd)", ['o', 'brien', 'c', '2nd'], []],
    ['Cyrillic and Greek are words', 'Война ΛΌΓΟΣ', ['воина', 'λογος'], []],
  ])('%s', (_name, text, words, runs) => {
    const split = splitWords(text);
    expect(split.words).toEqual(words);
    expect(split.runs).toEqual(runs.filter((run) => Array.from(run).length > 1));
  });

  test('a run is kept as neighbouring pairs and as single characters, and two runs stay apart', () => {
    expect(indexText('图书馆 史记')).toEqual({ text: '图书 书馆 · 史记', singles: '图 书 馆 史 记' });
  });

  test('a key holds letters and digits only', () => {
    expect(searchKey('QA76.73 .J38 — 2018')).toBe('qa7673j382018');
    expect(searchKey('I247.5/书')).toBe('i2475书');
  });
});

describe('a question', () => {
  test.each([
    ['harry pot', '"harry"* AND "pot"*'],
    ['a', '"a"'],
    ['书', '"书"'],
    ['图书', '"图书"'],
    ['图书馆', '"图书 书馆"'],
    ['java 编程', '"java"* AND "编程"'],
    ['" OR title:* NOT (a', '"or"* AND "title"* AND "not"* AND "a"'],
    ['--- ***', undefined],
    ['', undefined],
  ])('%s', (query, expression) => {
    expect(matchExpression(query)).toBe(expression);
  });

  test('law: nothing but quoted letters and digits ever gets into the query language', () => {
    const nasty = fc.string({
      unit: fc.oneof(
        fc.constantFrom('"', '*', ':', '^', '(', ')', '-', '+', ' ', 'a', 'B', '书', '\0'),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      ),
    });
    fc.assert(
      fc.property(nasty, (query) => {
        const expression = matchExpression(query);
        if (expression !== undefined) {
          expect(expression).toMatch(/^"[\p{L}\p{N}ー ]+"\*?(?: AND "[\p{L}\p{N}ー ]+"\*?)*$/u);
        }
      }),
    );
  });
});
