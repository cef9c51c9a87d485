/**
 * What the broker knows that is no event: each gateway's last status, when each device was last heard, what was refused.
 * Written by the broker, read by the Devices screen.
 */
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

export interface BrokerStateReader {
  heard(library: string): readonly HeardRow[];
  /** Newest first; those of no library too, since a wrong name has none. */
  refusals(library: string, limit: number): readonly Refusal[];
  /** The broker writes this every second: how a screen sees that it is down. */
  beat(): { readonly atMs: number; readonly journalOffset: number } | undefined;
  close(): void;
}

export interface BrokerStateWriter extends BrokerStateReader {
  putHeard(rows: readonly HeardRow[]): void;
  /** Bounded: the oldest beyond 1,000 are dropped. */
  addRefusals(rows: readonly Refusal[]): void;
  putBeat(atMs: number, journalOffset: number): void;
}
