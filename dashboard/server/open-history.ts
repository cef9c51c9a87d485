import { join } from 'node:path';
import { openEmbeddedHistory } from '#store/history/embedded-history.ts';
import type { History } from '#store/history/history.ts';
import { openInfluxHistory } from '#store/history/influx-history.ts';
import type { DashboardConfig } from './config.ts';

/** A screen that waits longer shows what is known without the history. */
const TIMEOUT_MS = 3000;

/** The history as a reader; the history writer of the engine is its only writer. */
export function openHistory({ folder, history }: Pick<DashboardConfig, 'folder' | 'history'>): History {
  if (history.kind === 'embedded') return openEmbeddedHistory({ folder: join(folder, 'history') });
  const { url, database, username, password } = history;
  return openInfluxHistory({ url, database, username, password, timeoutMs: TIMEOUT_MS });
}
