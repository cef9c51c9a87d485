import { afterEach, describe, expect, test } from '@jest/globals';
import { fromHex, toHex } from '#contract/hex.ts';
import { newGen2Tag } from '#sim/readers/gen2-tag.ts';
import { M100Module } from '#sim/readers/m100/module.ts';
import { clock } from '#test/gateway/fakes/world.ts';
import { tableAir, type LyingTag } from '#test/firmware-sim/readers/fakes/table-air.ts';

const modules: M100Module[] = [];
afterEach(() => {
  for (const module of modules.splice(0)) module.stop();
});

function ask(hex: string, tags: readonly LyingTag[] = []): string[] {
  const module = new M100Module({ air: tableAir(tags), clock });
  modules.push(module);
  const answers: string[] = [];
  const session = module.connect((bytes) => answers.push(toHex(bytes)));
  session.feed(fromHex(hex) ?? new Uint8Array(0));
  return answers;
}

describe('the simulated M100 module answers as the manual of the real one shows', () => {
  // M100/QM100 firmware manual, examples.
  test.each([
    ['BB 00 03 00 01 00 04 7E', 'BB01030 00B 00 4D313030 20 56312E3030 22 7E'],
    ['BB 00 28 00 00 28 7E', 'BB 01 28 00 01 00 2A 7E'],
    ['BB 00 22 00 00 22 7E', 'BB 01 FF 00 01 15 16 7E'],
    ['BB 00 0D 00 00 0D 7E', 'BB 01 0D 00 02 10 20 40 7E'],
    ['BB 00 B7 00 00 B7 7E', 'BB 01 B7 00 02 07 D0 91 7E'],
    ['BB 00 08 00 00 08 7E', 'BB 01 08 00 01 01 0B 7E'],
    ['BB 00 AB 00 01 01 AD 7E', 'BB 01 AB 00 01 00 AD 7E'],
    ['BB 00 39 00 09 00 00 00 00 03 00 00 00 02 47 7E', 'BB 01 FF 00 01 09 0A 7E'],
  ])('%s', (command, answer) => {
    expect(ask(command)).toEqual([answer.replaceAll(' ', '')]);
  });

  test('a poll tells each tag with its RSSI; noise and damage get no answer', () => {
    const tags = [{ tag: newGen2Tag({ epc: '000000000000000000001545' }), rssiDbm: -55 }];
    const [notice, ...more] = ask('00 BB BB 00 22 00 00 23 7E BB 00 22 00 00 22 7E', tags);
    expect(notice).toMatch(/^BB02220011C93000000000000000000000001545E94A..7E$/);
    expect(more).toEqual([]);
  });
});
