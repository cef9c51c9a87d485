/** Promise: in the demo a sweep can be asked for on the screen, and somebody goes along that shelf. */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { SweepDetail, SweepSummary, WandList } from '#contract/wire/rest-sweeps.ts';
import { startPlatform, until, type Platform } from '#test/support/platform.ts';
import { inLibrary, signInOverRest, type RestClient } from '#test/support/rest-client.ts';

jest.setTimeout(90_000);
const SHELF = 'f1-r1-a4-t2';
let platform: Platform;
let rest: RestClient;

beforeAll(async () => {
  platform = await startPlatform();
  rest = inLibrary(await signInOverRest(platform.url, platform.admin), 'demo');
});
afterAll(() => platform.stop());

test('asked for on the screen, swept on the shelf', async () => {
  await until('the wand', 20_000, async () =>
    (await rest.get<WandList>('wands')).rows.some(({ isOnline, state }) => isOnline && state === 'live'),
  );
  await rest.post('sweeps/start', { wand: 'wand-1', place: SHELF });
  const stands = platform.simulation.orderOn(SHELF).length;
  const heard = await until('the books of the shelf', 20_000, async () => {
    const [sweep] = (await rest.get<{ rows: SweepSummary[] }>('sweeps')).rows;
    const detail = sweep && (await rest.get<SweepDetail>(`sweeps/${sweep.session}`));
    const own = detail?.progress.find(({ place }) => place === SHELF);
    return own !== undefined && own.read >= 0.85 * stands ? own : undefined;
  });
  expect(heard.expected).toBe(stands);
});
