/** docker-compose.yml as far as ours uses it. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const service = z.looseObject({
  image: z.string(),
  restart: z.string(),
  read_only: z.boolean().optional(),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.string()).default({}),
  depends_on: z.record(z.string(), z.strictObject({ condition: z.string() })).default({}),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
});
export type ComposeService = z.infer<typeof service>;

const composeFile = z.looseObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

export const COMPOSE_TEXT = readFileSync('docker-compose.yml', 'utf8');
export const COMPOSE = composeFile.parse(parse(COMPOSE_TEXT, { merge: true }));

export function composeService(name: string): ComposeService {
  const found = COMPOSE.services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}`);
  return found;
}

/** What is mounted where, in one service. */
export function mountsOf(one: ComposeService): { source: string; target: string; isReadOnly: boolean }[] {
  return one.volumes.map((line) => {
    const [source = '', target = '', mode] = line.split(':');
    return { source, target, isReadOnly: mode === 'ro' };
  });
}

/** Every call of the command line that a service makes, as words. */
export function callsOf(one: ComposeService): string[][] {
  if (one.image !== 'shelfwise:local') return [];
  if (one.entrypoint === undefined) return [one.command ?? []];
  const lines = (one.command ?? []).join('\n').split('\n');
  return lines.filter((line) => line.trim() !== '').map((line) => wordsOf(line).slice(1));
}

/** A shell line without variables: words, some of them in double quotes. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
