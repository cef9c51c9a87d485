/**
 * What is really so, over HTTP, and the levers that break things:
 *
 *     GET  /truth                                   where everything wrong stands, people, how much moved
 *     GET  /truth/items/{barcode}                   place of one item
 *     GET  /truth/shelves/{place}                   barcodes of a shelf in the order in which they stand
 *     GET  /truth/moves?since={unix ms}             the log of moves
 *     GET  /truth/pad                               tags on the pad of the return desk, with their memory
 *     POST /truth/items/{barcode}?place={id}        moves an item by hand
 *     POST /truth/pad/{uid}/{lay|lift}              lays a blank tag (or one lifted before) on that pad, or lifts it
 *     POST /readers/{id}/{unplug|plug|hang|resume|reboot}
 *     GET  /truth/ils…, POST /ils/…                 the library's own system, see `ils/truth-paths.ts`
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '#contract/clock.ts';
import { toHex } from '#contract/hex.ts';
import type { RunningIls } from './ils/ils.ts';
import { ilsReply } from './ils/truth-paths.ts';
import type { Simulation } from './simulation.ts';

export interface TruthServer {
  readonly port: number;
  close(): Promise<void>;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const NOT_FOUND: Reply = { status: 404, body: { detail: 'nothing here' } };
const READER_ACTIONS = ['unplug', 'plug', 'hang', 'resume', 'reboot'] as const;
const RECENT_MS = 600_000;
/** ISO 15693: E0, the maker, the serial number. */
const UID = /^E0[0-9A-F]{14}$/;

export async function startTruthServer(
  at: { readonly host: string; readonly port: number },
  simulation: Simulation,
  clock: Clock,
  ils?: RunningIls,
): Promise<TruthServer> {
  const server = createServer((request, response) => {
    void answer(request, { simulation, clock, ils })
      .catch((): Reply => ({ status: 500, body: { detail: 'the simulation could not do that' } }))
      .then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
  });
  server.listen(at.port, at.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

interface Asked {
  readonly simulation: Simulation;
  readonly clock: Clock;
  readonly ils: RunningIls | undefined;
}

async function answer(request: IncomingMessage, { simulation, clock, ils }: Asked): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://simulation');
  if (/^\/(?:truth\/)?ils(?:\/|$)/.test(url.pathname)) {
    const body = ils && ilsReply(ils, request.method, url);
    return body === undefined ? NOT_FOUND : { status: 200, body };
  }
  const [area, second, third, fourth] = url.pathname.split('/').slice(1).map(decodeURIComponent);
  if (request.method === 'POST') return act(simulation, url, { area, second, third, fourth });
  if (request.method !== 'GET' || area !== 'truth') return NOT_FOUND;
  const truth = simulation.truth();
  const nowMs = clock.nowMs();
  if (second === undefined || second === '') {
    const untouched = truth.untouched().length;
    const moves = truth.movesSince(nowMs - RECENT_MS).length;
    const body = { at: new Date(nowMs).toISOString(), people: truth.peoplePerZone(), misplaced: truth.misplaced() };
    return Promise.resolve({ status: 200, body: { ...body, untouched, movesInTenMinutes: moves } });
  }
  if (second === 'moves') {
    const since = Number(url.searchParams.get('since') ?? 0);
    return { status: 200, body: { moves: truth.movesSince(Number.isFinite(since) ? since : 0) } };
  }
  if (second === 'pad') {
    const tags = simulation.padTags().map((tag) => ({ ...tag, memory: toHex(tag.memory) }));
    return { status: 200, body: { tags } };
  }
  if (second === 'shelves' && third !== undefined) {
    return { status: 200, body: { place: third, items: simulation.orderOn(third) } };
  }
  const place = second === 'items' && third !== undefined ? truth.placeOf(third) : undefined;
  return place === undefined ? NOT_FOUND : { status: 200, body: { barcode: third, place } };
}

async function act(
  simulation: Simulation,
  url: URL,
  { area, second, third, fourth }: Record<'area' | 'second' | 'third' | 'fourth', string | undefined>,
): Promise<Reply> {
  if (area === 'truth' && second === 'items' && third !== undefined) {
    const isMoved = simulation.moveItem(third, url.searchParams.get('place') ?? '');
    return isMoved ? { status: 200, body: { barcode: third } } : NOT_FOUND;
  }
  if (area === 'truth' && second === 'pad' && third !== undefined) return layOrLift(simulation, third, fourth);
  const action = READER_ACTIONS.find((name) => name === third);
  const isReader = simulation.readers.some(({ id }) => id === second);
  if (area !== 'readers' || second === undefined || action === undefined || !isReader) return NOT_FOUND;
  await simulation[action](second);
  return { status: 200, body: { reader: second, action } };
}

function layOrLift(simulation: Simulation, uid: string, action: string | undefined): Reply {
  if (!UID.test(uid) || (action !== 'lay' && action !== 'lift')) return NOT_FOUND;
  const isDone = action === 'lay' ? simulation.layTag(uid) : simulation.liftTag(uid);
  return isDone ? { status: 200, body: { uid, action } } : NOT_FOUND;
}
