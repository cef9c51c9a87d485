/**
 * Tells a gateway why something of it was refused, on its topic `notices` at QoS 0. A hint: a gateway that does not listen,
 * or cannot keep up, misses it and nothing depends on it.
 */
import type { Notice } from '#contract/wire/status.ts';
import type { GatewayPrincipal, Principal } from './access/principal.ts';
import type { BrokerMetrics } from './metrics.ts';

/** A burst explains a start-up; after that one a second says enough, since refusals repeat themselves. */
const BURST_MAX = 5;
const PER_SECOND = 1;

export interface Notices {
  /** Calls `sent` when it is on its way, or at once when it is not sent. */
  tell(principal: Principal, notice: Notice, sent?: () => void): void;
}

export interface NoticeDeps {
  readonly uptimeMs: () => number;
  readonly metrics: BrokerMetrics;
  readonly publish: (gateway: GatewayPrincipal, payload: string, sent: () => void) => void;
}

export function createNotices({ uptimeMs, metrics, publish }: NoticeDeps): Notices {
  // Weak: the budget of a gateway goes with its connection.
  const budgets = new WeakMap<Principal, { tokens: number; atMs: number }>();

  const takeToken = (principal: Principal): boolean => {
    const nowMs = uptimeMs();
    const budget = budgets.get(principal) ?? { tokens: BURST_MAX, atMs: nowMs };
    budgets.set(principal, budget);
    budget.tokens = Math.min(BURST_MAX, budget.tokens + ((nowMs - budget.atMs) / 1000) * PER_SECOND);
    budget.atMs = nowMs;
    if (budget.tokens < 1) return false;
    budget.tokens -= 1;
    return true;
  };

  return {
    tell: (principal, notice, sent = () => undefined) => {
      if (principal.kind !== 'gateway') {
        sent();
        return;
      }
      const isAllowed = takeToken(principal);
      metrics.notices.inc({ outcome: isAllowed ? 'sent' : 'suppressed' });
      if (isAllowed) publish(principal, JSON.stringify(notice), sent);
      else sent();
    },
  };
}
