/** Promise: the lending role reaches pads and the outbox through the door; nobody without the secret does, and bad lines end only themselves. */
import { createConnection, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import type { DoorMessage } from '#contract/wire/local-door.ts';
import { parseDoorAddress } from '#contract/wire/local-door.ts';
import type { ListTagsResult } from '#contract/wire/commands.ts';
import { openDoor, type Door } from '#gateway/local/door.ts';
import { Outbox } from '#gateway/outbox/outbox.ts';
import { systemClock } from '#store/observe/system-clock.ts';
import { Closers } from '#test/lending/fakes/branch.ts';
import { silentLog } from '#test/gateway/fakes/world.ts';

const closers = new Closers();
afterEach(() => closers.close());
const SECRET = 'a-secret-of-the-box';
let onPad: ListTagsResult = { tags: [], patronCards: 0, unread: 0 };

async function open(): Promise<{ door: Door; outbox: Outbox }> {
  const path = join(await closers.folder(), 'outbox.db');
  const limits = { bytesMax: 1e9, ageMsMax: 1e12, isClockSynced: () => true };
  const outbox = closers.add(new Outbox({ path, clock: systemClock, log: silentLog, ...limits }));
  const door = await openDoor({
    address: { host: '127.0.0.1', port: 0 },
    secret: SECRET,
    gateway: 'gw-1',
    outbox,
    clock: systemClock,
    log: silentLog,
    execute: ({ kind }) => Promise.resolve({ outcome: 'done', result: kind === 'list-tags' ? onPad : { kind } }),
    onAnswered: () => undefined,
  });
  closers.add(door);
  return { door, outbox };
}

class Line {
  readonly heard: DoorMessage[] = [];
  readonly #socket: Socket;
  #wake: () => void = () => undefined;
  constructor(socket: Socket) {
    this.#socket = socket;
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\n');
      rest = lines.pop() ?? '';
      this.heard.push(...lines.map((line) => JSON.parse(line) as DoorMessage));
      this.#wake();
    });
  }
  say(...parts: unknown[]): void {
    this.#socket.write(parts.map((part) => `${JSON.stringify(part)}\n`).join(''));
  }
  raw(text: string): void {
    this.#socket.write(text);
  }
  async until(isIt: (message: DoorMessage) => boolean): Promise<DoorMessage> {
    for (;;) {
      const found = this.heard.find(isIt);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
  ended(): Promise<unknown> {
    return this.#socket.destroyed ? Promise.resolve() : once(this.#socket, 'close');
  }
  close(): void {
    this.#socket.destroy();
  }
}

async function call(door: Door): Promise<Line> {
  const socket = createConnection({ host: '127.0.0.1', port: door.port ?? 0 });
  await once(socket, 'connect');
  return closers.add(new Line(socket));
}

test('an input is on disk before it is called kept; a command is answered; a pad tells its changes only', async () => {
  const { door, outbox } = await open();
  const line = await call(door);
  const at = new Date().toISOString();
  line.say({ t: 'hello', secret: SECRET }, { t: 'input', n: 5, at, input: { kind: 'ils', items: [] } });
  await line.until((message) => message.t === 'kept' && message.n === 5);
  expect(new TextDecoder().decode(outbox.take(1)[0]?.bytes)).toContain('"kind":"input"');

  const deadline = new Date(Date.now() + 5000).toISOString();
  const command = { id: 'c1', kind: 'set-security', target: 'pad-1', args: {}, issuedAt: at, deadline };
  line.say({ t: 'command', command }, { t: 'command', command: { ...command, id: 'c2', deadline: at } });
  expect(await line.until((m) => m.t === 'reply' && m.id === 'c1')).toMatchObject({ outcome: { outcome: 'done' } });
  expect(await line.until((m) => m.t === 'reply' && m.id === 'c2')).toMatchObject({ outcome: { outcome: 'expired' } });

  line.say({ t: 'watch', reader: 'pad-1', isOn: true });
  expect(await line.until((m) => m.t === 'tags')).toMatchObject({ isLive: true, result: { tags: [] } });
  onPad = { tags: [], patronCards: 1, unread: 0 };
  await line.until((m) => m.t === 'tags' && m.result?.patronCards === 1);
  expect(line.heard.filter(({ t }) => t === 'tags')).toHaveLength(2);
});

test.each([
  ['another secret', `${JSON.stringify({ t: 'hello', secret: 'guessed-by-somebody' })}\n`],
  ['no hello', `${JSON.stringify({ t: 'watch', reader: 'pad-1', isOn: true })}\n`],
  ['no JSON', 'GET / HTTP/1.1\r\n'],
  ['a line without end', 'x'.repeat(5000)],
])('%s: refused and closed, and the next one is served', async (_, text) => {
  const { door } = await open();
  const line = await call(door);
  line.raw(text);
  await line.ended();
  expect(line.heard.every(({ t }) => t === 'refused')).toBe(true);
  const next = await call(door);
  next.say({ t: 'hello', secret: SECRET });
  expect(await next.until(({ t }) => t === 'welcome')).toEqual({ t: 'welcome', gateway: 'gw-1' });
});

test('it is never another machine', () => {
  expect(parseDoorAddress('tcp://127.0.0.1:7411')).toEqual({ host: '127.0.0.1', port: 7411 });
  expect(parseDoorAddress('unix:///run/gateway.sock')).toEqual({ path: '/run/gateway.sock' });
  expect(
    ['tcp://10.0.0.1:1', 'tcp://0.0.0.0:1', 'tcp://127.0.0.1:70000', 'unix://x', ''].map(parseDoorAddress),
  ).toEqual(Array(5).fill(undefined));
});
