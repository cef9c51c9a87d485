/** The build step of the service worker: lists what was built and bundles worker.ts with that list in it. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'vite';
import { WORKER_FILE } from './worker-messages.ts';

/** Words are kept by the worker itself, since a library may add languages after the build. */
const NOT_LISTED = /^\/(locales\/|worker\.js)|\.(map|br|gz)$/;

export interface BuiltFile {
  readonly url: string;
  readonly revision: string | null;
}

/** Every file of a built application; what has no hash in its name gets one beside it. */
export function listBuiltFiles(folder: string): readonly BuiltFile[] {
  return filesBelow(folder)
    .map((file) => ({ file, url: `/${relative(folder, file).replaceAll(sep, '/')}` }))
    .filter(({ url }) => !NOT_LISTED.test(url))
    .map(({ file, url }) => ({ url, revision: url.startsWith('/assets/') ? null : hashOf(file) }))
    .sort((a, b) => (a.url < b.url ? -1 : 1));
}

/** `worker` is the source, `folder` the built application. */
export function workerPlugin(worker: string, folder: string): Plugin {
  return {
    name: 'shelfwise-worker',
    apply: 'build',
    enforce: 'post',
    async closeBundle(error?: Error) {
      if (error !== undefined) return;
      await build({
        entryPoints: [worker],
        outfile: join(folder, WORKER_FILE),
        bundle: true,
        minify: true,
        format: 'iife',
        target: 'es2022',
        logLevel: 'warning',
        define: {
          'process.env.NODE_ENV': '"production"',
          BUILT_FILES: JSON.stringify(listBuiltFiles(folder)),
        },
      });
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

function hashOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16);
}
