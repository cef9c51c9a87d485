/** Our rules in the places where aedes asks for them. */
import type { AedesOptions, AuthenticateError, Client, PublishPacket } from 'aedes';
import type { Clock } from '#contract/clock.ts';
import type { Result } from '#contract/result.ts';
import type { Principal } from './access/principal.ts';
import { maySubscribe, publishRight, type Published } from './access/rights.ts';
import type { ConnackCode, SignInRefusal, SignInRequest } from './access/sign-in.ts';
import { GuardedConnection } from './guard/guarded-connection.ts';
import type { Intake } from './intake/intake.ts';
import type { BrokerMetrics } from './metrics.ts';
import type { Notices } from './notices.ts';
import { REFUSALS, type RefusalCode, type Refusals } from './refusals.ts';
import type { Sessions } from './sessions.ts';

/** Ends a hook; recorded where it is made, so not again where aedes reports it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly returnCode: AuthenticateError['returnCode'];

  constructor(code: RefusalCode, connack: ConnackCode = 5) {
    super(REFUSALS[code]);
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- aedes' enum has no values at run time
    this.returnCode = connack;
  }
}

export interface HookDeps {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly metrics: BrokerMetrics;
  readonly intake: Intake;
  readonly refusals: Refusals;
  readonly notices: Notices;
  readonly signIn: (request: SignInRequest) => Result<Principal, SignInRefusal>;
}

export function signInHooks({
  sessions,
  refusals,
  signIn,
}: HookDeps): Required<Pick<AedesOptions, 'preConnect' | 'authenticate'>> {
  const wills = new WeakMap<Client, Published>();

  return {
    preConnect: (client, packet, callback) => {
      packet.clean = true;
      connectionOf(client).name = packet.username;
      const { will } = packet;
      if (will !== undefined) {
        wills.set(client, { topic: will.topic, qos: will.qos ?? 0, retain: will.retain ?? false });
      }
      callback(null, true);
    },

    authenticate: (client, username, password, callback) => {
      const { address } = connectionOf(client);
      const signedIn = signIn({ address, clientId: client.id, username, password, will: wills.get(client) });
      if (signedIn.ok) {
        sessions.begin(client, signedIn.value);
        callback(null, true);
        return;
      }
      const { code, connack } = signedIn.error;
      refusals.add({ code, address, name: username });
      callback(new Refused(code, connack), false);
    },
  };
}

/** The only hook that can hold a PUBACK back: the journal commits before `callback` is called. */
export function publishHook(deps: HookDeps): Required<AedesOptions>['authorizePublish'] {
  const { sessions, metrics, intake } = deps;
  const drop = (callback: (error: Error) => void, code: RefusalCode): void => {
    metrics.outcomes.refused += 1;
    callback(new Refused(code));
  };

  return (client, packet, callback) => {
    metrics.tally.messagesIn += 1;
    const payload = bytesOf(packet);
    metrics.tally.bytesIn += payload.length;
    // Aedes calls without a client for wills left behind by another broker: there is none.
    const principal = client === null ? undefined : sessions.of(client);
    if (client === null || principal === undefined) {
      drop(callback, 'topic-forbidden');
      return;
    }
    // A closed client publishes nothing but its will, and that of one that was taken over says nothing any more.
    if (client.closed && !sessions.isNewest(client, principal)) {
      drop(callback, 'will-refused');
      return;
    }
    const { topic } = packet;
    const right = publishRight(principal, packet);
    if (!right.ok) {
      refusePublish(deps, { principal, topic, code: right.error }, () => {
        drop(callback, right.error);
      });
      return;
    }
    // Nobody may read it back, so nothing is kept.
    packet.retain = false;
    intake.take({ principal, right: right.value, topic, payload }, (outcome) => {
      callback(outcome === 'kept' ? null : new Refused('journal-unavailable'));
    });
  };
}

/** The connection ends with the answer, so the notice goes first or it never arrives. */
function refusePublish(
  { refusals, notices, clock }: HookDeps,
  { principal, topic, code }: { readonly principal: Principal; readonly topic: string; readonly code: RefusalCode },
  sent: () => void,
): void {
  refusals.add({ code, address: principal.address, principal, topic });
  const at = new Date(clock.nowMs()).toISOString();
  notices.tell(principal, { at, code, detail: REFUSALS[code], topic: topic.slice(0, 256) }, sent);
}

export function subscribeHooks({
  sessions,
  refusals,
}: HookDeps): Required<Pick<AedesOptions, 'authorizeSubscribe' | 'authorizeForward'>> {
  return {
    authorizeSubscribe: (client, subscription, callback) => {
      const principal = sessions.of(client);
      const { topic } = subscription;
      const isAllowed = principal !== undefined && maySubscribe(principal, topic);
      if (!isAllowed)
        refusals.add({ code: 'filter-forbidden', address: connectionOf(client).address, principal, topic });
      callback(null, isAllowed ? subscription : null);
    },

    // Asked again for each message: a right may have gone since the subscription.
    authorizeForward: (client, packet) => {
      const principal = sessions.of(client);
      return principal !== undefined && maySubscribe(principal, packet.topic) ? packet : null;
    },
  };
}

/** Every connection comes through the guard. */
export function connectionOf(client: Client): GuardedConnection {
  if (client.conn instanceof GuardedConnection) return client.conn;
  throw new TypeError('a connection went round the guard');
}

const encoder = new TextEncoder();

function bytesOf(packet: PublishPacket): Uint8Array {
  return typeof packet.payload === 'string' ? encoder.encode(packet.payload) : packet.payload;
}
