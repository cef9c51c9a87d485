import { describe, expect, test } from '@jest/globals';
import express, { Router } from 'express';
import { pino } from 'pino';
import request from 'supertest';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import type { Problem } from '#contract/wire/rest.ts';
import { problemHandler } from '#dashboard/server/api/problem.ts';
import { mount, type Route, route } from '#dashboard/server/api/route.ts';

const reply = z.object({ rows: z.array(z.object({ name: z.string(), place: z.object({ id: z.string() }) })) });

/** `place` is what the handler answers, whatever its type says. */
function listing(place: unknown): Route {
  return route({
    method: 'get',
    path: '/things/{id}',
    summary: 'Things',
    access: 'public',
    params: z.object({ id: z.string().max(4) }),
    query: z.object({ limit: z.coerce.number().int().max(9).default(5) }),
    reply,
    handle: ({ params, query }) => {
      const row = { name: `${params.id} ${query.limit}`, place: place as { id: string }, patron: 'P-1' };
      return { rows: [row], secret: 's' };
    },
  });
}

function ask(entry: Route, path: string): request.Test {
  const app = express();
  const router = Router();
  mount(router, [entry], () => (_request, _response, next) => {
    next();
  });
  app.use(router);
  app.use(problemHandler(pino({ level: 'silent' })));
  return request(app).get(path);
}

describe('a route', () => {
  test('hands over what fits and lets only the fields of the reply out', async () => {
    const answer = await ask(listing({ id: 's-1', note: 'private' }), '/things/a?limit=3').expect(200);
    expect(answer.body).toEqual({ rows: [{ name: 'a 3', place: { id: 's-1' } }] });
  });

  test('names every fault of path and query', async () => {
    const parameters = await ask(listing({ id: 's' }), '/things/toolong?limit=3').expect(400);
    expect((parameters.body as Problem).errors?.[0]?.path).toBe('path.id');
    const query = await ask(listing({ id: 's' }), '/things/a?limit=x').expect(400);
    expect((query.body as Problem).errors?.[0]?.path).toBe('query.limit');
  });

  test('a reply that does not fit is our fault, and says nothing of what it held', async () => {
    const answer = await ask(listing('P-1'), '/things/a').expect(500);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: 'urn:shelfwise:problem:API_INTERNAL',
      title: 'Something went wrong here',
      status: 500,
      code: 'API_INTERNAL',
    });
  });

  test('a handler that throws something of its own ends as 500, one of ours as its status', async () => {
    const failing = (error: Error): Route =>
      route({
        method: 'get',
        path: '/x',
        summary: 'x',
        access: 'public',
        reply: null,
        handle: () => {
          throw error;
        },
      });
    expect(((await ask(failing(new Error('secret detail')), '/x').expect(500)).body as Problem).detail).toBeUndefined();
    const busy = new AppError('API_TOO_MANY', 'Wait.', { retryAfterSeconds: 7 });
    expect((await ask(failing(busy), '/x').expect(429)).headers['retry-after']).toBe('7');
  });

  test('a table leaves as CSV: text that looks like a formula becomes text, numbers stay', async () => {
    const sums = route({
      method: 'get',
      path: '/sums',
      summary: 'Sums',
      access: 'public',
      reply: z.object({
        rows: z.array(z.object({ text: z.string(), value: z.number().nullable(), parts: z.array(z.string()) })),
      }),
      handle: () => ({
        rows: [
          { text: '=1+1', value: -5, parts: ['a', 'b'] },
          { text: '@x, "y"\nz', value: null, parts: [] },
        ],
      }),
    });
    const { text } = await ask(sums, '/sums?format=csv').expect(200);
    expect(text).toBe(`text,value,parts\r\n'=1+1,-5,a; b\r\n"'@x, ""y""\nz",,\r\n`);
  });
});
