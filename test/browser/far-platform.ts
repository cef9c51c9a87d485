/**
 * The whole platform, beside the test and not within it: the test runner's sandbox makes the radio simulation three times
 * as slow, and a page that waits for a busy process tells nothing about itself.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Started } from './platform-process.ts';

export interface FarPlatform extends Started {
  moveItem(item: string, place: string): Promise<boolean>;
  closeBroker(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFarPlatform(): Promise<FarPlatform> {
  const file = fileURLToPath(new URL('./platform-process.ts', import.meta.url));
  const child = fork(file, { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const answer = async (): Promise<unknown> => {
    const gone = new AbortController();
    const leave = (): void => {
      gone.abort();
    };
    child.once('exit', leave);
    const [message] = (await once(child, 'message', { signal: gone.signal })) as [unknown];
    child.off('exit', leave);
    return message;
  };
  const ask = async (order: Order): Promise<boolean> => {
    const answered = answer();
    child.send(order);
    return (await answered) === true;
  };
  const started = (await answer()) as Started;
  return {
    ...started,
    moveItem: (item, place) => ask({ kind: 'move', item, place }),
    closeBroker: async () => {
      await ask({ kind: 'close-broker' });
    },
    stop: async () => {
      const ended = once(child, 'exit');
      await ask({ kind: 'stop' });
      await ended;
    },
  };
}
