/** The OpenAPI 3.1 document of the REST interface, generated from the same schemas that check each request and reply. */
import type { z } from 'zod';
import { ERRORS, type ErrorCode } from '#contract/errors.ts';
import { jsonSchema, type JsonSchema } from './json-schema.ts';
import { problem, type Role } from './rest.ts';

/** Who may call it: everybody, whoever is signed in, or these roles. */
export type Access = 'public' | 'signed-in' | readonly Role[];

/** What a route promises, apart from how it does it. */
export interface Operation {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** With parameters in braces: `/libraries/{library}/plan`. */
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body?: { readonly schema: z.ZodType; readonly types: readonly string[] } | undefined;
  /** `null` answers 204 without a body. */
  readonly reply: z.ZodType | null;
  readonly isCsvToo: boolean;
  /** A file instead of JSON, in one of these media types. */
  readonly file?: readonly string[] | undefined;
}

export type OpenApiDocument = Readonly<Record<string, unknown>> & {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, Readonly<Record<string, JsonSchema>>>>;
};

/** The document for a list of operations; the order is kept. */
export function openApiDocument(operations: readonly Operation[], prefix: string): OpenApiDocument {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const operation of operations) {
    const path = `${prefix}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method]: describeOperation(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Shelfwise',
      version: '1',
      description:
        'Where every item is and how full every room is. Times are ISO 8601 UTC. Lists page by cursor: `next` is null at ' +
        'the end. What changes something needs the `x-csrf-token` header of the session. Errors are RFC 9457 problem documents.',
    },
    paths,
    components: {
      securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'shelfwise_session' } },
      schemas: { Problem: jsonSchema(problem, 'output') },
    },
  };
}

function describeOperation(operation: Operation): JsonSchema {
  const { access, body } = operation;
  const roles = Array.isArray(access) ? `Roles: ${(access as readonly Role[]).join(', ')}.` : undefined;
  return {
    operationId: `${operation.method}${operation.path.replaceAll(/[^a-zA-Z0-9]+(\w?)/g, (_, c: string) => c.toUpperCase())}`,
    summary: operation.summary,
    ...(roles === undefined ? {} : { description: roles }),
    security: access === 'public' ? [] : [{ session: [] }],
    parameters: [
      ...parameters(operation.params, 'path'),
      ...parameters(operation.query, 'query'),
      ...csvParameters(operation),
    ],
    ...(body === undefined
      ? {}
      : { requestBody: { required: true, content: content(body.types, jsonSchema(body.schema, 'input')) } }),
    responses: { ...goodResponse(operation), ...refusals(operation) },
  };
}

function parameters(schema: z.ZodObject, place: 'path' | 'query'): JsonSchema[] {
  const object = jsonSchema(schema, 'input');
  const required = new Set((object['required'] as string[] | undefined) ?? []);
  return Object.entries((object['properties'] ?? {}) as Record<string, JsonSchema>).map(([name, value]) => ({
    name,
    in: place,
    required: place === 'path' || required.has(name),
    schema: value,
  }));
}

function csvParameters(operation: Operation): JsonSchema[] {
  if (!operation.isCsvToo) return [];
  return [
    { name: 'format', in: 'query', required: false, schema: { enum: ['json', 'csv'], default: 'json' } },
    { name: 'bom', in: 'query', required: false, schema: { enum: ['0', '1'], default: '0' } },
  ];
}

function goodResponse({ reply, isCsvToo, file }: Operation): JsonSchema {
  if (file !== undefined) return { 200: { description: 'The file.', content: content(file, { type: 'string' }) } };
  if (reply === null) return { 204: { description: 'Done.' } };
  const csv = isCsvToo ? content(['text/csv'], { type: 'string' }) : {};
  const json = content(['application/json'], jsonSchema(reply, 'output'));
  return { 200: { description: 'Done.', content: { ...json, ...csv } } };
}

function refusals(operation: Operation): JsonSchema {
  const codes: ErrorCode[] = ['API_BAD_INPUT', 'API_INTERNAL', 'STO_UNAVAILABLE'];
  if (operation.access !== 'public') codes.push('API_UNAUTHENTICATED', 'API_FORBIDDEN');
  if (operation.path.includes('{')) codes.push('API_NOT_FOUND');
  const schema = { $ref: '#/components/schemas/Problem' };
  return Object.fromEntries(
    codes.map((code) => [
      ERRORS[code].status,
      { description: code, content: content(['application/problem+json'], schema) },
    ]),
  );
}

function content(types: readonly string[], schema: JsonSchema): JsonSchema {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}
