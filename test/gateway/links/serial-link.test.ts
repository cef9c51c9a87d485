/** Promise: a serial port that a link gave back, or lost, can be opened again by the same process. */
import { afterEach, expect, test } from '@jest/globals';
import type { Link } from '#gateway/links/link.ts';
import { linkTo, ptyPair, type Cleanups } from '#test/gateway/drivers/line-run.ts';

const cleanups: Cleanups = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test('closed while nothing comes, while bytes are on their way, and before anyone read: open again each time', async () => {
  const pair = await ptyPair(cleanups);
  const open = async (): Promise<Link> => {
    const link = await linkTo(`serial://${pair.gateway}?baud=19200`)(new AbortController().signal);
    cleanups.push(() => link.close());
    return link;
  };
  const silent = await open();
  const read = (async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of silent.bytes) chunks.push(chunk);
    return chunks;
  })();
  await silent.close();
  expect(await read).toEqual([]);

  const busy = await open();
  const sent = busy.send(new Uint8Array(4000)).catch((error: unknown) => error);
  await busy.close();
  await sent;

  const unread = await open();
  await unread.close();
  await unread.close();
  await (await open()).close();
});
