/**
 * Builds dist/: the server as one bundle (packages stay external) and the web app. With `--if-stale` it does nothing
 * while dist/ is newer than every source, so that a second start is immediate.
 */
import { cpSync, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const STAMP = 'dist/.built';
const SOURCES = [
  'shelfwise.ts',
  'build.js',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'broker',
  'cli',
  'contract',
  'dashboard',
  'engine',
  'firmware-sim',
  'gateway',
  'lending',
  'store',
];

function newestMs(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestMs(join(path, name))), 0);
}

function isFresh() {
  if (!existsSync(STAMP)) return false;
  const builtMs = statSync(STAMP).mtimeMs;
  return SOURCES.every((path) => newestMs(path) <= builtMs);
}

async function buildServer() {
  await build({
    entryPoints: ['shelfwise.ts'],
    outdir: 'dist',
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    sourcemap: true,
    logLevel: 'warning',
  });
  // The simulator reads its title lists from the folder of the module that loads them.
  for (const name of readdirSync('firmware-sim/catalogue').filter((file) => file.endsWith('.tsv'))) {
    cpSync(join('firmware-sim/catalogue', name), join('dist', name));
  }
}

async function buildWeb() {
  const vite = await import('vite');
  await vite.build({ configFile: 'dashboard/web/vite.config.ts', logLevel: 'warn' });
}

if (process.argv.includes('--if-stale') && isFresh()) process.exit(0);
process.stderr.write('Building Shelfwise (a few seconds, only when sources changed)…\n');
const startedAt = new Date();
await Promise.all([buildServer(), buildWeb()]);
writeFileSync(STAMP, `${startedAt.toISOString()}\n`);
