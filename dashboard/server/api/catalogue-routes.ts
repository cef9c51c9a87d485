import { z } from 'zod';
import { item } from '#contract/domain/item.ts';
import { AppError } from '#contract/errors.ts';
import { importReport } from '#contract/wire/rest-admin.ts';
import { importCatalogue } from '#dashboard/server/catalogue/import-catalogue.ts';
import { readItemRows } from '#dashboard/server/catalogue/item-rows.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';

/** Two million rows of 300 bytes. */
const UPLOAD_BYTES_MAX = 600 * 1024 * 1024;

/** The catalogue of a library, replaced as a whole by a new version. */
export function catalogueRoutes({ registry }: Pick<Sources, 'registry'>): Route[] {
  const importing = new Set<string>();
  return [
    route({
      method: 'post',
      path: '/libraries/{library}/catalogue',
      summary: 'Replace the catalogue: CSV with a header line, one JSON object per line, or a JSON array',
      access: ADMIN,
      params: inLibrary,
      query: z.object({
        faults: z.enum(['stop', 'skip']).default('stop'),
        dryRun: z.enum(['0', '1']).default('0'),
      }),
      streamed: {
        types: ['text/csv', 'application/x-ndjson', 'application/json'],
        schema: z.array(item.omit({ library: true })),
      },
      reply: importReport,
      async handle({ params: { library }, query, request }) {
        if (importing.has(library)) throw new AppError('API_CONFLICT', 'Another import of this library is under way.');
        importing.add(library);
        try {
          const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
          const rows = readItemRows(limited(request), type, library);
          return await importCatalogue(registry, library, rows, { ...query, isDryRun: query.dryRun === '1' });
        } finally {
          importing.delete(library);
        }
      },
    }),
  ];
}

async function* limited(chunks: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > UPLOAD_BYTES_MAX) throw new AppError('API_TOO_LARGE', 'A catalogue may have 600 MB.');
    yield chunk;
  }
}
