/**
 * The built web application from a folder: hashed assets for ever, the rest asked for again each time, `.br` and `.gz`
 * beside a file in its place, and index.html for every address that is a screen.
 */
import { createReadStream, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '#contract/errors.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

const ENCODINGS = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
] as const;

/** Vite puts files with a hash in their name here. */
const HASHED = '/assets/';
const ONE_YEAR_SECONDS = 31_536_000;

export function staticFiles(folder: string): RequestHandler {
  return async (request, response, next) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      next();
      return;
    }
    const path = decodePath(request.path);
    if (path === undefined) throw new AppError('API_NOT_FOUND', 'There is no such file.');
    const file = join(folder, path);
    if (await isFile(file)) {
      await sendFile(request, response, { file, isHashed: request.path.startsWith(HASHED) });
      return;
    }
    // A screen's address has no file ending; a missing picture must not come back as a page.
    if (extname(request.path) !== '' || request.path.startsWith(HASHED)) {
      throw new AppError('API_NOT_FOUND', 'There is no such file.');
    }
    const index = join(folder, 'index.html');
    if (!(await isFile(index))) throw new AppError('API_NOT_FOUND', 'The web application has not been built.');
    await sendFile(request, response, { file: index, isHashed: false });
  };
}

/** `undefined` for anything that would lead out of the folder or to a hidden file. */
function decodePath(raw: string): string | undefined {
  try {
    const path = normalize(decodeURIComponent(raw));
    const isInside = !path.includes('\0') && !path.split(sep).some((part) => part.startsWith('.'));
    return isInside ? path : undefined;
  } catch {
    return undefined;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await statOf(path))?.isFile() === true;
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch {
    return undefined;
  }
}

async function sendFile(
  request: Request,
  response: Response,
  { file, isHashed }: { readonly file: string; readonly isHashed: boolean },
): Promise<void> {
  response.type(TYPES[extname(file)] ?? 'application/octet-stream').vary('accept-encoding');
  response.set('cache-control', isHashed ? `public, max-age=${ONE_YEAR_SECONDS}, immutable` : 'no-cache');
  let served = file;
  for (const { name, suffix } of ENCODINGS) {
    if (request.acceptsEncodings(name) === false || !(await isFile(file + suffix))) continue;
    served = file + suffix;
    response.set('content-encoding', name);
    break;
  }
  const found = await statOf(served);
  if (found === undefined) throw new AppError('API_NOT_FOUND', 'There is no such file.');
  response.set(
    'etag',
    `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}${served === file ? '' : '-c'}"`,
  );
  if (request.fresh) {
    response.status(304).end();
    return;
  }
  response.set('content-length', String(found.size));
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const stream = createReadStream(served);
  // A file that vanishes while it is sent, or a browser that goes away: the connection ends, nothing else does.
  stream.on('error', () => response.destroy());
  response.on('close', () => stream.destroy());
  stream.pipe(response);
}
