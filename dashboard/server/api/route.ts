/** The one way to add an HTTP route: schemas in, schema out, and nothing unvalidated in between. */
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import { z } from 'zod';
import { AppError } from '#contract/errors.ts';
import type { Access, Operation } from '#contract/wire/open-api.ts';
import type { Account } from '#dashboard/server/accounts/account.ts';
import { BOM, csvColumns, csvHeader, csvLine, type CsvRow } from './csv.ts';
import { badInput, fieldFaults } from './problem.ts';

/** Rows of a CSV export: far more than a person scrolls, little enough that one request cannot keep the process busy. */
const CSV_ROWS_MAX = 100_000;

const JSON_BYTES_DEFAULT = 64 * 1024;

export interface RouteInput<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** Whoever is signed in; `undefined` only on public routes. */
  readonly account: Account | undefined;
  readonly request: Request;
  readonly response: Response;
}

interface RouteSpec<Params extends z.ZodObject, Query extends z.ZodObject, Body extends z.ZodType, Reply> {
  readonly method: Operation['method'];
  readonly path: string;
  readonly summary: string;
  readonly access: Access;
  readonly params?: Params;
  readonly query?: Query;
  /** JSON, read and checked before `handle`. */
  readonly body?: Body;
  readonly bodyBytesMax?: number;
  /** For a body that `handle` reads from the request itself, as it streams in. */
  readonly streamed?: { readonly types: readonly string[]; readonly schema: z.ZodType };
  /** Runs before the body is read. */
  readonly before?: readonly RequestHandler[];
  readonly reply: Reply;
  /** Media types of a file that `handle` writes into the response itself, to its end. */
  readonly file?: readonly string[];
  /** How the reply becomes a table; replies with `rows` are tables by themselves. */
  readonly table?: Table;
  handle(
    input: RouteInput<z.infer<Params>, z.infer<Query>, z.infer<Body>>,
  ): Reply extends z.ZodType ? z.input<Reply> | Promise<z.input<Reply>> : void | Promise<void>;
}

export interface Table {
  readonly row: z.ZodType;
  rows(reply: unknown): readonly CsvRow[];
}

/** A route with its types settled: what the router and the OpenAPI document take. */
export interface Route {
  readonly operation: Operation;
  readonly before: readonly RequestHandler[];
  run(request: Request, response: Response, account: Account | undefined): Promise<void>;
}

/**
 * The reply is parsed as well: a field that is not in `reply` never leaves the building, which is how private data stays
 * inside. A reply that does not fit is our fault and ends as a 500.
 *
 * Errors: `API_BAD_INPUT`, with every fault named.
 */
export function route<
  Params extends z.ZodObject,
  Query extends z.ZodObject,
  Body extends z.ZodType,
  Reply extends z.ZodType | null,
>(spec: RouteSpec<Params, Query, Body, Reply>): Route {
  const params: z.ZodObject = spec.params ?? z.object({});
  const query: z.ZodObject = spec.query ?? z.object({});
  const table = spec.table ?? rowsTable(spec.reply);
  const handle = (input: RouteInput<unknown, unknown, unknown>): unknown =>
    spec.handle(input as Parameters<typeof spec.handle>[0]);

  async function run(request: Request, response: Response, account: Account | undefined): Promise<void> {
    const input = {
      params: parse('path', params, request.params),
      query: parse('query', query, request.query),
      body: spec.body === undefined ? undefined : parse('body', spec.body, request.body),
      account,
      request,
      response,
    };
    if (table !== undefined && request.query['format'] === 'csv') {
      const page = async (cursor: string | undefined): Promise<unknown> => {
        const next = cursor === undefined ? {} : { query: parse('query', query, { ...request.query, cursor }) };
        return parseReply(spec.reply, await handle({ ...input, ...next }));
      };
      await sendCsv(response, table, { page, hasBom: request.query['bom'] === '1' });
      return;
    }
    const reply = await handle(input);
    if (spec.file !== undefined) return;
    if (spec.reply === null) response.status(204).end();
    else response.json(parseReply(spec.reply, reply));
  }

  const json = express.json({ limit: spec.bodyBytesMax ?? JSON_BYTES_DEFAULT });
  return {
    operation: {
      method: spec.method,
      path: spec.path,
      summary: spec.summary,
      access: spec.access,
      params,
      query,
      body: spec.body === undefined ? spec.streamed : { schema: spec.body, types: ['application/json'] },
      reply: spec.reply,
      isCsvToo: table !== undefined,
      file: spec.file,
    },
    before: [...(spec.before ?? []), ...(spec.body === undefined ? [] : [json])],
    run,
  };
}

/** Puts the routes on a router, each behind the same door. */
export function mount(router: Router, routes: readonly Route[], door: (route: Route) => RequestHandler): void {
  for (const entry of routes) {
    const path = entry.operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    router[entry.operation.method](path, door(entry), ...entry.before, async (request, response) => {
      await entry.run(request, response, response.locals['account'] as Account | undefined);
    });
  }
}

function parse(part: string, schema: z.ZodType, input: unknown): unknown {
  const parsed = schema.safeParse(input ?? {});
  if (parsed.success) return parsed.data;
  throw badInput('Some fields do not fit.', fieldFaults(part, parsed.error));
}

function parseReply(schema: z.ZodType | null, reply: unknown): unknown {
  const parsed = schema === null ? undefined : schema.safeParse(reply);
  if (parsed === undefined || parsed.success) return parsed?.data;
  throw new AppError('API_INTERNAL', 'A reply did not fit its schema.', { issues: parsed.error.issues.slice(0, 5) });
}

function rowsTable(reply: z.ZodType | null): Table | undefined {
  if (!(reply instanceof z.ZodObject)) return undefined;
  const rows: unknown = reply.shape['rows'];
  if (!(rows instanceof z.ZodArray)) return undefined;
  return { row: rows.element as z.ZodType, rows: (value) => (value as { rows: CsvRow[] }).rows };
}

/** Every page of the list in one file: whoever exports a table wants all of it. */
async function sendCsv(
  response: Response,
  table: Table,
  options: { readonly page: (cursor: string | undefined) => Promise<unknown>; readonly hasBom: boolean },
): Promise<void> {
  const columns = csvColumns(table.row);
  let cursor: string | undefined;
  let rowCount = 0;
  do {
    const reply = await options.page(cursor);
    if (rowCount === 0 && !response.headersSent) {
      response.type('text/csv; charset=utf-8').set('content-disposition', 'attachment; filename="shelfwise.csv"');
      response.write(`${options.hasBom ? BOM : ''}${csvHeader(columns)}`);
    }
    const rows = table.rows(reply);
    response.write(rows.map((row) => csvLine(columns, row)).join(''));
    rowCount += rows.length;
    cursor = (reply as { next?: string | null }).next ?? undefined;
  } while (cursor !== undefined && rowCount < CSV_ROWS_MAX && !response.destroyed);
  response.end();
}
