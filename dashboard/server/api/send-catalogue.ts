/** A catalogue as a download: written while it is read, no faster than the other side takes it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate } from 'node:timers/promises';
import type { Response } from 'express';
import { EXPORT_TYPES, type ExportFormat, writeItems } from '#dashboard/server/catalogue/write-items.ts';
import type { Sources } from '#dashboard/server/sources.ts';

const ENDINGS: Readonly<Record<ExportFormat, string>> = { csv: 'csv', ndjson: 'ndjson', marc: 'mrc', marcxml: 'xml' };

export interface ExportRequest {
  readonly library: string;
  readonly format: ExportFormat;
}

/**
 * An import meanwhile does not mix in: a version is read to its end. How many copies the format could not hold is said in a
 * trailer, since it is known only then; the log names them.
 */
export async function sendCatalogue(
  sources: Pick<Sources, 'registry' | 'clock' | 'log'>,
  response: Response,
  { library, format }: ExportRequest,
): Promise<void> {
  const { registry, clock, log } = sources;
  const version = registry.catalogueVersion(library);
  let leftOut = 0;
  const pieces = writeItems(registry.catalogue(library, version), {
    format,
    atMs: clock.nowMs(),
    onLeftOut(barcode, reason) {
      leftOut += 1;
      log.warn({ library, barcode, reason }, 'copy left out of an export');
    },
  });

  async function* takenApart(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) {
      yield piece;
      // Reading is synchronous; the rest of the dashboard has its turn between two pieces.
      await setImmediate();
    }
    if (leftOut > 0) response.addTrailers({ 'x-shelfwise-left-out': String(leftOut) });
  }

  response
    .type(EXPORT_TYPES[format])
    .set('content-disposition', `attachment; filename="catalogue-${library}.${ENDINGS[format]}"`)
    .set('cache-control', 'no-store');
  if (format === 'csv') response.type('text/csv; charset=utf-8');
  try {
    await pipeline(Readable.from(takenApart(), { objectMode: false }), response);
  } catch (error: unknown) {
    // Whoever stopped the download knows it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE')) throw error;
  }
}
