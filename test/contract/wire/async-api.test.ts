import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { asyncApiDocument, CHANNELS, messageSchema } from '#contract/wire/async-api.ts';
import { MESSAGE_EXAMPLES } from '#contract/wire/examples.table.ts';
import { parseTopic } from '#contract/wire/topics.ts';

/** The official parser does not load inside jest's module registry, so it judges the document in a process of its own. */
const JUDGE = `
  import { readFileSync } from 'node:fs';
  import { createRequire } from 'node:module';
  const { Parser } = createRequire(process.argv[1] + '/package.json')('@asyncapi/parser');
  const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
  const errors = diagnostics.filter((entry) => entry.severity === 0).map((entry) => entry.path.join('.') + ': ' + entry.message);
  process.stdout.write(JSON.stringify({ errors, channels: document?.channels().all().length ?? 0 }));
`;

async function judge(document: unknown): Promise<{ errors: string[]; channels: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'shelfwise-asyncapi-'));
  try {
    const path = join(folder, 'asyncapi.json');
    await writeFile(path, JSON.stringify(document));
    const arguments_ = ['--input-type=module', '--eval', JUDGE, process.cwd(), path];
    const { stdout } = await promisify(execFile)(process.execPath, arguments_);
    return JSON.parse(stdout) as { errors: string[]; channels: number };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

describe('the AsyncAPI document', () => {
  test('has all channels and no errors for the official parser', async () => {
    expect(await judge(asyncApiDocument())).toEqual({ errors: [], channels: Object.keys(CHANNELS).length });
  }, 60_000);

  test('the judge sees a fault when there is one', async () => {
    const document = structuredClone(asyncApiDocument()) as { channels: Record<string, { messages: unknown }> };
    for (const channel of Object.values(document.channels)) channel.messages = { wrong: 'no message' };
    expect((await judge(document)).errors).not.toEqual([]);
  }, 60_000);

  test.each(Object.keys(MESSAGE_EXAMPLES) as (keyof typeof MESSAGE_EXAMPLES)[])('the example of %s parses', (name) => {
    const parsed = messageSchema(name).safeParse(MESSAGE_EXAMPLES[name]);
    expect(parsed.error?.issues ?? []).toEqual([]);
  });

  test('every channel is a topic that our own parser knows', () => {
    for (const { address } of Object.values(CHANNELS)) {
      expect(parseTopic(address.replaceAll(/\{(\w+)\}/g, 'x'))).toBeDefined();
    }
  });
});
