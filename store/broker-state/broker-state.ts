/**
 * What the broker knows that is no event: each gateway's last status, when each device was last heard, what was refused.
 * Written by the broker, read by the Devices screen.
 */
import type { ReplyObservation } from '#contract/wire/observation.ts';
import type { GatewayStatus } from '#contract/wire/status.ts';

export interface Refusal {
  readonly atMs: number;
  readonly code: string;
  readonly detail: string;
  readonly library: string | null;
  /** User name as given, cut to 64 characters; `null` before CONNECT. */
  readonly client: string | null;
  readonly address: string;
  readonly topic: string | null;
}

export interface HeardRow {
  readonly library: string;
  readonly device: string;
  readonly lastHeardMs: number;
  readonly isConnected: boolean;
  readonly status: GatewayStatus | null;
}

export type CommandReply = Pick<ReplyObservation, 'outcome' | 'code' | 'detail' | 'result' | 'at'>;

/** How far a command came. */
export interface CommandProgress {
  readonly sentCount: number;
  readonly sentMs: number | null;
  /** The first answer; `null` before it. */
  readonly reply: CommandReply | null;
  readonly receivedMs: number | null;
}

export interface BrokerStateReader {
  heard(library: string): readonly HeardRow[];
  /** Newest first; those of no library too, since a wrong name has none. */
  refusals(library: string, limit: number): readonly Refusal[];
  /** By command id; those never sent are not in it. */
  commands(library: string, ids: readonly string[]): ReadonlyMap<string, CommandProgress>;
  /** The broker writes this every second: how a screen sees that it is down. */
  beat(): { readonly atMs: number; readonly journalOffset: number } | undefined;
  close(): void;
}

export interface BrokerStateWriter extends BrokerStateReader {
  putHeard(rows: readonly HeardRow[]): void;
  /** Bounded: the oldest beyond 1,000 are dropped. */
  addRefusals(rows: readonly Refusal[]): void;
  putSent(library: string, id: string, atMs: number): void;
  /** Keeps the first answer; true when this was it. Bounded: the oldest commands beyond 20,000 are dropped. */
  putReply(library: string, id: string, reply: CommandReply, receivedMs: number): boolean;
  putBeat(atMs: number, journalOffset: number): void;
}
