import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { z } from 'zod';
import { fact } from '#contract/domain/fact.ts';
import { envelope } from '#contract/wire/envelope.ts';
import { joinRequest } from '#contract/wire/live.ts';
import { itemList, problem, session, tickOff } from '#contract/wire/rest.ts';
import { gatewayStatus } from '#contract/wire/status.ts';

const FOLDER = 'test/contract/wire/examples/v1';

const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'session.json': session,
  'item-list.json': itemList,
  'fact.json': fact,
  'envelope.json': envelope,
  'gateway-status.json': gatewayStatus,
  'problem.json': problem,
  'join-request.json': joinRequest,
  'tick-off.json': tickOff,
};

/** What somebody sent or stored under version 1 must be readable for as long as there is a version 1. */
describe('stored examples of version 1 still parse, and nothing in them is lost', () => {
  test.each(readdirSync(FOLDER))('%s', (name) => {
    const stored: unknown = JSON.parse(readFileSync(`${FOLDER}/${name}`, 'utf8'));
    expect(SCHEMAS[name]?.parse(stored)).toEqual(stored);
  });
});
