import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument, type Operation } from '#contract/wire/open-api.ts';

const read: Operation = {
  method: 'get',
  path: '/libraries/{library}/things',
  summary: 'Things',
  access: ['staff'],
  params: z.object({ library: z.string() }),
  query: z.object({ limit: z.coerce.number().int().default(20), q: z.string() }),
  reply: z.object({ rows: z.array(z.object({ at: z.iso.datetime() })) }),
  isCsvToo: true,
};
const write: Operation = {
  ...read,
  method: 'post',
  access: 'public',
  query: z.object({}),
  body: { schema: z.strictObject({ name: z.string() }), types: ['application/json'] },
  reply: null,
  isCsvToo: false,
};

describe('the OpenAPI document', () => {
  const document = openApiDocument([read, write], '/api/v1');
  const path = document.paths['/api/v1/libraries/{library}/things'];

  test('puts both methods of a path side by side', () => {
    expect(Object.keys(path ?? {})).toEqual(['get', 'post']);
  });

  test('says which parameters must be given', () => {
    const parameters = path?.['get']?.['parameters'] as { name: string; required: boolean }[];
    expect(parameters.map(({ name, required }) => [name, required])).toEqual([
      ['library', true],
      ['limit', false],
      ['q', true],
      ['format', false],
      ['bom', false],
    ]);
  });

  test('names who may, what a table also comes as, and what is refused with which code', () => {
    expect(path?.['get']).toMatchObject({
      operationId: 'getLibrariesLibraryThings',
      description: 'Roles: staff.',
      security: [{ session: [] }],
      responses: { 200: { content: { 'text/csv': {} } }, 401: {}, 403: {}, 400: {} },
    });
    expect(path?.['post']).toMatchObject({ security: [], responses: { 204: {} }, requestBody: { required: true } });
    expect(Object.keys(path?.['post']?.['responses'] as object)).not.toContain('401');
  });

  test('carries dates without the pattern that says the same', () => {
    expect(JSON.stringify(path?.['get'])).toContain('"format":"date-time"');
    expect(JSON.stringify(path?.['get'])).not.toContain('pattern');
  });
});
