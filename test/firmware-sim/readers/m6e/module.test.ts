import { afterEach, describe, expect, test } from '@jest/globals';
import { fromHex, toHex } from '#contract/hex.ts';
import { M6eModule } from '#sim/readers/m6e/module.ts';
import { clock } from '#test/gateway/fakes/world.ts';
import { tableAir } from '#test/firmware-sim/readers/fakes/table-air.ts';

const BOOT = 'FF 00 04 1D 0B';
const modules: M6eModule[] = [];
afterEach(() => {
  for (const module of modules.splice(0)) module.stop();
});

function ask(...commands: readonly string[]): string[] {
  const module = new M6eModule({ air: tableAir([], 2), clock });
  modules.push(module);
  const answers: string[] = [];
  const session = module.connect((bytes) => answers.push(toHex(bytes)));
  for (const hex of commands) session.feed(fromHex(hex) ?? new Uint8Array(0));
  return answers;
}

describe('the simulated ThingMagic module answers as real ones were recorded', () => {
  test('after booting it takes region and protocol', () => {
    const [boot, ...rest] = ask(BOOT, 'FF 01 97 02 4B BF', 'FF 02 93 00 05 51 7D');
    expect(boot).toMatch(/^FF14040000/);
    expect(rest).toEqual(['FF00970000779E', 'FF00930000371A']);
  });

  test('in its boot loader it takes nothing but what boots it', () => {
    expect(ask('FF 01 97 02 4B BF')).toEqual([expect.stringMatching(/^FF00970101/)]);
    expect(ask('FF 00 0C 1D 03')).toEqual([expect.stringMatching(/^FF010C000011/)]);
  });

  test('an antenna it does not have, and damage', () => {
    expect(ask(BOOT, 'FF 03 91 02 01 01 42 C5')[1]).toMatch(/^FF00910000/);
    expect(ask(BOOT, 'FF 03 91 02 01 01 42 C6')).toHaveLength(1);
  });
});
