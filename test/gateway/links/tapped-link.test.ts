import { expect, test } from '@jest/globals';
import type { Link } from '#gateway/links/link.ts';
import { tapped } from '#gateway/links/tapped-link.ts';

test('both directions are heard, and nothing of the link is lost', async () => {
  const asked: string[] = [];
  let isClosed = false;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    await Promise.resolve();
    yield Uint8Array.of(1, 2);
    yield Uint8Array.of(3);
  }
  const link: Link = {
    name: 'test',
    bytes: bytes(),
    send: () => Promise.resolve(),
    request: ({ path }) => {
      asked.push(path);
      return Promise.resolve({ status: 200, body: '' });
    },
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
  const heard: string[] = [];
  const open = tapped(
    () => Promise.resolve(link),
    (from, piece) => heard.push(`${from} ${String(piece)}`),
  );
  const opened = await open(new AbortController().signal);
  await opened.send(Uint8Array.of(9));
  const read: number[] = [];
  for await (const piece of opened.bytes) read.push(...piece);
  await opened.request?.({ method: 'GET', path: '/status' });
  await opened.close();
  expect(read).toEqual([1, 2, 3]);
  expect(heard).toEqual(['gateway 9', 'reader 1,2', 'reader 3']);
  expect([opened.name, asked, isClosed]).toEqual(['test', ['/status'], true]);
});
