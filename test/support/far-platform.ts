/**
 * The whole platform, beside the test and not within it: the test runner's sandbox makes the radio simulation three times
 * as slow, and a page that waits for a busy process tells nothing about itself.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { SiteName } from '#sim/sites.ts';
import type { Order, PadTag, Started, TruthNow } from './platform-process.ts';

export interface FarPlatform extends Started {
  moveItem(item: string, place: string): Promise<boolean>;
  /** Lays a blank tag, or one lifted before, on the pad of the return desk. */
  layTag(uid: string): Promise<boolean>;
  liftTag(uid: string): Promise<boolean>;
  padTags(): Promise<readonly PadTag[]>;
  unplug(reader: string): Promise<void>;
  plug(reader: string): Promise<void>;
  truth(): Promise<TruthNow>;
  closeBroker(): Promise<void>;
  stop(): Promise<void>;
}

export async function startFarPlatform(site: SiteName = 'standard'): Promise<FarPlatform> {
  const file = fileURLToPath(new URL('./platform-process.ts', import.meta.url));
  const child = fork(file, [site], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
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
  const tell = (order: Order): Promise<unknown> => {
    const answered = answer();
    child.send(order);
    return answered;
  };
  const ask = async (order: Order): Promise<boolean> => (await tell(order)) === true;
  const started = (await answer()) as Started;
  return {
    ...started,
    moveItem: (item, place) => ask({ kind: 'move', item, place }),
    layTag: (uid) => ask({ kind: 'lay', uid }),
    liftTag: (uid) => ask({ kind: 'lift', uid }),
    padTags: async () => (await tell({ kind: 'pad' })) as readonly PadTag[],
    unplug: async (reader) => {
      await ask({ kind: 'unplug', reader });
    },
    plug: async (reader) => {
      await ask({ kind: 'plug', reader });
    },
    truth: async () => (await tell({ kind: 'truth' })) as TruthNow,
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
