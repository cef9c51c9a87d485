/** JSON Schema of our zod schemas, as the OpenAPI and AsyncAPI documents carry them. */
import { z } from 'zod';
import { assert } from '#contract/assert.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * Draft 2020-12 (what OpenAPI 3.1 takes) or draft 7 (AsyncAPI) without its `$schema` line. `input` is what a sender may write, `output` what a receiver gets.
 * The pattern beside `format: date-time` is left out: it says the same in 400 characters.
 */
export function jsonSchema(
  schema: z.ZodType,
  io: 'input' | 'output',
  target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12',
): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    io,
    target,
    unrepresentable: 'any',
    override: ({ jsonSchema: found }) => {
      if (found.format === 'date-time') delete found.pattern;
    },
  });
  assert($schema !== undefined, 'a whole schema names its dialect');
  return rest;
}
