/** When each device was last heard and what its gateway last said, written at most once a second for the Devices screen. */
import type { GatewayStatus } from '#contract/wire/status.ts';
import type { BrokerStateWriter, HeardRow } from '#store/broker-state/broker-state.ts';
import type { Principal } from './access/principal.ts';

export interface Heard {
  connected(principal: Principal, atMs: number): void;
  disconnected(principal: Principal): void;
  message(principal: Principal, atMs: number): void;
  status(principal: Principal, status: GatewayStatus, atMs: number): void;
  /** The broker's time minus this gateway's at its last live status. */
  offsetMs(principal: Principal): number | undefined;
  /** What it last said of itself; `null` before that. */
  statusOf(principal: Principal): GatewayStatus | null;
  flush(): void;
}

interface Entry {
  row: { -readonly [Key in keyof HeardRow]: HeardRow[Key] };
  offsetMs: number | undefined;
  isChanged: boolean;
}

export function createHeard(state: BrokerStateWriter): Heard {
  const entries = new Map<string, Entry>();
  let changed: Entry[] = [];

  const entryOf = (principal: Principal): Entry => {
    const known = entries.get(principal.name);
    if (known !== undefined) return known;
    const { library, device } = principal;
    const kept = state.heard(library).find((row) => row.device === device);
    const row = kept ?? { library, device, lastHeardMs: 0, isConnected: false, status: null };
    const entry: Entry = { row: { ...row }, offsetMs: undefined, isChanged: false };
    entries.set(principal.name, entry);
    return entry;
  };
  const touch = (principal: Principal, change: (entry: Entry) => void): void => {
    const entry = entryOf(principal);
    change(entry);
    if (entry.isChanged) return;
    entry.isChanged = true;
    changed.push(entry);
  };

  return {
    connected: (principal, atMs) => {
      touch(principal, ({ row }) => {
        row.isConnected = true;
        row.lastHeardMs = atMs;
      });
    },
    disconnected: (principal) => {
      touch(principal, ({ row }) => {
        row.isConnected = false;
      });
    },
    message: (principal, atMs) => {
      touch(principal, ({ row }) => {
        row.lastHeardMs = atMs;
      });
    },
    status: (principal, status, atMs) => {
      touch(principal, (entry) => {
        entry.row.status = status;
        // A last will was written when the gateway connected: its time tells nothing about now.
        if (status.state === 'online') {
          entry.row.lastHeardMs = atMs;
          entry.offsetMs = atMs - Date.parse(status.at);
        }
      });
    },
    offsetMs: (principal) => entries.get(principal.name)?.offsetMs,
    statusOf: (principal) => entries.get(principal.name)?.row.status ?? null,
    flush: () => {
      if (changed.length === 0) return;
      const due = changed;
      changed = [];
      for (const entry of due) entry.isChanged = false;
      state.putHeard(due.map(({ row }) => ({ ...row })));
    },
  };
}

/** A broker that starts has no connections, whatever the file of the last one says. */
export function forgetConnections(state: BrokerStateWriter, libraries: readonly string[]): void {
  const stale = libraries.flatMap((library) => state.heard(library).filter((row) => row.isConnected));
  if (stale.length > 0) state.putHeard(stale.map((row) => ({ ...row, isConnected: false })));
}
