import { z } from 'zod';
import { item } from '#contract/domain/item.ts';
import { MARC_MAPPINGS, marcMappingName } from '#contract/domain/marc-mapping.ts';
import { AppError } from '#contract/errors.ts';
import { importReport } from '#contract/wire/rest-admin.ts';
import { exportFormat, EXPORT_TYPES } from '#dashboard/server/catalogue/write-items.ts';
import { importCatalogue } from '#dashboard/server/catalogue/import-catalogue.ts';
import { CATALOGUE_TYPES, readItemRows } from '#dashboard/server/catalogue/item-rows.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { ADMIN, inLibrary } from './paging.ts';
import { type Route, route } from './route.ts';
import { sendCatalogue } from './send-catalogue.ts';

/** Two million rows of 300 bytes. */
const UPLOAD_BYTES_MAX = 600 * 1024 * 1024;

/** The catalogue of a library, replaced as a whole by a new version. */
export function catalogueRoutes({ registry, clock, log }: Pick<Sources, 'registry' | 'clock' | 'log'>): Route[] {
  const importing = new Set<string>();
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/catalogue/export',
      summary: 'The catalogue as a file that can be imported again; MARC has no tags',
      access: ADMIN,
      params: inLibrary,
      query: z.object({ format: exportFormat.default('csv') }),
      file: Object.values(EXPORT_TYPES),
      reply: null,
      handle: ({ params, query, response }) =>
        sendCatalogue({ registry, clock, log }, response, { library: params.library, format: query.format }),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/catalogue',
      summary: 'Replace the catalogue: CSV with a header line, JSON, one JSON object per line, MARC or MARCXML',
      access: ADMIN,
      params: inLibrary,
      query: z.object({
        /** Left out, `skip` for MARC: there is always a record without a copy among them. */
        faults: z.enum(['stop', 'skip']).optional(),
        dryRun: z.enum(['0', '1']).default('0'),
        /** Which fields of MARC records name the copies. */
        mapping: marcMappingName.default('koha'),
      }),
      streamed: {
        types: CATALOGUE_TYPES,
        schema: z.array(item.omit({ library: true })),
      },
      reply: importReport,
      async handle({ params: { library }, query, request }) {
        if (importing.has(library)) throw new AppError('API_CONFLICT', 'Another import of this library is under way.');
        importing.add(library);
        try {
          const type = (request.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
          const rows = readItemRows(limited(request), type, library, MARC_MAPPINGS[query.mapping]);
          const isMarc = type.includes('marc');
          const faults = query.faults ?? (isMarc ? 'skip' : 'stop');
          return await importCatalogue(registry, library, rows, {
            faults,
            keepsTags: isMarc,
            isDryRun: query.dryRun === '1',
          });
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
