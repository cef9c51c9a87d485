/**
 * Tells gateways what they should be set to: at each subscription, after each change, and again until their status names
 * the same version. Today that is the library's tag profile.
 */
import type { Clock } from '#contract/clock.ts';
import type { TagProfile } from '#contract/domain/tag-profile.ts';
import type { DesiredConfig } from '#contract/wire/commands.ts';
import type { GatewayStatus } from '#contract/wire/status.ts';
import type { DeviceDirectory } from './access/device-directory.ts';
import type { GatewayPrincipal } from './access/principal.ts';
import type { CommandPorts } from './commands.ts';

/** A gateway tells its status within a second of applying; one that cannot apply is not asked every second for ever. */
const RESEND_MS = 15_000;

export interface GatewayConfigs {
  /** Call it once a second. */
  step(): void;
  listening(gateway: GatewayPrincipal): void;
}

export interface GatewayConfigDeps {
  readonly directory: DeviceDirectory;
  readonly clock: Clock;
  readonly ports: CommandPorts;
  /** What the gateway last said of itself. */
  readonly statusOf: (gateway: GatewayPrincipal) => GatewayStatus | null;
}

export function createGatewayConfigs({ directory, clock, ports, statusOf }: GatewayConfigDeps): GatewayConfigs {
  /** Weak: a new connection is told anew. */
  const told = new WeakMap<GatewayPrincipal, { readonly version: number; readonly uptimeMs: number }>();

  const tell = (gateway: GatewayPrincipal, tagProfile: TagProfile): void => {
    const config: DesiredConfig = { tagProfile };
    ports.publish(gateway.config, JSON.stringify(config));
    told.set(gateway, { version: tagProfile.version, uptimeMs: clock.uptimeMs() });
  };
  const profileOf = (library: string): TagProfile | undefined =>
    directory.ask((registry) => registry.tagProfile(library))?.answer;

  return {
    step() {
      const profiles = new Map<string, TagProfile | undefined>();
      for (const gateway of ports.gateways()) {
        const { library } = gateway;
        if (!profiles.has(library)) profiles.set(library, profileOf(library));
        const profile = profiles.get(library);
        const last = told.get(gateway);
        // Before its first subscription nobody would hear it.
        if (profile === undefined || last === undefined) continue;
        const isApplied = statusOf(gateway)?.applied?.tagProfile === profile.version;
        const isOld = last.version !== profile.version;
        if (isOld || (!isApplied && clock.uptimeMs() - last.uptimeMs >= RESEND_MS)) tell(gateway, profile);
      }
    },
    listening(gateway) {
      const profile = profileOf(gateway.library);
      if (profile !== undefined) tell(gateway, profile);
      else told.set(gateway, { version: 0, uptimeMs: clock.uptimeMs() });
    },
  };
}
