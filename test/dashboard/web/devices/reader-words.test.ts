import { expect, test } from '@jest/globals';
import { familyName, LINK_KINDS, linkKind } from '#dashboard/web/devices/reader-words.ts';
import { localeFile } from '#test/dashboard/web/words/locale-files.ts';
import { DRIVER_KINDS } from '#gateway/drivers/registry.ts';

test('every family that the gateway knows has a name or a word, every wire a word', () => {
  const english = localeFile('en');
  const isNamed = (driver: string): boolean =>
    familyName(driver) !== null || english[`reader.family.${driver}`] !== undefined;
  expect(DRIVER_KINDS.filter((driver) => !isNamed(driver))).toEqual([]);
  expect(LINK_KINDS.filter((kind) => english[`reader.link.${kind}`] === undefined)).toEqual([]);
});

test.each([
  ['tcp://10.0.0.1:5084', 'tcp'],
  ['serial:///dev/ttyUSB0?baud=19200', 'serial'],
  ['mqtt://broker:1883?topic=a/b', 'mqtt'],
  ['tcp-listen://0.0.0.0:5085', 'tcp-listen'],
  ['carrier-pigeon://roof', null],
  ['', null],
])('%s is %s', (link, kind) => {
  expect(linkKind(link)).toBe(kind);
});

test('a family of a newer gateway has no name here, nor has a word of the language', () => {
  expect(['next-years', 'constructor', ''].map(familyName)).toEqual([null, null, null]);
});
