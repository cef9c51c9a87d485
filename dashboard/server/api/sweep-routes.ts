/** "What stands on this shelf, and in which order?" Sweeps, the wands that make them, and the search for one tag. */
import { z } from 'zod';
import { readerId } from '#contract/domain/ids.ts';
import { sweepSession } from '#contract/domain/sweep.ts';
import { AppError } from '#contract/errors.ts';
import type { CommandKind } from '#contract/wire/commands.ts';
import {
  endSweepRequest,
  findRequest,
  findSignals,
  startSweepRequest,
  SWEEP_UPLOAD_READS_MAX,
  sweepDetail,
  sweepList,
  sweepUpload,
  sweepUploadReply,
  wandCommandReply,
  wandList,
  type SweepUpload,
} from '#contract/wire/rest-sweeps.ts';
import type { Account } from '#dashboard/server/accounts/account.ts';
import { addCommand, knownReaders } from '#dashboard/server/commands.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { signalViews, sweepDetail as viewSweep, sweepSummary } from '#dashboard/server/sweeps.ts';
import { inLibrary, pageLimit, STAFF } from './paging.ts';
import { type Route, route } from './route.ts';
import { need } from './session-routes.ts';

/** A read has at most some 200 characters. */
const UPLOAD_BYTES_MAX = SWEEP_UPLOAD_READS_MAX * 250;
/** Reads without a time follow each other so. */
const STEP_MS = 100;
const SIGNAL_MS = 5000;
const WAND = 'wand';

export function sweepRoutes(sources: Sources): Route[] {
  return [...readingRoutes(sources), ...askingRoutes(sources)];
}

function readingRoutes(sources: Sources): Route[] {
  return [
    route({
      method: 'get',
      path: '/libraries/{library}/sweeps',
      summary: 'Sweeps of wands and robots, newest first',
      access: STAFF,
      params: inLibrary,
      query: z.object({ limit: pageLimit(50, 200), cursor: z.coerce.number().optional() }),
      reply: sweepList,
      handle({ params: { library }, query: { limit, cursor } }) {
        const found = sources.state.need().sweeps(library, cursor ?? Number.MAX_SAFE_INTEGER, limit + 1);
        const page = found.slice(0, limit);
        return {
          rows: page.map(sweepSummary),
          next: found.length > limit ? String(page.at(-1)?.startedMs ?? 0) : null,
        };
      },
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/sweeps/{session}',
      summary: 'One sweep: shelves, what to move, and what was not found',
      access: STAFF,
      params: inLibrary.extend({ session: sweepSession }),
      reply: sweepDetail,
      handle({ params: { library, session } }) {
        const row = sources.state.need().sweep(library, session);
        if (row === undefined) throw new AppError('API_NOT_FOUND', 'There is no such sweep.');
        return viewSweep(sources, row);
      },
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/wands',
      summary: 'Readers that are carried along shelves',
      access: STAFF,
      params: inLibrary,
      reply: wandList,
      handle: ({ params: { library } }) => ({ rows: wandsOf(sources, library) }),
    }),
    route({
      method: 'get',
      path: '/libraries/{library}/wands/{wand}/find',
      summary: 'How strongly a wand hears what it looks for',
      access: STAFF,
      params: inLibrary.extend({ wand: readerId }),
      reply: findSignals,
      handle({ params: { library, wand } }) {
        const signals = sources.state.need().findSignals(library, wand, sources.clock.nowMs() - SIGNAL_MS);
        return { rows: signalViews(sources, library, signals) };
      },
    }),
  ];
}

function askingRoutes(sources: Sources): Route[] {
  const ask = (
    { library, account }: { readonly library: string; readonly account: Account | undefined },
    { kind, wand, args }: { readonly kind: CommandKind; readonly wand: string; readonly args: Record<string, unknown> },
  ): z.infer<typeof wandCommandReply> => {
    const { id, deadline } = addCommand(sources, { library, kind, target: wand, args, askedBy: need(account).name });
    return { command: id, deadline };
  };
  return [
    route({
      method: 'post',
      path: '/libraries/{library}/sweeps/start',
      summary: 'A wand begins a sweep, of a certain place if there is no shelf tag',
      access: STAFF,
      params: inLibrary,
      body: startSweepRequest,
      reply: wandCommandReply,
      handle: ({ params: { library }, body: { wand, place }, account }) =>
        ask({ library, account }, { kind: 'start-sweep', wand, args: place === undefined ? {} : { place } }),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/sweeps/end',
      summary: 'A wand ends its sweep',
      access: STAFF,
      params: inLibrary,
      body: endSweepRequest,
      reply: wandCommandReply,
      handle: ({ params: { library }, body: { wand }, account }) =>
        ask({ library, account }, { kind: 'end-sweep', wand, args: {} }),
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/find',
      summary: 'A wand tells the signal of some copies several times a second; no copies: it ends',
      access: STAFF,
      params: inLibrary,
      body: findRequest,
      reply: wandCommandReply,
      handle({ params: { library }, body: { wand, barcodes, seconds }, account }) {
        const items = sources.registry.items(library, barcodes);
        const tags = [...items.values()].flatMap((item) => item.tags).slice(0, 200);
        if (barcodes.length > 0 && tags.length === 0) {
          throw new AppError('API_CONFLICT', 'None of these copies has a tag.');
        }
        return ask({ library, account }, { kind: 'find', wand, args: { tags, seconds } });
      },
    }),
    route({
      method: 'post',
      path: '/libraries/{library}/sweeps',
      summary: 'Reads of a wand or robot that is not on the line, in the order of reading',
      access: STAFF,
      params: inLibrary,
      body: sweepUpload,
      bodyBytesMax: UPLOAD_BYTES_MAX,
      reply: sweepUploadReply,
      handle: ({ params: { library }, body }) => takeUpload(sources, library, body),
    }),
  ];
}

function takeUpload(sources: Sources, library: string, body: SweepUpload): z.infer<typeof sweepUploadReply> {
  const nowMs = sources.clock.nowMs();
  const session = body.session ?? `${body.wand.slice(0, 40)}-${nowMs.toString(36)}`;
  let lastMs = nowMs - body.reads.length * STEP_MS;
  const reads = body.reads.map((read) => {
    lastMs = read.at === undefined ? lastMs + STEP_MS : Date.parse(read.at);
    return { ...read, at: new Date(lastMs).toISOString() };
  });
  sources.registry.queueInput(library, { kind: 'sweep', session, wand: body.wand, place: body.place ?? null, reads });
  return { session, reads: reads.length };
}

function wandsOf(sources: Sources, library: string): z.infer<typeof wandList>['rows'] {
  const state = sources.state.get();
  const running = (state?.sweeps(library, Number.MAX_SAFE_INTEGER, 50) ?? []).filter(({ endedMs }) => endedMs === null);
  const sinceMs = sources.clock.nowMs() - SIGNAL_MS;
  return knownReaders(sources, library)
    .filter(({ reader }) => reader.can?.includes(WAND) === true)
    .map(({ gateway, isOnline, reader }) => ({
      reader: reader.id,
      gateway,
      driver: reader.driver,
      state: reader.state,
      isOnline,
      session: running.find(({ wand }) => wand === reader.id)?.session ?? null,
      finding: (state?.findSignals(library, reader.id, sinceMs) ?? []).map(({ tag }) => tag),
    }));
}
