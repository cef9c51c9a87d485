/** socket.io: who may listen to which room, and what becomes of a connection that cannot keep up. */
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Logger } from 'pino';
import { Server, type Socket } from 'socket.io';
import { AppError, type ErrorCode } from '#contract/errors.ts';
import {
  type Diff,
  type JoinAnswer,
  joinRequest,
  type Room,
  room as roomSchema,
  roomName,
} from '#contract/wire/live.ts';
import type { Account } from '#dashboard/server/accounts/account.ts';
import { checkRights } from '#dashboard/server/accounts/door.ts';
import type { Sessions, SessionsEnded } from '#dashboard/server/accounts/sessions.ts';
import { EVERYONE, STAFF } from '#dashboard/server/api/paging.ts';
import type { LiveMetrics } from '#dashboard/server/metrics.ts';
import type { Sources } from '#dashboard/server/sources.ts';
import { createRooms, type Rooms } from './rooms.ts';

const MESSAGE_BYTES_MAX = 65_536;
/** A connection that says nothing is closed; browsers sign in within a moment. */
const CONNECT_TIMEOUT_MS = 5000;
/** Packets waiting for one connection: two seconds of a busy room. */
const WAITING_PACKETS_MAX = 20;
const ROOMS_PER_SOCKET_MAX = 20;
/** Each may cost a snapshot. */
const JOINS_PER_WINDOW_MAX = 60;
const JOIN_WINDOW_MS = 10_000;
/** Sessions also end by time, or by somebody on the host. */
const RECHECK_MS = 5000;

export interface LiveHub {
  /** The engine has committed something. */
  wake(): void;
  close(): Promise<void>;
}

export interface LiveHubDeps {
  readonly sources: Sources;
  readonly sessions: Sessions;
  readonly metrics: LiveMetrics;
  readonly log: Logger;
  /** The address people type, when it is not the one that arrives here. */
  readonly publicUrl: string | undefined;
}

interface Member {
  readonly socket: Socket;
  readonly tokenSha256: string;
  readonly user: string;
  /** Rooms it joined; a number is the last diff before it was set aside for being slow. */
  readonly rooms: Map<string, number | null>;
  joins: number;
  joinWindowMs: number;
}

export function startLiveHub(server: HttpServer, deps: LiveHubDeps): LiveHub {
  const { sessions, sources, metrics, log } = deps;
  const io = new Server(server, {
    serveClient: false,
    maxHttpBufferSize: MESSAGE_BYTES_MAX,
    connectTimeout: CONNECT_TIMEOUT_MS,
    allowRequest: (request, answer) => {
      answer(null, isOurPage(request, deps.publicUrl) && sessions.accountOf(request.headers.cookie) !== undefined);
    },
  });
  const members = new Map<string, Member>();
  const rooms: Rooms = createRooms({
    sources,
    log,
    send: (diff) => {
      sendDiff(io, members, diff, metrics);
    },
    onPulse: () => {
      for (const member of members.values()) bringBack(member, rooms);
      count();
    },
  });

  function count(): void {
    metrics.sockets.set(members.size);
    metrics.rooms.set(rooms.count());
    metrics.members.set([...members.values()].reduce((sum, member) => sum + member.rooms.size, 0));
  }

  function recount(names: Iterable<string>): void {
    for (const name of names) {
      rooms.countMembers(name, [...members.values()].filter((member) => member.rooms.has(name)).length);
    }
    count();
  }

  function join(member: Member, raw: unknown): JoinAnswer {
    const parsed = joinRequest.safeParse(raw);
    if (!parsed.success) return refusal('LIV_BAD_REQUEST', 'The request to join does not fit.');
    const { room } = parsed.data;
    const name = roomName(room);
    if (isTooMuch(member, name, sources.clock.uptimeMs())) {
      return refusal('LIV_TOO_MANY', 'Too many rooms, or too often.');
    }
    const account = sessions.accountOfHash(member.tokenSha256);
    if (account === undefined || !mayEnter(account, room)) {
      return refusal('LIV_FORBIDDEN', 'This account may not listen here.');
    }
    const answer = rooms.join(parsed.data);
    if (answer === undefined) return refusal('LIV_NOT_FOUND', 'There is no such room.');
    member.rooms.set(name, null);
    void member.socket.join(name);
    recount([name]);
    return answer;
  }

  io.on('connection', (socket) => {
    const account = sessions.accountOf(socket.request.headers.cookie);
    if (account === undefined || account.mustChangePassword) {
      socket.disconnect(true);
      return;
    }
    const { tokenSha256, name: user } = account;
    const member: Member = { socket, tokenSha256, user, rooms: new Map(), joins: 0, joinWindowMs: 0 };
    members.set(socket.id, member);
    count();
    socket.on('join', (raw: unknown, answer: unknown) => {
      if (typeof answer === 'function')
        (answer as (value: JoinAnswer) => void)(joinSafely(() => join(member, raw), log));
    });
    socket.on('leave', (raw: unknown) => {
      const parsed = roomSchema.safeParse((raw as { room?: unknown } | null | undefined)?.room);
      if (!parsed.success) return;
      const name = roomName(parsed.data);
      member.rooms.delete(name);
      void socket.leave(name);
      recount([name]);
    });
    socket.on('disconnect', () => {
      members.delete(socket.id);
      recount(member.rooms.keys());
    });
  });

  const recheck = setInterval(() => {
    for (const { socket, tokenSha256 } of members.values()) {
      if (sessions.accountOfHash(tokenSha256) === undefined) socket.disconnect(true);
    }
  }, RECHECK_MS);
  const stopListening = sessions.onEnded((ended) => {
    for (const member of [...members.values()]) if (isEnded(member, ended)) member.socket.disconnect(true);
  });

  return {
    wake: () => {
      rooms.wake();
    },
    async close() {
      clearInterval(recheck);
      stopListening();
      rooms.close();
      await io.close();
    },
  };
}

function sendDiff(io: Server, members: ReadonlyMap<string, Member>, diff: Diff, metrics: LiveMetrics): void {
  for (const member of members.values()) {
    if (member.rooms.get(diff.room) !== null || waitingPackets(member.socket) <= WAITING_PACKETS_MAX) continue;
    member.rooms.set(diff.room, diff.seq - 1);
    void member.socket.leave(diff.room);
    metrics.setAside.inc();
  }
  metrics.diffs.inc();
  // One encoding for all members of the room.
  io.to(diff.room).emit('diff', diff);
}

/**
 * A connection that has caught up comes back. It missed diffs, and so that it asks for them (and gets those or a snapshot,
 * whichever is less), it is shown the gap: an empty diff with today's number, or the very one it missed.
 */
function bringBack(member: Member, rooms: Rooms): void {
  for (const [name, lastSeq] of member.rooms) {
    const log = rooms.log(name);
    if (lastSeq === null || log === undefined || waitingPackets(member.socket) > 0) continue;
    member.rooms.set(name, null);
    void member.socket.join(name);
    const newest = log.diff(log.seq());
    if (newest === undefined || log.seq() === lastSeq) continue;
    member.socket.emit('diff', log.seq() === lastSeq + 1 ? newest : { ...newest, rows: [] });
  }
}

/** engine.io keeps what the transport could not take yet here; socket.io has no question for it. */
function waitingPackets(socket: Socket): number {
  return (socket.conn as unknown as { readonly writeBuffer: readonly unknown[] }).writeBuffer.length;
}

function isTooMuch(member: Member, name: string, nowMs: number): boolean {
  if (nowMs - member.joinWindowMs > JOIN_WINDOW_MS) {
    member.joinWindowMs = nowMs;
    member.joins = 0;
  }
  member.joins += 1;
  const isOneTooMany = !member.rooms.has(name) && member.rooms.size >= ROOMS_PER_SOCKET_MAX;
  return isOneTooMany || member.joins > JOINS_PER_WINDOW_MAX;
}

const STAFF_ROOMS: ReadonlySet<Room['kind']> = new Set(['work-list', 'gates', 'sweeps', 'sweep', 'find']);

function mayEnter(account: Account, room: Room): boolean {
  try {
    checkRights(account, STAFF_ROOMS.has(room.kind) ? STAFF : EVERYONE, room.library);
    return true;
  } catch (error: unknown) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

function joinSafely(join: () => JoinAnswer, log: Logger): JoinAnswer {
  try {
    return join();
  } catch (error: unknown) {
    log.warn({ err: error }, 'join failed');
    const code = error instanceof AppError ? error.code : 'API_INTERNAL';
    return refusal(code, 'Not available now.');
  }
}

function refusal(code: ErrorCode, detail: string): JoinAnswer {
  return { ok: false, code, detail };
}

function isEnded(member: Member, ended: SessionsEnded): boolean {
  if ('tokenSha256' in ended) return member.tokenSha256 === ended.tokenSha256;
  return member.user === ended.user && member.tokenSha256 !== ended.exceptTokenSha256;
}

/** A page of another site must not listen with the cookie of whoever looks at it; programs send no origin. */
function isOurPage(request: IncomingMessage, publicUrl: string | undefined): boolean {
  const { origin } = request.headers;
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host } = new URL(origin);
  return host === request.headers.host || (publicUrl !== undefined && host === new URL(publicUrl).host);
}
