/**
 * Ends the connections of devices that were removed, disabled or given another secret. A third of all connections is
 * looked at each second, so that none outlives its right by more than about three seconds and 5,000 cost 20 ms a second.
 */
import type { DeviceDirectory } from './device-directory.ts';
import type { Principal } from './principal.ts';

const ROUND_STEPS = 3;

export interface Revocation {
  /** One step; call it once a second. */
  step(): void;
}

export interface RevocationDeps<Client> {
  readonly directory: DeviceDirectory;
  readonly connected: () => readonly (readonly [Client, Principal])[];
  readonly disconnect: (client: Client, principal: Principal) => void;
}

export function createRevocation<Client>({ directory, connected, disconnect }: RevocationDeps<Client>): Revocation {
  let stepNumber = 0;

  return {
    step: () => {
      stepNumber += 1;
      const due = connected().filter((_, index) => index % ROUND_STEPS === stepNumber % ROUND_STEPS);
      for (const [client, principal] of due) {
        const found = directory.ask((registry) => registry.device(principal.library, principal.device));
        // Without a registry nobody new gets in; who is in stays, or a file being restored would end every gateway.
        if (found === undefined) return;
        const row = found.answer;
        const isRightful =
          row?.isEnabled === true && row.secretSha256 === principal.secretSha256 && row.kind === principal.kind;
        if (!isRightful) disconnect(client, principal);
      }
    },
  };
}
