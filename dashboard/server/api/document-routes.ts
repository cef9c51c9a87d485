import { z } from 'zod';
import { asyncApiDocument } from '#contract/wire/async-api.ts';
import { openApiDocument } from '#contract/wire/open-api.ts';
import { type Route, route } from './route.ts';

export const API_PREFIX = '/api/v1';

/** The published contracts; the OpenAPI document describes these two routes as well. */
export function documentRoutes(others: readonly Route[]): Route[] {
  const asyncApi = asyncApiDocument();
  const own = [
    document('/openapi.json', 'This interface as an OpenAPI 3.1 document', () => openApi),
    document('/asyncapi.json', 'The MQTT interface as an AsyncAPI 3.0 document', () => asyncApi),
  ];
  const openApi = openApiDocument(
    [...others, ...own].map((entry) => entry.operation),
    API_PREFIX,
  );
  return own;
}

function document(path: string, summary: string, read: () => Readonly<Record<string, unknown>>): Route {
  return route({
    method: 'get',
    path,
    summary,
    access: 'public',
    reply: z.record(z.string(), z.unknown()),
    handle: () => ({ ...read() }),
  });
}
