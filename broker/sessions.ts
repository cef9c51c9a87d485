/** Which connection belongs to whom. */
import type { Client } from 'aedes';
import type { Principal } from './access/principal.ts';

export interface Sessions {
  begin(client: Client, principal: Principal): void;
  of(client: Client): Principal | undefined;
  /** False for a connection that the same device has taken over from elsewhere. */
  isNewest(client: Client, principal: Principal): boolean;
  newestOf(principal: Principal): Client | undefined;
  /** Whose it was, if nobody took it over: that device is now gone. */
  end(client: Client): Principal | undefined;
  all(): readonly (readonly [Client, Principal])[];
  count(): number;
}

export function createSessions(): Sessions {
  const principals = new Map<Client, Principal>();
  const newest = new Map<string, Client>();

  return {
    begin: (client, principal) => {
      principals.set(client, principal);
      newest.set(principal.name, client);
    },
    of: (client) => principals.get(client),
    isNewest: (client, principal) => newest.get(principal.name) === client,
    newestOf: (principal) => newest.get(principal.name),
    end: (client) => {
      const principal = principals.get(client);
      principals.delete(client);
      if (principal === undefined || newest.get(principal.name) !== client) return undefined;
      newest.delete(principal.name);
      return principal;
    },
    all: () => [...principals],
    count: () => principals.size,
  };
}
