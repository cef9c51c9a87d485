/** Files that a platform beside the simulation starts from. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { DemoLibrary } from '#sim/world/demo-library.ts';
import type { ReaderConfig } from './simulation-options.ts';

const SNAPSHOT = 'simulation.json';

/** The gateway that reads this library; its secret comes from elsewhere. */
export interface GatewayAddress {
  readonly id: string;
  readonly broker: string;
}

/** Writes the plan, the items, and the whole configuration of the gateway that reads them. */
export async function writeWorld(
  folder: string,
  demo: DemoLibrary,
  { gateway, readers }: { readonly gateway: GatewayAddress; readonly readers: readonly ReaderConfig[] },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, 'library.json'), JSON.stringify(demo.library, undefined, 2));
  await writeWhole(join(folder, 'plan.json'), JSON.stringify(demo.plan, undefined, 2));
  await writeWhole(join(folder, 'items.json'), JSON.stringify(demo.items));
  await writeWhole(
    join(folder, 'gateway.yaml'),
    stringify({ gateway: { ...gateway, library: demo.library.key, readers } }),
  );
}

/** The text of the last snapshot; `undefined` where there is none. */
export async function loadSnapshot(folder: string): Promise<string | undefined> {
  const path = join(folder, SNAPSHOT);
  return existsSync(path) ? readFile(path, 'utf8') : undefined;
}

export async function saveSnapshot(folder: string, text: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, SNAPSHOT), text);
}

/** A reader of the file sees the old text or the new one, never half of it. */
async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}
